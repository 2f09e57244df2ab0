"""Residents and the identities by which channels know them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from storage import counters
from storage.base import NEVER_REUSED, Base, RowId, clean
from storage.transaction import Transaction


class Resident(Base):
    """A person whom Linli helps. Lists and cards show the `alias`; `locale` is set only by the person's own choice."""

    __tablename__ = "residents"
    __table_args__ = (Index(None, "community_id"), NEVER_REUSED)

    id: Mapped[RowId]
    alias: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    locale: Mapped[str | None]
    community_id: Mapped[str | None] = mapped_column(ForeignKey("communities.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"))
    privacy_version: Mapped[str | None]
    privacy_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Identity(Base):
    """How one channel knows a resident; one person may have several."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "sender_id"), Index(None, "resident_id"), NEVER_REUSED)

    id: Mapped[RowId]
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"))
    channel: Mapped[str]
    sender_id: Mapped[str]
    name: Mapped[str | None]


async def find_or_create(tx: Transaction, channel: str, sender_id: str, *, name: str | None, now: datetime) -> Resident:
    """The resident whom this channel knows by `sender_id`; a new one gets an alias. A changed name is taken over."""
    found = await _by_identity(tx, channel, sender_id)
    if found is None:
        if tx.shared:  # somebody else may be making this very person at this moment; other newcomers need not wait for one another
            person = func.hashtextextended(f"{channel}\n{clean(sender_id)}", 0)
            await tx.session.execute(select(func.pg_advisory_xact_lock(person)))
            found = await _by_identity(tx, channel, sender_id)
        if found is None:
            resident = await _new(tx, name, now)
            tx.session.add(resident)
            await tx.flush()
            tx.session.add(Identity(resident_id=resident.id, channel=channel, sender_id=sender_id, name=name))
            await tx.flush()
            return resident
    resident, identity = found
    if name is not None and identity.name != name:
        identity.name = name
        resident.name = name
    return resident


async def _new(tx: Transaction, name: str | None, now: datetime) -> Resident:
    """A resident with an alias: its number is dense where that costs nothing, else the row's own, for which nobody has to wait."""
    if not tx.shared:
        return Resident(alias=f"R-{await counters.draw(tx, 'resident'):04}", name=name, created_at=now)
    row_id = await tx.session.scalar(select(func.nextval(func.pg_get_serial_sequence("residents", "id"))))
    return Resident(id=row_id, alias=f"R-{row_id:04}", name=name, created_at=now)


async def get(tx: Transaction, resident_id: int) -> Resident | None:
    """The resident of that id."""
    return await tx.session.get(Resident, resident_id)


async def by_alias(tx: Transaction, alias: str) -> Resident | None:
    """The resident whom lists and cards call so."""
    return await tx.session.scalar(select(Resident).where(Resident.alias == alias))


async def identities(tx: Transaction, resident_id: int) -> Sequence[Identity]:
    """All by which channels know this resident, oldest first."""
    return (await tx.session.scalars(select(Identity).where(Identity.resident_id == resident_id).order_by(Identity.id))).all()


async def _by_identity(tx: Transaction, channel: str, sender_id: str) -> tuple[Resident, Identity] | None:
    query = (
        select(Resident, Identity)
        .join(Identity, Identity.resident_id == Resident.id)
        .where(Identity.channel == channel, Identity.sender_id == sender_id)
    )
    row = (await tx.session.execute(query)).one_or_none()
    return None if row is None else (row[0], row[1])
