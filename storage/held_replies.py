"""Held replies: a worker's answer that waits a few seconds before it is said, so that it can be taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from storage import changes
from storage.base import NEVER_REUSED, Base, RowId
from storage.changes import Subject
from storage.transaction import Transaction


class HeldReply(Base):
    """What will be said at `due_at`: `reply` in the words of whoever says it."""

    __tablename__ = "held_replies"
    __table_args__ = (Index(None, "due_at"), Index(None, "ticket_id"), NEVER_REUSED)

    id: Mapped[RowId]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id"))
    reply: Mapped[dict[str, Any]]
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]


async def add(tx: Transaction, ticket_id: int, worker_id: int, reply: dict[str, Any], *, due_at: datetime, now: datetime) -> HeldReply:
    """An answer that is said at `due_at` unless it is taken back."""
    held = HeldReply(ticket_id=ticket_id, worker_id=worker_id, reply=reply, due_at=due_at, created_at=now)
    tx.session.add(held)
    await tx.flush()
    await changes.note(tx, Subject.ticket, ticket_id, now)
    return held


async def get(tx: Transaction, held_id: int) -> HeldReply | None:
    """The one of that id while it waits."""
    return await tx.session.get(HeldReply, held_id)


async def take_back(tx: Transaction, held_id: int, worker_id: int, now: datetime) -> HeldReply | None:
    """It is not said; None when it was said already, or is not this worker's."""
    query = delete(HeldReply).where(HeldReply.id == held_id, HeldReply.worker_id == worker_id).returning(HeldReply)
    held = await tx.session.scalar(query, execution_options={"synchronize_session": False})
    if held is not None:
        await changes.note(tx, Subject.ticket, held.ticket_id, now)
    return held


async def of_ticket(tx: Transaction, ticket_id: int) -> Sequence[HeldReply]:
    """What waits to be said on a ticket, in order."""
    return (await tx.session.scalars(select(HeldReply).where(HeldReply.ticket_id == ticket_id).order_by(HeldReply.id))).all()


async def any_due(tx: Transaction, now: datetime) -> bool:
    """Whether anything is to be said now; takes no lock."""
    return await tx.session.scalar(select(HeldReply.id).where(HeldReply.due_at <= now).limit(1)) is not None


async def next_due(tx: Transaction, now: datetime) -> HeldReply | None:
    """The next to be said now, removed; nobody else gets it."""
    query = (
        select(HeldReply).where(HeldReply.due_at <= now).order_by(HeldReply.due_at, HeldReply.id).limit(1).with_for_update(skip_locked=True)
    )
    held = await tx.session.scalar(query)
    if held is not None:
        await tx.session.delete(held)
        await tx.flush()
    return held
