"""Saved filters: a view of the queue that a worker gave a name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import NEVER_REUSED, Base, RowId
from storage.transaction import Transaction


class SavedFilter(Base):
    """A worker's own view; `view` in the words of whoever shows it."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("worker_id", "name"), NEVER_REUSED)

    id: Mapped[RowId]
    worker_id: Mapped[int] = mapped_column(ForeignKey("workers.id", ondelete="CASCADE"))
    name: Mapped[str]
    view: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


async def save(tx: Transaction, worker_id: int, name: str, view: Mapping[str, Any], now: datetime) -> SavedFilter:
    """Keep a view under a name; one of that name is replaced."""
    row = await tx.session.scalar(select(SavedFilter).where(SavedFilter.worker_id == worker_id, SavedFilter.name == name))
    if row is None:
        row = SavedFilter(worker_id=worker_id, name=name, created_at=now)
        tx.session.add(row)
    row.view = dict(view)
    await tx.flush()
    return row


async def of_worker(tx: Transaction, worker_id: int) -> Sequence[SavedFilter]:
    """The views of a worker by name."""
    return (await tx.session.scalars(select(SavedFilter).where(SavedFilter.worker_id == worker_id).order_by(SavedFilter.name))).all()


async def forget(tx: Transaction, worker_id: int, filter_id: int) -> None:
    """The worker needs it no more; no error when it is not theirs."""
    await tx.session.execute(delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.worker_id == worker_id))
