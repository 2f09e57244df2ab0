"""Views of the queue: which tickets a worker wants to see, in which order, and how many there are of each kind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, func, or_, select, text

from storage.tags import TicketTag
from storage.tickets import LIVE, QueueRow, Status, Ticket, rows_of, within
from storage.transaction import Transaction


class Order(StrEnum):
    """What comes first: who waits longest (urgent ones before all), what is about to break a standard, the newest."""

    wait = "wait"
    standard = "standard"
    newest = "newest"


class Whose(StrEnum):
    """Tickets of whoever: anybody, nobody, or the worker who looks."""

    anybody = "anybody"
    nobody = "nobody"
    mine = "mine"


@dataclass(frozen=True, slots=True)
class View:
    """Tickets that fit all of this; an empty field means any. `numbers`: these tickets alone. `due_before`: the standard falls due by then.

    `whose` is read with the id of the worker who looks; `assignee_id` is a certain colleague.
    """

    states: tuple[Status, ...] = LIVE
    order: Order = Order.wait
    whose: Whose = Whose.anybody
    assignee_id: int | None = None
    communities: tuple[str, ...] = ()
    grids: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    urgent: bool = False
    due_before: datetime | None = None
    numbers: tuple[int, ...] = field(default=())


#: What a view can be narrowed by, with the column that says it.
FACETS: dict[str, SQLColumnExpression[Any]] = {
    "community": Ticket.community_id,
    "grid": Ticket.grid_id,
    "topic": Ticket.topic,
    "language": Ticket.locale,
    "assignee": Ticket.assignee_id,
}


async def tickets(
    tx: Transaction, view: View, *, worker_id: int, communities: Collection[str] | None, limit: int = 50, offset: int = 0
) -> list[QueueRow]:
    """The tickets of a view in its order. `communities`: those that the worker may see, None for all."""
    query = select(Ticket).where(*_fits(view, worker_id, communities)).order_by(*_order(view)).limit(limit).offset(offset)
    return await rows_of(tx, (await tx.session.scalars(query)).all())


async def count(tx: Transaction, view: View, *, worker_id: int, communities: Collection[str] | None) -> int:
    """How many tickets a view holds."""
    return await tx.session.scalar(select(func.count(Ticket.id)).where(*_fits(view, worker_id, communities))) or 0


async def facets(
    tx: Transaction, view: View, *, worker_id: int, communities: Collection[str] | None
) -> dict[str, dict[str | int | None, int]]:
    """How many tickets of a view stand for each value by which it can be narrowed, the most frequent first."""
    counted: dict[str, dict[str | int | None, int]] = {}
    for name, by in FACETS.items():
        n = func.count(Ticket.id)
        query = select(by, n).where(*_fits(view, worker_id, communities)).group_by(by).order_by(n.desc(), by)
        counted[name] = {row[0]: row[1] for row in (await tx.session.execute(query)).all()}
    return counted


async def ids(tx: Transaction, view: View, *, worker_id: int, communities: Collection[str] | None, limit: int) -> Sequence[int]:
    """The ids of the tickets of a view, in its order."""
    query: Select[int] = select(Ticket.id).where(*_fits(view, worker_id, communities)).order_by(*_order(view)).limit(limit)
    return (await tx.session.scalars(query)).all()


def _order(view: View) -> tuple[SQLColumnExpression[Any], ...]:
    if set(view.states) == {Status.closed}:
        return Ticket.closed_at.desc(), Ticket.id.desc()
    if view.order is Order.newest:
        return Ticket.opened_at.desc(), Ticket.id.desc()
    if view.order is Order.standard:
        return Ticket.due_at.is_(None), Ticket.due_at, Ticket.id
    return Ticket.urgency.is_(None), Ticket.waiting_since.is_(None), Ticket.waiting_since, Ticket.opened_at, Ticket.id


def _fits(view: View, worker_id: int, communities: Collection[str] | None) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = [*within(communities)]
    if view.numbers:
        which.append(Ticket.number.in_(view.numbers))
    else:
        which.append(Ticket.status.in_(view.states))
        if Status.closed not in view.states:
            which.append(text("tickets.status != 'closed'"))  # type: ignore[arg-type]  # in SQL, for the partial index
    if view.whose is not Whose.anybody:
        which.append(Ticket.assignee_id == worker_id if view.whose is Whose.mine else Ticket.assignee_id.is_(None))
    if view.assignee_id is not None:
        which.append(Ticket.assignee_id == view.assignee_id)
    for asked, column in (
        (view.communities, Ticket.community_id),
        (view.grids, Ticket.grid_id),
        (view.topics, Ticket.topic),
        (view.outcomes, Ticket.outcome),
    ):
        if asked:
            which.append(column.in_(asked))
    if view.languages:
        which.append(or_(*(Ticket.locale == one if one != "zh" else Ticket.locale.startswith("zh") for one in view.languages)))
    which += [exists().where(TicketTag.ticket_id == Ticket.id, TicketTag.tag == tag) for tag in view.tags]
    if view.urgent:
        which.append(Ticket.urgency.is_not(None))
    if view.due_before is not None:
        which.append(Ticket.due_at <= view.due_before)
    return which
