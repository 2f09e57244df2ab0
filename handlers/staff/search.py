"""Search over everything that was said on tickets, under the worker's rights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.desk import Desk
from handlers.staff.rights import communities_of, worker_of
from handlers.tidy import clean
from storage import audit, search, tickets
from storage.conversations import Utterance
from storage.tickets import QueueRow

#: How many tickets stand on a page, and how many characters of a query are read.
PAGE = 30
LONGEST = 100


@dataclass(frozen=True, slots=True)
class Found:
    """Tickets, newest words first, and by ticket id the turn in which all of the query was said (none where its number was asked for)."""

    rows: Sequence[QueueRow]
    said: Mapping[int, Utterance]
    more: bool


async def find(desk: Desk, worker_id: int, query: str, *, offset: int = 0) -> Found:
    """Tickets in which this was said, or of that number or alias. Each that is shown with words is recorded as searched."""
    words = clean(query)[:LONGEST]
    async with desk.storage.reading() as tx:
        mine = await communities_of(tx, await worker_of(tx, worker_id))
        hits = await search.tickets(tx, words, communities=mine, limit=PAGE + 1, offset=offset)
        rows = await tickets.rows_of(tx, [ticket for ticket, _said in hits[:PAGE]])
    found = Found(rows, {ticket.id: said for ticket, said in hits[:PAGE] if said is not None}, len(hits) > PAGE)
    if found.said:
        async with desk.storage.transaction() as tx:
            for ticket_id in found.said:
                await audit.record(tx, "searched", f"ticket:{ticket_id}", worker_id=worker_id, now=desk.now())
    return found
