"""Groups of residents that Linli is in, and the facts of their last hour: who spoke to whom and when, never a word of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import NEVER_REUSED, Base, RowId
from storage.transaction import Transaction


class Speaker(StrEnum):
    """Who spoke in a group."""

    resident = "resident"
    bot = "bot"
    worker = "worker"


class Group(Base):
    """A group that Linli may speak in; `mode` is how much (`quiet`, `normal`, `helpful`), `locked_until` a raid's end."""

    __tablename__ = "groups"

    channel: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    mode: Mapped[str]
    community_id: Mapped[str | None] = mapped_column(ForeignKey("communities.id"))
    locked_until: Mapped[datetime | None]
    added_at: Mapped[datetime]


class GroupFact(Base):
    """One message of a group without its words. `answers`: whose message it replies to; `calls`: who is called by name.

    `entry_id`: what Linli answered with; `action`: what it did about the message, or made of it.
    """

    __tablename__ = "group_facts"
    __table_args__ = (
        UniqueConstraint("channel", "chat_id", "message_id"),
        Index("ix_group_facts_recent", "channel", "chat_id", "at"),
        NEVER_REUSED,
    )

    id: Mapped[RowId]
    channel: Mapped[str]
    chat_id: Mapped[str]
    message_id: Mapped[str]
    sender_id: Mapped[str]
    name: Mapped[str]
    speaker: Mapped[Speaker]
    answers: Mapped[str | None]
    calls: Mapped[list[str]]
    addressed: Mapped[bool]
    entry_id: Mapped[str | None]
    action: Mapped[str]
    at: Mapped[datetime]


async def get(tx: Transaction, channel: str, chat_id: str) -> Group | None:
    """The group of that chat, None where Linli has no business."""
    return await tx.session.get(Group, (channel, chat_id))


async def ensure(tx: Transaction, channel: str, chat_id: str, *, title: str, mode: str, community_id: str | None, now: datetime) -> None:
    """Linli is in this group; what was set for it before stays."""
    insert_one = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    values = {"channel": channel, "chat_id": chat_id, "title": title, "mode": mode, "community_id": community_id, "added_at": now}
    await tx.session.execute(insert_one(Group).values(values).on_conflict_do_nothing())


async def remove(tx: Transaction, channel: str, chat_id: str) -> None:
    """Linli has left this group."""
    await tx.session.execute(delete(Group).where(Group.channel == channel, Group.chat_id == chat_id))


async def lock(tx: Transaction, channel: str, chat_id: str, until: datetime, now: datetime) -> bool:
    """Close the group until then; False when it is closed already, so that one alert is given and not two hundred."""
    query = (
        update(Group)
        .where(Group.channel == channel, Group.chat_id == chat_id, (Group.locked_until.is_(None)) | (Group.locked_until <= now))
        .values(locked_until=until)
        .returning(Group.chat_id)
    )
    return await tx.session.scalar(query, execution_options={"synchronize_session": False}) is not None


async def locked_before(tx: Transaction, now: datetime) -> Sequence[Group]:
    """Groups whose closing time is over."""
    return (await tx.session.scalars(select(Group).where(Group.locked_until <= now))).all()


async def record(tx: Transaction, facts: Sequence[GroupFact]) -> None:
    """Keep facts; one that is known already stays as it is."""
    if not facts:
        return
    insert_many = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
    columns = [column.key for column in GroupFact.__table__.columns if column.key != "id"]
    rows = [{name: getattr(fact, name) for name in columns} for fact in facts]
    await tx.session.execute(insert_many(GroupFact).on_conflict_do_nothing(), rows)


async def known(tx: Transaction, channel: str, chat_id: str, message_id: str) -> GroupFact | None:
    """The fact of that message, None when it was never heard."""
    query = select(GroupFact).where(GroupFact.channel == channel, GroupFact.chat_id == chat_id, GroupFact.message_id == message_id)
    return await tx.session.scalar(query)


async def recent(tx: Transaction, channel: str, chat_id: str, since: datetime) -> Sequence[GroupFact]:
    """What happened in a group since then, oldest first."""
    query = select(GroupFact).where(GroupFact.channel == channel, GroupFact.chat_id == chat_id, GroupFact.at >= since)
    return (await tx.session.scalars(query.order_by(GroupFact.at, GroupFact.id))).all()


async def prune(tx: Transaction, before: datetime) -> None:
    """Facts older than that serve nothing."""
    await tx.session.execute(delete(GroupFact).where(GroupFact.at < before))


async def all_groups(tx: Transaction, channel: str) -> Sequence[Group]:
    """Every group of a channel by id."""
    return (await tx.session.scalars(select(Group).where(Group.channel == channel).order_by(Group.chat_id))).all()
