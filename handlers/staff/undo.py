"""Undo: a reply from the console waits a few seconds before it is said, and until then it can be taken back."""

from dataclasses import asdict

from handlers.desk import Desk
from handlers.errors import AlreadySaid, EmptyMessage
from handlers.staff.queue import hold
from handlers.staff.reply import Original
from handlers.staff.rights import ticket_for, worker_of
from handlers.tidy import clean
from storage import held_replies
from storage.held_replies import HeldReply


async def hold_back(desk: Desk, worker_id: int, ticket_id: int, text: str, *, original: Original | None = None) -> HeldReply:
    """Answer the resident in `policy.undo` seconds, unless it is taken back by the id of what is returned. The clock says it then.

    The worker has the ticket from now on; raises `TicketTaken`, `TicketClosed`, `EmptyMessage` as a reply does. The same
    words again while they wait are a second tap, and the same reply.
    """
    words = clean(text)
    if not words:
        raise EmptyMessage
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        ticket = await ticket_for(tx, worker, ticket_id)
        ticket = await hold(desk, tx, worker, ticket.id)
        for before in await held_replies.of_ticket(tx, ticket.id):
            if before.worker_id == worker.id and before.reply["text"] == words:
                return before
        reply = {"text": words, "original": asdict(original) if original else None}
        return await held_replies.add(tx, ticket.id, worker.id, reply, due_at=desk.now() + desk.policy.undo, now=desk.now())


async def take_back(desk: Desk, worker_id: int, held_id: int) -> str:
    """It is not said; returns what the worker wrote, so that it can be changed. Raises `AlreadySaid` when it was said."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        held = await held_replies.take_back(tx, held_id, worker.id, desk.now())
        if held is None:
            raise AlreadySaid
        original = held.reply.get("original")
        return str(original["text"] if original else held.reply["text"])


async def held(desk: Desk, worker_id: int, ticket_id: int) -> list[HeldReply]:
    """What waits to be said on a ticket, in order."""
    async with desk.storage.reading() as tx:
        ticket = await ticket_for(tx, await worker_of(tx, worker_id), ticket_id)
        return list(await held_replies.of_ticket(tx, ticket.id))
