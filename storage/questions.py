"""What residents have asked, for those who keep the FAQ: the last questions, and those that no answer settled."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from storage.conversations import Author, Utterance
from storage.tickets import Reason, Ticket
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A ticket that the FAQ could have spared. `choice`: the button that opened it, None for a message; `shown`: the entry that it told."""

    ticket_id: int
    number: int
    resident_id: int
    question: str
    reason: Reason
    nearest: tuple[str, ...]
    topic: str | None
    choice: str | None
    shown: str | None
    opened_at: datetime


async def last(tx: Transaction, limit: int) -> Sequence[str]:
    """The words of the last messages that residents wrote themselves, newest first; each wording once."""
    query = (
        select(Utterance.text)
        .where(Utterance.author == Author.resident, Utterance.choice.is_(None), Utterance.text != "")
        .order_by(Utterance.id.desc())
        .limit(limit)
    )
    return list(dict.fromkeys((await tx.session.scalars(query)).all()))


async def unsettled(
    tx: Transaction, since: datetime, *, communities: Collection[str] | None = None, limit: int = 2000
) -> Sequence[Unsettled]:
    """Tickets for want of an answer, or because the one given did not help, newest first. `communities` as for the queue."""
    cause, answer = aliased(Utterance), aliased(Utterance)
    before = (  # what was said last before the tap is what the tap was about
        select(Utterance.id)
        .where(Utterance.conversation_id == cause.conversation_id, Utterance.id < cause.id, Utterance.entry_id.is_not(None))
        .order_by(Utterance.id.desc())
        .limit(1)
        .correlate(cause)
        .scalar_subquery()
    )
    query = (
        select(Ticket, cause.choice, answer.entry_id)
        .outerjoin(cause, cause.id == Ticket.cause_id)
        .outerjoin(answer, answer.id == before)
        .where(Ticket.reason.in_([Reason.unmatched, Reason.unhelpful]), Ticket.opened_at >= since, Ticket.question != "")
        .order_by(Ticket.id.desc())
        .limit(limit)
    )
    if communities is not None:
        query = query.where(or_(Ticket.community_id.in_(sorted(communities)), Ticket.community_id.is_(None)))
    return [
        Unsettled(
            ticket_id=ticket.id,
            number=ticket.number,
            resident_id=ticket.resident_id,
            question=ticket.question,
            reason=ticket.reason,
            nearest=tuple(ticket.nearest),
            topic=ticket.topic,
            choice=choice,
            shown=shown if ticket.reason is Reason.unhelpful else None,
            opened_at=ticket.opened_at,
        )
        for ticket, choice, shown in (await tx.session.execute(query)).all()
    ]
