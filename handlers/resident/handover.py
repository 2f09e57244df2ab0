"""From the group into private: a link carries the question, so that nobody has to write it twice."""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta

from handlers.desk import Desk
from handlers.messages import Choice, Message
from handlers.resident import payloads
from handlers.resident.turn import Turn
from storage import handovers

#: The start of the token in `/start TOKEN`.
MARK = "h-"
#: A question waits this long for its asker.
LIVES = timedelta(days=1)


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


async def into_private(turn: Turn, question: str) -> Choice:
    """A button that opens the private chat with this question, for its asker alone."""
    token = secrets.token_urlsafe(18)
    await handovers.add(
        turn.tx,
        _digest(token),
        channel=turn.message.channel,
        sender_id=turn.message.sender_id,
        question=question,
        expires_at=turn.now + LIVES,
    )
    return Choice(turn.voice.label(_("Go on in private")), payloads.payload(payloads.IN_PRIVATE, f"{MARK}{token}"))


async def taken_up(desk: Desk, message: Message) -> Message:
    """The message with the question that its link carries; a link that is old, or another person's, is a plain start."""
    word, _space, token = message.text.partition(" ")
    if word != "/start" or not token.startswith(MARK):
        return message
    async with desk.storage.reading() as tx:
        question = await handovers.question(
            tx, _digest(token.removeprefix(MARK)), channel=message.channel, sender_id=message.sender_id, now=desk.now()
        )
    return replace(message, text=question or "/start")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
