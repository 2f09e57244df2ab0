"""A worker's answer that could not be delivered comes back to the worker as a sentence on the ticket."""

from handlers import locales
from handlers.desk import Desk
from handlers.voice import Voice
from storage import conversations
from storage.conversations import Author
from storage.outbox import Delivery
from storage.transaction import Transaction


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: The kind of the note, so that a front end can set it apart.
KIND = "undelivered"


async def not_delivered(desk: Desk, tx: Transaction, delivery: Delivery) -> None:
    """Write it down as a note where a worker's words on a ticket were lost; the bot's own words are nobody's loss."""
    spoken = await conversations.utterance(tx, delivery.utterance_id) if delivery.utterance_id else None
    if spoken is None or spoken.author is not Author.worker or spoken.ticket_id is None or spoken.internal:
        return
    words = _("Your answer did not arrive: the person has blocked Linli, left the chat or cannot be reached. Try another way.")
    await conversations.record(
        tx,
        spoken.conversation_id,
        author=Author.bot,
        kind=KIND,
        text=Voice(locales.BOTH).say(words),
        locale=Voice(locales.BOTH).first,
        ticket_id=spoken.ticket_id,
        in_reply_to_id=spoken.id,
        internal=True,
        at=desk.now(),
    )
