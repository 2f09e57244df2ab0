"""What changed since N: by it the web chat, the console, the staff group and every replica stay in agreement."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Mapped

from storage.base import NEVER_REUSED, Base, RowId
from storage.transaction import Transaction

NOTIFICATION = "linli_changes"
_ORDER_LOCK = 0x6C696E6C69  # "linli": held from numbering to commit, so that ids rise in the order of commits


class Subject(StrEnum):
    """What a change is about."""

    conversation = "conversation"
    ticket = "ticket"
    queue = "queue"
    faq = "faq"


class Change(Base):
    """Something that others may be showing has changed; says what, not how."""

    __tablename__ = "changes"
    __table_args__ = NEVER_REUSED

    id: Mapped[RowId]
    subject: Mapped[Subject]
    subject_id: Mapped[str]
    at: Mapped[datetime]


async def note(tx: Transaction, subject: Subject | str, subject_id: int | str, now: datetime) -> None:
    """Tell everybody who watches, once this transaction is kept; many notes of one thing become one."""
    tx.noted[(Subject(subject), str(subject_id))] = now


async def write(tx: Transaction) -> int | None:
    """Number and keep what was noted; the last thing before the commit. Returns the highest id given."""
    if not tx.noted:
        return None
    if tx.dialect == "postgresql":
        await tx.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ORDER_LOCK})
    rows = [{"subject": Subject(subject), "subject_id": subject_id, "at": at} for (subject, subject_id), at in tx.noted.items()]
    ids = (await tx.session.scalars(insert(Change).returning(Change.id), rows)).all()
    newest = max(ids)
    if tx.dialect == "postgresql":
        await tx.session.execute(text("SELECT pg_notify(:channel, :newest)"), {"channel": NOTIFICATION, "newest": str(newest)})
    return newest


async def since(tx: Transaction, after: int, limit: int = 500) -> Sequence[Change]:
    """Changes after that id, oldest first."""
    return (await tx.session.scalars(select(Change).where(Change.id > after).order_by(Change.id).limit(limit))).all()


async def latest(tx: Transaction) -> int:
    """The id of the newest change, 0 when there is none."""
    return await tx.session.scalar(select(func.max(Change.id))) or 0


async def prune(tx: Transaction, before: datetime) -> int:
    """Forget changes older than that, except the newest, which is the cursor of everybody who is up to date."""
    newest = select(func.max(Change.id)).scalar_subquery()
    done = await tx.session.execute(delete(Change).where(Change.at < before, Change.id < newest).returning(Change.id))
    return len(done.all())
