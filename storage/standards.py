"""Service standards on tickets: which must be counted anew, and of whom somebody has to be reminded."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, text

from storage import changes
from storage.changes import Subject
from storage.tickets import Standard, Status, Ticket
from storage.transaction import Transaction

_LIVE = text("tickets.status != 'closed'")


def _open() -> tuple[ColumnElement[bool], ...]:
    return (Ticket.status.in_([Status.open, Status.assigned]), Ticket.waiting_since.is_not(None))


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(and_(Ticket.remind_at.is_(None), Ticket.reminded == 0), Ticket.remind_at <= now)


async def any_due(tx: Transaction, now: datetime) -> bool:
    """Whether a standard must be counted or anybody reminded; takes no lock."""
    return await tx.session.scalar(select(Ticket.id).where(_LIVE, *_open(), _due(now)).limit(1)) is not None


async def due(tx: Transaction, now: datetime, limit: int = 50) -> Sequence[Ticket]:
    """Tickets whose standard must be counted or of which somebody has to be reminded, oldest first; nobody else gets them."""
    query = (
        select(Ticket)
        .where(_LIVE, *_open(), _due(now))
        .order_by(Ticket.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await tx.session.scalars(query)).all()


async def count(
    tx: Transaction, ticket: Ticket, *, answer_by: datetime | None, resolve_by: datetime | None, remind_at: datetime | None, now: datetime
) -> None:
    """What the standards ask of a ticket from now on. `remind_at` None: nobody is reminded of it."""
    ticket.answer_by = answer_by
    ticket.resolve_by = resolve_by
    first = Standard.next if ticket.first_replied_at else Standard.first
    dues = [(at, which) for at, which in ((answer_by, first), (resolve_by, Standard.resolution)) if at is not None]
    ticket.due_at, ticket.due_for = min(dues, key=lambda one: one[0]) if dues else (None, None)
    ticket.remind_at = remind_at
    ticket.reminded = 0 if remind_at is not None else NEVER
    await tx.flush()
    await changes.note(tx, Subject.queue, "", now)


#: More reminders than there are: nobody is reminded any more until the standard is counted anew.
NEVER = 9


async def reminded(tx: Transaction, ticket: Ticket, next_at: datetime | None) -> None:
    """Somebody was reminded; the next is at `next_at`, or never."""
    ticket.reminded = ticket.reminded + 1 if next_at is not None else NEVER
    ticket.remind_at = next_at
    await tx.flush()
