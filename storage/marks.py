"""Marks: how far something has been done, such as the last update read from a platform."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction


class Mark(Base):
    """A bookmark of Linli's own, kept in the same transaction as what it stands for."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    at: Mapped[datetime]


async def get(tx: Transaction, name: str) -> str | None:
    """Where the mark stands, None when it was never set."""
    return await tx.session.scalar(select(Mark.value).where(Mark.name == name))


async def put(tx: Transaction, name: str, value: str, now: datetime) -> None:
    """Move the mark."""
    insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    new = insert(Mark).values(name=name, value=value, at=now)
    await tx.session.execute(new.on_conflict_do_update(index_elements=[Mark.name], set_={"value": value, "at": now}))
