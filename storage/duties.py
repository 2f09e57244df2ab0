"""Duties that one process of many does at a time: the clock, the reading of a platform."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction


class Duty(Base):
    """Who does it, and until when if nothing more is heard of them."""

    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    held_until: Mapped[datetime]


async def take(tx: Transaction, name: str, holder: str, now: datetime, lease: timedelta) -> bool:
    """Have (or go on having) a duty until `now + lease`; False while somebody else has it. Holders repeat this well before the end.

    A lease that would last more than twice as long was given before the clock was put back, and does not count.
    """
    insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    first = insert(Duty).values(name=name, holder=holder, held_until=now + lease).on_conflict_do_nothing().returning(Duty.name)
    if await tx.session.scalar(first) is not None:
        return True
    again = (
        update(Duty)
        .where(Duty.name == name, or_(Duty.holder == holder, Duty.held_until <= now, Duty.held_until > now + 2 * lease))
        .values(holder=holder, held_until=now + lease)
        .returning(Duty.name)
    )
    return await tx.session.scalar(again, execution_options={"synchronize_session": False}) is not None


async def give_up(tx: Transaction, name: str, holder: str) -> None:
    """Leave a duty to the next at once; no error when it is not ours."""
    await tx.session.execute(delete(Duty).where(Duty.name == name, Duty.holder == holder))
