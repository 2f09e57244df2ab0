"""The queue in the piles that a worker thinks in: to answer, waiting for the resident, put aside, closed."""

from collections.abc import Sequence
from enum import StrEnum

from handlers.desk import Desk
from handlers.errors import NotFound
from handlers.staff.rights import communities_of, ticket_for, worker_of
from storage import tickets
from storage.tickets import QueueRow, Status

#: How many tickets of a pile are shown at once.
PAGE = 100


class Pile(StrEnum):
    """A part of the queue."""

    answer = "answer"
    waiting = "waiting"
    aside = "aside"
    closed = "closed"


STATES = {
    Pile.answer: (Status.open, Status.assigned),
    Pile.waiting: (Status.waiting,),
    Pile.aside: (Status.snoozed,),
    Pile.closed: (Status.closed,),
}


async def pile(desk: Desk, worker_id: int, which: Pile) -> Sequence[QueueRow]:
    """The tickets of a pile: urgent first, then who waits longest; closed ones newest first."""
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        return await tickets.queue(tx, communities=await communities_of(tx, worker), states=STATES[which], limit=PAGE)


async def counts(desk: Desk, worker_id: int) -> dict[Pile, int]:
    """How many tickets lie in each pile that is not closed."""
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        counted = await tickets.counts(tx, await communities_of(tx, worker))
    return {which: sum(counted[state] for state in states) for which, states in STATES.items() if which is not Pile.closed}


async def numbered(desk: Desk, worker_id: int, number: int) -> int:
    """The id of the ticket that people call `number`. Raises `NotFound` where this worker may not see it."""
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await tickets.by_number(tx, number)
        if ticket is None:
            raise NotFound
        return (await ticket_for(tx, worker, ticket.id)).id
