"""Where something of ours stands on a platform: a ticket's thread in the staff group, a card that is changed in place."""

from collections.abc import Sequence

from sqlalchemy import Index, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.transaction import Transaction


class Thread(Base):
    """Our `name` for it, the platform's id of it, and what it last showed (`state`, in the words of who writes it)."""

    __tablename__ = "threads"
    __table_args__ = (Index(None, "channel", "chat_id", "platform_id"),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    platform_id: Mapped[str]
    state: Mapped[str]


async def get(tx: Transaction, channel: str, chat_id: str, name: str) -> Thread | None:
    """The thing of that name in that chat, None while it is not there."""
    return await tx.session.get(Thread, (channel, chat_id, name))


async def put(tx: Transaction, channel: str, chat_id: str, name: str, platform_id: str, state: str = "") -> None:
    """It stands there now, whatever was known before."""
    insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    new = insert(Thread).values(channel=channel, chat_id=chat_id, name=name, platform_id=platform_id, state=state)
    keys = [Thread.channel, Thread.chat_id, Thread.name]
    await tx.session.execute(new.on_conflict_do_update(index_elements=keys, set_={"platform_id": platform_id, "state": state}))


async def forget(tx: Transaction, channel: str, chat_id: str, name: str) -> None:
    """It is gone from the platform."""
    await tx.session.execute(delete(Thread).where(Thread.channel == channel, Thread.chat_id == chat_id, Thread.name == name))


async def names(tx: Transaction, channel: str, chat_id: str, platform_id: str) -> Sequence[str]:
    """What of ours stands at that id of the platform's."""
    query = select(Thread.name).where(Thread.channel == channel, Thread.chat_id == chat_id, Thread.platform_id == platform_id)
    return (await tx.session.scalars(query.order_by(Thread.name))).all()
