"""Somebody writes faster than anybody reads: everything is kept, read together once they pause, and costs the others nothing."""

from faq.reading import Language, Question, Reading
from handlers.desk import Desk
from handlers.messages import Message, Reply, ReplyKind
from handlers.resident.recall import Recall
from handlers.resident.turn import Turn, speak


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


def floods(desk: Desk, message: Message, before: Recall) -> bool:
    """Whether to keep this message for later instead of answering it. Danger and taps are never kept waiting.

    Whoever goes on without a pause is answered all the same, now and then.
    """
    policy = desk.policy
    if message.limited or message.choice or not policy.flood_after or before.rapid < policy.flood_after:
        return False
    if before.held_since is not None and desk.now() - before.held_since >= policy.flood_patience:
        return False
    return not desk.faq.urgent(message.text)


def unread(text: str) -> Reading:
    """A text that nobody has tried to understand."""
    return Reading(text, text, Language("und"), (Question(text, ()),))


async def pause(turn: Turn, before: Recall) -> tuple[Reply, ...]:
    """Keep a message until its writer pauses, and say so once."""
    turn.utterance.held_until = turn.now + turn.desk.policy.fragment_hold
    if before.held:
        return ()
    words = turn.voice.say(_("I keep everything you write, and answer once you pause."))
    return await speak(turn, [turn.reply(ReplyKind.notice, words)])
