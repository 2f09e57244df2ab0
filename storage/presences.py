"""Presence: who is writing on a ticket at this moment. A row that is not renewed soon counts no more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage import changes
from storage.base import Base
from storage.changes import Subject
from storage.transaction import Transaction
from storage.workers import Worker


class Presence(Base):
    """A worker at a ticket, until then if nothing more is heard."""

    __tablename__ = "presences"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"), primary_key=True)
    until: Mapped[datetime]


async def here(tx: Transaction, ticket_id: int, worker_id: int, until: datetime, now: datetime) -> None:
    """The worker is at the ticket; others are told when that is new."""
    before = await tx.session.scalar(
        select(Presence.until).where(Presence.ticket_id == ticket_id, Presence.worker_id == worker_id)
    )  # fmt: skip
    insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    new = insert(Presence).values(ticket_id=ticket_id, worker_id=worker_id, until=until)
    await tx.session.execute(new.on_conflict_do_update(index_elements=[Presence.ticket_id, Presence.worker_id], set_={"until": until}))
    if before is None or before <= now:
        await changes.note(tx, Subject.ticket, ticket_id, now)


async def gone(tx: Transaction, ticket_id: int, worker_id: int, now: datetime) -> None:
    """The worker has left the ticket; whatever is long over goes with it."""
    mine = (Presence.ticket_id == ticket_id) & (Presence.worker_id == worker_id)
    await tx.session.execute(delete(Presence).where(mine | (Presence.until <= now)))
    await changes.note(tx, Subject.ticket, ticket_id, now)


async def at(tx: Transaction, ticket_id: int, now: datetime) -> Sequence[Worker]:
    """Who is at the ticket now, by name."""
    query = (
        select(Worker)
        .join(Presence, Presence.worker_id == Worker.id)
        .where(Presence.ticket_id == ticket_id, Presence.until > now, Worker.active)
        .order_by(Worker.name)
    )
    return (await tx.session.scalars(query)).all()
