"""Conversations (one resident in one chat) and the utterances in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from storage import changes, findable
from storage.base import NEVER_REUSED, Base, RowId
from storage.changes import Subject
from storage.people import Identity
from storage.transaction import Transaction


class Author(StrEnum):
    """Who spoke."""

    resident = "resident"
    bot = "bot"
    worker = "worker"


class Conversation(Base):
    """One resident in one chat. `offered`: payloads of the choices shown last, so that a typed "2" works everywhere.

    `seen_utterance_id`: the last utterance of the bot or a worker that reached the resident's page.
    """

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "chat_id", "resident_id"), Index(None, "resident_id"), NEVER_REUSED)

    id: Mapped[RowId]
    channel: Mapped[str]
    chat_id: Mapped[str]
    chat_kind: Mapped[str]
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"))
    locale: Mapped[str]
    offered: Mapped[list[str]]
    offered_at: Mapped[datetime | None]
    last_entry_id: Mapped[str | None]
    last_entry_at: Mapped[datetime | None]
    seen_utterance_id: Mapped[int] = mapped_column(default=0)
    return_token_hash: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class Utterance(Base):
    """One recorded turn. `internal`: a note that no resident sees. `choice`: the payload of the button that was pressed.

    `in_reply_to_id`: the resident's utterance that this one answers. `held_until`: a fragment that waits for the rest.
    `feedback`: 1 where the resident said that it helped, -1 where it did not.
    """

    __tablename__ = "utterances"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id"),
        Index("ix_utterances_conversation_id_id", "conversation_id", "id"),
        Index("ix_utterances_ticket_id_id", "ticket_id", "id"),
        Index(None, "message_id"),
        Index(None, "in_reply_to_id"),
        Index(
            "ix_utterances_held",
            "conversation_id",
            "held_until",
            sqlite_where=text("held_until IS NOT NULL"),
            postgresql_where=text("held_until IS NOT NULL"),
        ),
        Index(
            "ix_utterances_answers",
            "at",
            sqlite_where=text("kind = 'answer'"),
            postgresql_where=text("kind = 'answer'"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[RowId]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    author: Mapped[Author]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    kind: Mapped[str]
    text: Mapped[str]
    locale: Mapped[str]
    entry_id: Mapped[str | None]
    score: Mapped[float | None]
    message_id: Mapped[str | None]
    in_reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("utterances.id", ondelete="SET NULL"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id", ondelete="SET NULL"))
    internal: Mapped[bool]
    attachments: Mapped[list[dict[str, Any]]]
    choices: Mapped[list[dict[str, Any]]]
    choice: Mapped[str | None]
    held_until: Mapped[datetime | None]
    feedback: Mapped[int | None]
    at: Mapped[datetime]


async def find_or_create(
    tx: Transaction, channel: str, chat_id: str, resident_id: int, *, chat_kind: str, locale: str, now: datetime
) -> Conversation:
    """The conversation of this resident in this chat, made when it is their first word there (then `locale` is settled as given).

    Within a writing transaction it is ours until commit: two messages of one conversation are handled one after the other.
    """
    query = select(Conversation).where(
        Conversation.channel == channel, Conversation.chat_id == chat_id, Conversation.resident_id == resident_id
    )
    if tx.shared:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = await tx.session.scalar(query)
    if found is None:
        values = {
            "channel": channel, "chat_id": chat_id, "resident_id": resident_id, "chat_kind": chat_kind, "locale": locale,
            "offered": [], "seen_utterance_id": 0, "created_at": now,
        }  # fmt: skip
        insert = postgresql.insert if tx.dialect == "postgresql" else sqlite.insert
        await tx.session.execute(insert(Conversation).values(values).on_conflict_do_nothing())
        found = (await tx.session.scalars(query)).one()
    tx.locked.add(found.id)
    return found


async def lock(tx: Transaction, conversation_id: int) -> None:
    """Make a conversation ours until commit, so that its utterances are numbered in the order in which they are kept."""
    if tx.shared and conversation_id not in tx.locked:
        await tx.session.execute(select(Conversation.id).where(Conversation.id == conversation_id).with_for_update(key_share=True))
        tx.locked.add(conversation_id)


async def get(tx: Transaction, conversation_id: int) -> Conversation | None:
    """The conversation of that id."""
    return await tx.session.get(Conversation, conversation_id)


async def of_sender(tx: Transaction, channel: str, chat_id: str, sender_id: str) -> Conversation | None:
    """The conversation that the person whom the channel calls `sender_id` has in that chat, None before their first word."""
    query = (
        select(Conversation)
        .join(Identity, Identity.resident_id == Conversation.resident_id)
        .where(Conversation.channel == channel, Conversation.chat_id == chat_id)
        .where(Identity.channel == channel, Identity.sender_id == sender_id)
    )
    return await tx.session.scalar(query)


async def utterance(tx: Transaction, utterance_id: int) -> Utterance | None:
    """The turn of that id."""
    return await tx.session.get(Utterance, utterance_id)


async def by_return_token(tx: Transaction, token_hash: str) -> Conversation | None:
    """The conversation whose private return link has this token."""
    return await tx.session.scalar(select(Conversation).where(Conversation.return_token_hash == token_hash))


async def of_resident(tx: Transaction, resident_id: int) -> Sequence[Conversation]:
    """All conversations of a resident, oldest first."""
    query = select(Conversation).where(Conversation.resident_id == resident_id).order_by(Conversation.id)
    return (await tx.session.scalars(query)).all()


async def record(
    tx: Transaction,
    conversation_id: int,
    *,
    author: Author,
    text: str,
    locale: str,
    at: datetime,
    kind: str = "",
    worker_id: int | None = None,
    entry_id: str | None = None,
    score: float | None = None,
    message_id: str | None = None,
    in_reply_to_id: int | None = None,
    ticket_id: int | None = None,
    internal: bool = False,
    attachments: Sequence[Mapping[str, Any]] = (),
    choices: Sequence[Mapping[str, Any]] = (),
    choice: str | None = None,
    held_until: datetime | None = None,
) -> Utterance:
    """Write one turn down. Raises `Conflict` when this conversation already holds that `message_id`."""
    await lock(tx, conversation_id)
    utterance = Utterance(
        conversation_id=conversation_id,
        author=author,
        worker_id=worker_id,
        kind=kind,
        text=text,
        locale=locale,
        entry_id=entry_id,
        score=score,
        message_id=message_id,
        in_reply_to_id=in_reply_to_id,
        ticket_id=ticket_id,
        internal=internal,
        attachments=[dict(attachment) for attachment in attachments],
        choices=[dict(offered) for offered in choices],
        choice=choice,
        held_until=held_until,
        at=at,
    )
    tx.session.add(utterance)
    await tx.flush()
    if not internal:
        await changes.note(tx, Subject.conversation, conversation_id, at)
    if ticket_id is not None:
        await findable.keep(tx, utterance.id, text)
        await changes.note(tx, Subject.ticket, ticket_id, at)
        await changes.note(tx, Subject.queue, "", at)
    return utterance


async def join(tx: Transaction, utterance: Utterance, ticket_id: int, now: datetime) -> None:
    """An utterance written down before becomes part of a ticket."""
    utterance.ticket_id = ticket_id
    await tx.flush()
    await findable.keep(tx, utterance.id, utterance.text)
    await changes.note(tx, Subject.ticket, ticket_id, now)
    await changes.note(tx, Subject.queue, "", now)


async def by_message(tx: Transaction, channel: str, chat_id: str, message_id: str) -> Utterance | None:
    """What was recorded for the platform's message of that id in that chat, whoever of its residents said it."""
    query = (
        select(Utterance)
        .join(Conversation, Conversation.id == Utterance.conversation_id)
        .where(Utterance.message_id == message_id, Conversation.channel == channel, Conversation.chat_id == chat_id)
        .limit(1)
    )
    return await tx.session.scalar(query)


