"""A question goes to a person: open a ticket, or join the one that is open, and say who has it."""

from collections.abc import Sequence

from faq.reading import Match
from handlers.messages import Reply, ReplyKind
from handlers.promise import promise
from handlers.resident.turn import Turn
from storage import conversations, tickets
from storage.tickets import EventKind, Reason, Ticket


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: The first sentence of a receipt: why a person takes over.
OPENINGS = {
    Reason.unmatched: _("I have no answer on file for this, so a person takes over."),
    Reason.unhelpful: _("Then a person takes over. They see what you asked and what I answered."),
    Reason.requested: _("A person takes over. Write what it is about, and send photos if they help."),
    Reason.urgent: _("I am also telling a social worker now."),
    Reason.fault: _("Something went wrong on our side. Your message is safe, and a person reads it."),
}
#: How many of the nearest entries a worker sees beside a ticket.
NEAREST = 3


def topic_of(turn: Turn, matches: Sequence[Match]) -> str | None:
    """The topic that a question most likely belongs to; None where the best match says too little."""
    entry = turn.desk.faq.entry(matches[0].entry) if matches and matches[0].score >= turn.desk.thresholds.suggest else None
    return entry.topic if entry else None


async def escalate(turn: Turn, reason: Reason, *, question: str, matches: Sequence[Match] = (), urgency: str | None = None) -> Reply:
    """Open a ticket with the resident's own words, or add them to the live one on the same topic; returns the receipt."""
    ticket, created = await tickets.open_ticket(
        turn.tx,
        conversation=turn.conversation,
        cause_id=turn.utterance.id,
        topic=topic_of(turn, matches),
        reason=reason,
        question=question,
        locale=turn.voice.first,
        urgency=urgency,
        community_id=turn.resident.community_id,
        nearest=[match.entry for match in matches[:NEAREST]],
        now=turn.now,
    )
    if not created:
        return await join(turn, ticket)
    await conversations.join(turn.tx, turn.utterance, ticket.id, turn.now)
    words = turn.voice.say(OPENINGS[reason])
    told = await promise(turn.desk, turn.tx, ticket, turn.voice, turn.now)
    return turn.reply(
        ReplyKind.receipt, f"{words}\n{told}" if len(turn.voice.languages) == 1 else f"{words}\n\n{told}", ticket=ticket.number
    )


async def join(turn: Turn, ticket: Ticket) -> Reply:
    """Add what was just said to a live ticket; returns a short receipt."""
    await conversations.join(turn.tx, turn.utterance, ticket.id, turn.now)
    await tickets.event(turn.tx, ticket.id, EventKind.joined, at=turn.now)
    await tickets.set_waiting(turn.tx, ticket, turn.now)
    return turn.reply(ReplyKind.receipt, turn.voice.say(_("Added to ticket {number}."), number=ticket.number), ticket=ticket.number)
