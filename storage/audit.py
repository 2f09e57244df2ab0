"""The audit log: who did what to whose affairs. Records are only ever added."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import NEVER_REUSED, Base, RowId
from storage.transaction import Transaction


class AuditRecord(Base):
    """One action of a worker (or of Linli itself, when `worker_id` is empty). Holds no words of a resident."""

    __tablename__ = "audit_records"
    __table_args__ = (Index(None, "at"), Index(None, "subject", "at"), NEVER_REUSED)

    id: Mapped[RowId]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]


async def record(
    tx: Transaction, action: str, subject: str, *, worker_id: int | None, now: datetime, detail: Mapping[str, Any] | None = None
) -> AuditRecord:
    """Write down that `action` was done to `subject` (such as `ticket:12`); `detail` without words of a resident."""
    row = AuditRecord(worker_id=worker_id, action=action, subject=subject, detail=dict(detail or {}), at=now)
    tx.session.add(row)
    await tx.flush()
    return row


async def since(tx: Transaction, at: datetime, *, after: int = 0, limit: int = 1000) -> Sequence[AuditRecord]:
    """Records from that moment on with ids above `after`, oldest first."""
    query = select(AuditRecord).where(AuditRecord.at >= at, AuditRecord.id > after).order_by(AuditRecord.id).limit(limit)
    return (await tx.session.scalars(query)).all()


async def of_subjects(tx: Transaction, subjects: Collection[str]) -> Sequence[AuditRecord]:
    """What was done to these, oldest first."""
    return (await tx.session.scalars(select(AuditRecord).where(AuditRecord.subject.in_(subjects)).order_by(AuditRecord.id))).all()