async def by_platform_message(tx: Transaction, channel: str, chat_id: str, platform_message_id: str) -> Utterance | None:
    """What Linli or a worker said in the platform's message of that id."""
    deliveries = Base.metadata.tables["deliveries"]  # the outbox knows conversations, not the other way round
    query = (
        select(Utterance)
        .join(deliveries, deliveries.c.utterance_id == Utterance.id)
        .where(deliveries.c.channel == channel, deliveries.c.chat_id == chat_id, deliveries.c.platform_message_id == platform_message_id)
        .order_by(Utterance.id.desc())
        .limit(1)
    )
    return await tx.session.scalar(query)


async def platform_message_of(tx: Transaction, channel: str, chat_id: str, entry_id: str, since: datetime) -> str | None:
    """The platform's message in which Linli last answered with this entry in that chat since then."""
    deliveries = Base.metadata.tables["deliveries"]
    query = (
        select(deliveries.c.platform_message_id)
        .join(Utterance, Utterance.id == deliveries.c.utterance_id)
        .where(deliveries.c.channel == channel, deliveries.c.chat_id == chat_id, deliveries.c.platform_message_id.is_not(None))
        .where(Utterance.entry_id == entry_id, Utterance.at >= since, Utterance.kind == "answer")
        .order_by(Utterance.id.desc())
        .limit(1)
    )
    return await tx.session.scalar(query)


