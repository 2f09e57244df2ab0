"""Replies that waited to be taken back, and were not: they are said now, each once, by whichever process comes first."""

from handlers import locales
from handlers.desk import Desk
from handlers.errors import LinliError
from handlers.routine.undelivered import KIND
from handlers.staff.reply import Original, say
from handlers.staff.rights import worker_of
from handlers.voice import Voice
from storage import conversations, held_replies, tickets
from storage.conversations import Author
from storage.held_replies import HeldReply
from storage.transaction import Transaction


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


async def say_due(desk: Desk) -> int:
    """Say what has waited long enough; returns how many. What cannot be said any more comes back as a note on its ticket."""
    async with desk.storage.reading() as tx:
        if not await held_replies.any_due(tx, desk.now()):
            return 0
    count = 0
    while True:
        async with desk.storage.transaction() as tx:
            held = await held_replies.next_due(tx, desk.now())
            if held is None:
                return count
            await _say(desk, tx, held)
            count += 1


async def _say(desk: Desk, tx: Transaction, held: HeldReply) -> None:
    words = held.reply
    original = Original(**words["original"]) if words.get("original") else None
    try:
        worker = await worker_of(tx, held.worker_id)
        await say(desk, tx, worker, held.ticket_id, words["text"], original=original)
    except LinliError as error:  # raised before anything was said: somebody else has the ticket now, or it was closed
        await _returned(desk, tx, held, error)


async def _returned(desk: Desk, tx: Transaction, held: HeldReply, error: LinliError) -> None:
    ticket = await tickets.get(tx, held.ticket_id)
    if ticket is None:
        return
    why = Voice(locales.BOTH).say(_("This reply was not sent: {why}"), why=error.told)
    await conversations.record(
        tx,
        ticket.conversation_id,
        author=Author.bot,
        kind=KIND,
        text=f"{why}\n\n{held.reply['text']}",
        locale=Voice(locales.BOTH).first,
        ticket_id=ticket.id,
        internal=True,
        at=desk.now(),
    )
