"""What happens to a reply once it is recorded: its buttons learn its number, and the conversation remembers what was offered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.messages import Choice, Reply
from storage.conversations import Conversation, Utterance

#: Stands in a payload for the number of the reply that the button belongs to, until that number is known.
ITSELF = "@"


def numbered(reply: Reply, spoken: Utterance) -> Reply:
    """The reply with the number it is recorded under, also in its buttons; the record keeps the buttons as they are shown."""
    choices = tuple(replace(choice, payload=choice.payload.replace(ITSELF, str(spoken.id))) for choice in reply.choices)
    spoken.choices = [{"label": choice.label, "payload": choice.payload} for choice in choices]
    return replace(reply, id=spoken.id, choices=choices)


def offer(conversation: Conversation, choices: Sequence[Choice], now: datetime) -> None:
    """Remember what can be tapped now, so that a typed number works where there are no buttons."""
    if choices:
        conversation.offered = [choice.payload for choice in choices]
        conversation.offered_at = now