async def last_turns(tx: Transaction, conversation_id: int, n: int) -> Sequence[Utterance]:
    """The last `n` turns without notes, oldest first."""
    query = (
        select(Utterance).where(Utterance.conversation_id == conversation_id, ~Utterance.internal).order_by(Utterance.id.desc()).limit(n)
    )
    return (await tx.session.scalars(query)).all()[::-1]


async def after(tx: Transaction, conversation_id: int, cursor: int, limit: int = 200) -> Sequence[Utterance]:
    """Turns after the utterance `cursor` without notes, oldest first."""
    query = (
        select(Utterance)
        .where(Utterance.conversation_id == conversation_id, Utterance.id > cursor, ~Utterance.internal)
        .order_by(Utterance.id)
        .limit(limit)
    )
    return (await tx.session.scalars(query)).all()


async def before(tx: Transaction, conversation_id: int, utterance_id: int, limit: int) -> Sequence[Utterance]:
    """The last turns before that utterance that belong to no ticket, oldest first."""
    query = (
        select(Utterance)
        .where(
            Utterance.conversation_id == conversation_id, Utterance.id < utterance_id, Utterance.ticket_id.is_(None), ~Utterance.internal
        )
        .order_by(Utterance.id.desc())
        .limit(limit)
    )
    return (await tx.session.scalars(query)).all()[::-1]


async def of_ticket(tx: Transaction, ticket_id: int) -> Sequence[Utterance]:
    """The thread of a ticket with its notes, oldest first."""
    return (await tx.session.scalars(select(Utterance).where(Utterance.ticket_id == ticket_id).order_by(Utterance.id))).all()


async def answers_to(tx: Transaction, utterance_id: int) -> Sequence[Utterance]:
    """What was said in answer to an utterance, in order."""
    return (await tx.session.scalars(select(Utterance).where(Utterance.in_reply_to_id == utterance_id).order_by(Utterance.id))).all()


async def held(tx: Transaction, conversation_id: int) -> Sequence[Utterance]:
    """The fragments of a conversation that wait for their rest, oldest first; in a writing transaction nobody else gets them."""
    await lock(tx, conversation_id)
    query = (
        select(Utterance)
        .where(Utterance.conversation_id == conversation_id, Utterance.held_until.is_not(None))
        .order_by(Utterance.id)
        .execution_options(populate_existing=True)
    )
    return (await tx.session.scalars(query)).all()


async def held_due(tx: Transaction, now: datetime, limit: int = 50, *, never_after: datetime | None = None) -> Sequence[int]:
    """Conversations (ids) whose every fragment has waited long enough, longest first.

    Nothing is ever meant to wait until after `never_after`: such a fragment has met a clock that was put back, and is due.
    """
    last = func.max(Utterance.held_until)
    query = (
        select(Utterance.conversation_id)
        .where(Utterance.held_until.is_not(None))
        .group_by(Utterance.conversation_id)
        .having(last <= now if never_after is None else or_(last <= now, last > never_after))
        .order_by(last)
        .limit(limit)
    )
    return (await tx.session.scalars(query)).all()


async def next_held_at(tx: Transaction) -> datetime | None:
    """When the first fragment has waited long enough, None when none waits."""
    return await tx.session.scalar(select(func.min(Utterance.held_until)).where(Utterance.held_until.is_not(None)))


async def mark_seen(tx: Transaction, conversation_id: int, utterance_id: int, now: datetime) -> bool:
    """The resident's page has fetched everything up to this utterance; False when that was known. Never goes back."""
    query = (
        update(Conversation)
        .where(Conversation.id == conversation_id, Conversation.seen_utterance_id < utterance_id)
        .values(seen_utterance_id=utterance_id)
        .returning(Conversation.id)
    )
    if await tx.session.scalar(query) is None:
        return False
    await changes.note(tx, Subject.queue, "", now)
    return True
