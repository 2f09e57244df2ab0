"""Danger first: the number to call, the Chinese sentence to say or show, one thing to do; and a person is told."""

from dataclasses import replace

from handlers.messages import Choice, Reply, ReplyKind
from handlers.resident import payloads
from handlers.resident.escalate import escalate
from handlers.resident.turn import Turn
from storage.tickets import Reason


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


async def alarm(turn: Turn) -> list[Reply]:
    """The urgent words at once, then the receipt of an urgent ticket that names what a person will do."""
    urgency = turn.reading.urgency
    if urgency is None:
        return []
    help_ = turn.desk.faq.alarm(urgency.kind)
    known = turn.desk.faq.entry(help_.entry)
    choices: list[Choice] = [*payloads.other_language(turn.voice)]
    if known is not None:
        choices.append(Choice(turn.voice.label(_("More about this")), payloads.payload(payloads.ENTRY, known.id)))
    first = turn.reply(
        ReplyKind.urgent,
        turn.voice.each(lambda language: help_.words[language]),
        choices=choices,
        entry=known.id if known else None,
    )
    receipt = await escalate(
        turn, Reason.urgent, question=turn.message.text, matches=turn.reading.questions[0].matches, urgency=urgency.kind
    )
    return [replace(first, ticket=receipt.ticket), receipt]  # both stand in the ticket's thread
