"""Links by which a person fetches what is held about them, once."""

from datetime import datetime

from sqlalchemy import ForeignKey, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction


class ExportLink(Base):
    """A link to a person's own data, in `locale`. Only a hash of its token is kept."""

    __tablename__ = "export_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), index=True)
    locale: Mapped[str]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]


async def add(tx: Transaction, token_hash: str, resident_id: int, *, locale: str, expires_at: datetime) -> None:
    """A link that works until then."""
    tx.session.add(ExportLink(token_hash=token_hash, resident_id=resident_id, locale=locale, expires_at=expires_at))
    await tx.flush()


async def link(tx: Transaction, token_hash: str, now: datetime) -> ExportLink | None:
    """The link while it works; looking at it does not spend it."""
    found = await tx.session.get(ExportLink, token_hash)
    return found if found is not None and found.spent_at is None and found.expires_at > now else None


async def spend(tx: Transaction, token_hash: str, now: datetime) -> int | None:
    """Whose data the link leads to, for the first who opens it in time; None for everybody else."""
    query = (
        update(ExportLink)
        .where(ExportLink.token_hash == token_hash, ExportLink.spent_at.is_(None), ExportLink.expires_at > now)
        .values(spent_at=now)
        .returning(ExportLink.resident_id)
    )
    return await tx.session.scalar(query)


async def prune(tx: Transaction, now: datetime) -> None:
    """Forget links that no longer work."""
    await tx.session.execute(delete(ExportLink).where((ExportLink.expires_at <= now) | ExportLink.spent_at.is_not(None)))
