"""Two tickets of one matter become one."""

from collections.abc import Sequence

from handlers.desk import Desk
from handlers.errors import NotTheSame
from handlers.messages import ReplyKind
from handlers.staff.queue import hold
from handlers.staff.relay import Word, to_resident
from handlers.staff.rights import ticket_for, worker_of
from storage import audit, tickets
from storage.tickets import Ticket


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


async def candidates(desk: Desk, worker_id: int, ticket_id: int) -> Sequence[Ticket]:
    """The other open tickets of the same resident that this worker may see, newest first."""
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        others = [one for one in await tickets.of_resident(tx, ticket.resident_id) if one.live and one.id != ticket.id]
        return [one for one in others if one.community_id == ticket.community_id or one.community_id is None]


async def merge(desk: Desk, worker_id: int, ticket_id: int, into_id: int) -> Ticket:
    """What was said on a ticket goes into the other, which the worker then has; the resident is told the number that goes on.

    Raises `TicketTaken` where a colleague has either, `NotTheSame` unless both are open and of one resident.
    """
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        for one in sorted((ticket_id, into_id)):
            await ticket_for(tx, worker, one)
            await hold(desk, tx, worker, one)
        gone = await tickets.get(tx, ticket_id)
        into = await tickets.merge(tx, ticket_id, into_id, by=worker.id, now=desk.now())
        if into is None or gone is None:
            raise NotTheSame
        await audit.record(
            tx, "tickets_merged", f"ticket:{into.id}", worker_id=worker.id, now=desk.now(), detail={"from": gone.number}
        )  # fmt: skip
        words = _("Tickets {gone} and {number} are about the same, so both go on as {number}.")
        await to_resident(
            desk, tx, into, worker, Word(ReplyKind.notice, lambda voice: voice.say(words, gone=gone.number, number=into.number))
        )
        return into
