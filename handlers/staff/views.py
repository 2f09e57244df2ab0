"""The queue as a worker wants to see it: filtered, ordered, counted, and saved under a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from handlers.desk import Desk
from handlers.errors import EmptyMessage
from handlers.staff.rights import communities_of, worker_of
from handlers.tidy import clean
from storage import filters, tags, views
from storage.filters import SavedFilter
from storage.tickets import QueueRow, Status
from storage.views import Order, View, Whose

__all__ = [
    "BUILT_IN",
    "LONGEST_NAME",
    "PAGE",
    "Listing",
    "Order",
    "View",
    "Whose",
    "facets",
    "forget",
    "from_json",
    "listed",
    "save",
    "saved",
    "soon",
    "to_json",
]

#: How many tickets stand on a page.
PAGE = 50
#: Characters of the name of a saved view.
LONGEST_NAME = 40
#: Views that everybody has, by name: mine to answer, what nobody has, what waits for the residents, what lies aside, what is closed.
BUILT_IN: Mapping[str, View] = {
    "answer": View(states=(Status.open, Status.assigned)),
    "mine": View(states=(Status.open, Status.assigned), whose=Whose.mine),
    "nobodys": View(states=(Status.open,), whose=Whose.nobody),
    "standard": View(states=(Status.open, Status.assigned), order=Order.standard),
    "waiting": View(states=(Status.waiting,)),
    "aside": View(states=(Status.snoozed,)),
    "closed": View(states=(Status.closed,)),
}
_view = TypeAdapter(View)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a view: its tickets, their tags by ticket id, and how many tickets the whole view holds."""

    rows: Sequence[QueueRow]
    tags: Mapping[int, Sequence[str]]
    total: int


async def listed(desk: Desk, worker_id: int, view: View, *, limit: int = PAGE, offset: int = 0) -> Listing:
    """The tickets of a view that this worker may see."""
    async with desk.storage.reading() as tx:
        mine = await communities_of(tx, await worker_of(tx, worker_id))
        rows = await views.tickets(tx, view, worker_id=worker_id, communities=mine, limit=limit, offset=offset)
        total = len(rows) if not offset and len(rows) < limit else await views.count(tx, view, worker_id=worker_id, communities=mine)
        return Listing(rows, await tags.of_tickets(tx, [row.ticket.id for row in rows]), total)


async def facets(desk: Desk, worker_id: int, view: View) -> dict[str, dict[str | int | None, int]]:
    """By what the view can be narrowed (`community`, `grid`, `topic`, `language`, `assignee`), with how many tickets each would leave."""
    async with desk.storage.reading() as tx:
        mine = await communities_of(tx, await worker_of(tx, worker_id))
        return await views.facets(tx, view, worker_id=worker_id, communities=mine)


def soon(desk: Desk, within: timedelta | None = None) -> View:
    """What breaks a standard within that time (of the clock), the first first; by default what reminders are about."""
    before = desk.now() + (within if within is not None else desk.policy.remind_before)
    return View(states=(Status.open, Status.assigned), order=Order.standard, due_before=before)


def to_json(view: View) -> dict[str, Any]:
    """A view as plain values, without what is as usual; for an address or for keeping."""
    full: dict[str, Any] = _view.dump_python(view, mode="json")
    usual: dict[str, Any] = _view.dump_python(View(), mode="json")
    return {name: value for name, value in full.items() if value != usual[name]}


def from_json(values: Mapping[str, Any]) -> View:
    """The view that `to_json` wrote; what cannot be read is left out, because addresses are typed and shared."""
    known: dict[str, Any] = {}
    for name, value in values.items():
        try:
            _view.validate_python({name: value}, extra="forbid")
        except ValidationError:
            continue
        known[name] = value
    return _view.validate_python(known)


async def save(desk: Desk, worker_id: int, name: str, view: View) -> SavedFilter:
    """Keep a view under a name of the worker's own; one of that name is replaced."""
    words = clean(name)[:LONGEST_NAME]
    if not words:
        raise EmptyMessage
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        return await filters.save(tx, worker.id, words, to_json(view), desk.now())


async def saved(desk: Desk, worker_id: int) -> list[tuple[SavedFilter, View]]:
    """The worker's own views by name."""
    async with desk.storage.reading() as tx:
        await worker_of(tx, worker_id)
        return [(one, from_json(one.view)) for one in await filters.of_worker(tx, worker_id)]


async def forget(desk: Desk, worker_id: int, filter_id: int) -> None:
    """A saved view goes; no error when it is not the worker's own."""
    async with desk.storage.transaction() as tx:
        await filters.forget(tx, (await worker_of(tx, worker_id)).id, filter_id)
