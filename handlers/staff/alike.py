"""Open tickets that ask the same, folded into one line of the queue: by meaning where an encoder is there, else by letters."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from faq.grouping import groups
from handlers.desk import Desk
from handlers.staff.rights import communities_of, ticket_for, worker_of
from storage import views
from storage.tickets import LIVE, QueueRow
from storage.views import View

#: Mean cosine from which questions count as the same: by meaning, and by letters alone (which say less, so more is asked).
SAME_MEANING = 0.72
SAME_LETTERS = 0.6
#: How many tickets are compared with one another at once.
MOST = 300
#: Characters of a question that are compared.
READ = 400


@dataclass(frozen=True, slots=True)
class Fold:
    """Tickets that ask the same, in the order of the queue; the first stands for all."""

    rows: tuple[QueueRow, ...]


async def fold(desk: Desk, rows: Sequence[QueueRow]) -> list[Fold]:
    """The rows of a list, those that ask the same behind the first of them. Urgent tickets always stand alone."""
    calm = [row for row in rows[:MOST] if row.ticket.urgency is None and row.ticket.question.strip()]
    together: dict[int, int] = {}
    if len(calm) > 1:
        for places in await asyncio.to_thread(_groups, desk, tuple(row.ticket.question[:READ] for row in calm)):
            first = min(places)
            together |= {calm[place].ticket.id: calm[first].ticket.id for place in places}
    folds: dict[int, list[QueueRow]] = {}
    for row in rows:
        folds.setdefault(together.get(row.ticket.id, row.ticket.id), []).append(row)
    return [Fold(tuple(same)) for same in folds.values()]


async def like(desk: Desk, worker_id: int, ticket_id: int) -> list[QueueRow]:
    """The other open tickets that ask the same as this one and that the worker may see."""
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        rows = await views.tickets(
            tx, View(states=LIVE), worker_id=worker_id, communities=await communities_of(tx, worker), limit=MOST
        )  # fmt: skip
    same = next((one.rows for one in await fold(desk, rows) if any(row.ticket.id == ticket.id for row in one.rows)), ())
    return [row for row in same if row.ticket.id != ticket_id]


def _groups(desk: Desk, texts: Sequence[str]) -> list[list[int]]:
    rows, meaning = desk.faq.vectors(texts)
    return groups(rows, SAME_MEANING if meaning else SAME_LETTERS)
