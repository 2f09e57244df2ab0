"""Erasure: a person's words, names and addresses go, wherever they stand; rows stay empty, so that what was counted stays counted."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from storage import changes, conversations, marks, people
from storage.base import NEVER_REUSED, Base, Json, RowId
from storage.changes import Subject
from storage.conversations import Conversation, Utterance
from storage.exports import ExportLink
from storage.groups import GroupFact
from storage.handovers import Handover
from storage.marks import Mark
from storage.outbox import Delivery, DeliveryState
from storage.pace import Pace
from storage.people import Identity, Resident
from storage.threads import Thread
from storage.tickets import Status, Ticket, TicketEvent
from storage.transaction import Transaction

#: How a chat is called whose person is gone; the id keeps it unique.
GONE = "erased"
_FAREWELL = "farewell:"
#: An outcome that is one of our own words, not somebody's sentence.
_CODE = re.compile(r"[a-z][a-z_-]{0,23}")


class Cause(StrEnum):
    """Who wanted it: the person, a worker on the person's request, or time (nobody heard of them for long)."""

    resident = "resident"
    worker = "worker"
    silence = "silence"


class Erasure(Base):
    """That a person is forgotten, and when: the proof, without the person. `kept`: tickets that had to stay for a while.

    `done_at` is empty while something stays; `counts` says how many rows of which kind were emptied.
    """

    __tablename__ = "erasures"
    __table_args__ = (Index(None, "done_at"), NEVER_REUSED)

    id: Mapped[RowId]
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"), unique=True)
    cause: Mapped[Cause]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    kept: Mapped[list[int]] = mapped_column(Json)
    counts: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Copy:
    """A reply about the person that stands in a chat of somebody else, such as the card of a ticket in the staff group."""

    channel: str
    chat_id: str
    platform_message_id: str | None
    reply: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of which kind were emptied or removed, and what stands elsewhere."""

    counts: dict[str, int]
    copies: tuple[Copy, ...]


async def of_resident(tx: Transaction, resident_id: int) -> Erasure | None:
    """The erasure of that resident, asked for or done; None where nobody asked."""
    return await tx.session.scalar(select(Erasure).where(Erasure.resident_id == resident_id))


async def urgent(tx: Transaction, resident_id: int) -> Sequence[Ticket]:
    """The resident's live tickets that are about danger: somebody is being helped at this moment."""
    query = select(Ticket).where(Ticket.resident_id == resident_id, Ticket.status != Status.closed, Ticket.urgency.is_not(None))
    return (await tx.session.scalars(query.order_by(Ticket.id))).all()


async def ask(
    tx: Transaction, resident_id: int, *, cause: Cause, now: datetime, worker_id: int | None = None, keep: Collection[Ticket] = ()
) -> Erased:
    """Forget a resident, except for the tickets in `keep` and what is needed to reach the person about them.

    Their other live tickets must be closed before. Asking again forgets what has come since.
    """
    row = await of_resident(tx, resident_id)
    if row is None:
        row = Erasure(resident_id=resident_id, cause=cause, worker_id=worker_id, counts={}, asked_at=now)
        tx.session.add(row)
    row.kept = [ticket.number for ticket in keep]
    erased = await _erase(tx, resident_id, {ticket.id: ticket.conversation_id for ticket in keep}, now)
    row.counts = {name: int(row.counts.get(name, 0)) + count for name, count in erased.counts.items()}
    row.done_at = None if keep else now
    await tx.flush()
    return erased


async def waiting(tx: Transaction, limit: int = 50) -> Sequence[Erasure]:
    """Erasures that could not be completed when they were asked for, and can now: nothing of the person's is open any more."""
    live = exists().where(Ticket.resident_id == Erasure.resident_id, Ticket.status != Status.closed)
    return (await tx.session.scalars(select(Erasure).where(Erasure.done_at.is_(None), ~live).order_by(Erasure.id).limit(limit))).all()


async def done_since(tx: Transaction, since: datetime) -> Sequence[Erasure]:
    """Erasures that were completed since then: a message that came in the same moment may have slipped in."""
    return (await tx.session.scalars(select(Erasure).where(Erasure.done_at >= since).order_by(Erasure.id))).all()


async def farewell(tx: Transaction, delivery_id: int, now: datetime) -> None:
    """This delivery is the last word to somebody of whom nothing is kept: it goes as soon as it has gone out."""
    await marks.put(tx, f"{_FAREWELL}{delivery_id}", "", now)


async def farewells(tx: Transaction) -> dict[int, datetime]:
    """Last words that are still kept: delivery → since when."""
    query = select(Mark).where(Mark.name.startswith(_FAREWELL))
    return {int(mark.name.removeprefix(_FAREWELL)): mark.at for mark in (await tx.session.scalars(query)).all()}


async def forget_farewells(tx: Transaction, before: datetime) -> None:
    """Remove last words that have gone out, and those that could not for so long."""
    for delivery_id, since in (await farewells(tx)).items():
        delivery = await tx.session.get(Delivery, delivery_id)
        if delivery is None or since < before or delivery.state not in (DeliveryState.due, DeliveryState.leased):
            await tx.session.execute(delete(Delivery).where(Delivery.id == delivery_id))
            await tx.session.execute(delete(Mark).where(Mark.name == f"{_FAREWELL}{delivery_id}"))


async def _erase(tx: Transaction, resident_id: int, keep: dict[int, int], now: datetime) -> Erased:
    chats = (await tx.session.scalars(select(Conversation).where(Conversation.resident_id == resident_id).order_by(Conversation.id))).all()
    for chat in chats:
        await conversations.lock(tx, chat.id)
    known_by = await people.identities(tx, resident_id)
    gone = (await tx.session.scalars(select(Ticket).where(Ticket.resident_id == resident_id, Ticket.id.not_in(keep)))).all()
    counts = {"utterances": await _utterances(tx, [chat.id for chat in chats], keep)}
    copies, counts["deliveries"] = await _deliveries(tx, chats, gone, keep)
    counts["tickets"] = await _tickets(tx, gone, now)
    counts["elsewhere"] = await _elsewhere(tx, known_by, gone)
    await tx.session.execute(delete(ExportLink).where(ExportLink.resident_id == resident_id))
    for chat in chats:
        await changes.note(tx, Subject.conversation, chat.id, now)
        if chat.id not in keep.values():
            _empty(chat)
    counts["identities"] = 0
    if not keep:
        counts["identities"] = len(known_by)
        await tx.session.execute(delete(Identity).where(Identity.resident_id == resident_id))
        await _nobody(tx, resident_id)
    await tx.flush()
    return Erased(counts, copies)


async def _utterances(tx: Transaction, chats: Collection[int], keep: Collection[int]) -> int:
    query = (
        update(Utterance)
        .where(Utterance.conversation_id.in_(chats), or_(Utterance.ticket_id.is_(None), Utterance.ticket_id.not_in(keep)))
        .values(text="", attachments=[], choices=[], choice=None, message_id=None, held_until=None)
        .returning(Utterance.id)
    )
    return len((await tx.session.scalars(query, execution_options={"synchronize_session": False})).all())


async def _deliveries(
    tx: Transaction, chats: Sequence[Conversation], gone: Sequence[Ticket], keep: dict[int, int]
) -> tuple[tuple[Copy, ...], int]:
    """What went or waits to go to the person, and what went to others about their tickets."""
    staying = select(Utterance.id).where(Utterance.ticket_id.in_(keep))
    own = and_(
        Delivery.conversation_id.in_([chat.id for chat in chats]),
        or_(Delivery.utterance_id.is_(None), Delivery.utterance_id.not_in(staying)),
    )
    about: list[ColumnElement[bool]] = [own]
    if gone:
        about.append(Delivery.reply["ticket"].as_integer().in_([ticket.number for ticket in gone]))
    query = delete(Delivery).where(or_(*about)).returning(Delivery)
    rows = (await tx.session.scalars(query, execution_options={"synchronize_session": False})).all()
    mine = {(chat.channel, chat.chat_id) for chat in chats}
    copies = tuple(
        Copy(row.channel, row.chat_id, row.platform_message_id, row.reply) for row in rows if (row.channel, row.chat_id) not in mine
    )
    return copies, len(rows)


async def _tickets(tx: Transaction, gone: Sequence[Ticket], now: datetime) -> int:
    for ticket in gone:
        ticket.question = ""
        ticket.outcome = ticket.outcome if ticket.outcome and _CODE.fullmatch(ticket.outcome) else None
        await changes.note(tx, Subject.ticket, ticket.id, now)
        await changes.note(tx, Subject.queue, "", now)
    await tx.session.execute(
        update(TicketEvent).where(TicketEvent.ticket_id.in_([ticket.id for ticket in gone])).values(note=None),
        execution_options={"synchronize_session": False},
    )
    return len(gone)


async def _elsewhere(tx: Transaction, known_by: Sequence[Identity], gone: Sequence[Ticket]) -> int:
    """Where a channel's own id of the person stands without a reference: groups' facts, hand-overs, paces, what cards last showed."""
    removed = 0
    for one in known_by:
        mine = (one.channel, one.sender_id)
        for table in (GroupFact, Handover):
            query = delete(table).where(table.channel == mine[0], table.sender_id == mine[1])
            removed += len((await tx.session.execute(query.returning(table.__table__.c.channel))).all())
        named = (GroupFact.channel == one.channel, GroupFact.answers == one.sender_id)
        await tx.session.execute(update(GroupFact).where(*named).values(answers=None), execution_options={"synchronize_session": False})
        scopes = or_(Pace.scope == one.sender_id, Pace.scope.endswith(f":{one.sender_id}", autoescape=True))
        await tx.session.execute(delete(Pace).where(scopes))
    names = [f"ticket:{ticket.number}" for ticket in gone]
    for thread in (await tx.session.scalars(select(Thread).where(Thread.name.in_(names)))).all():
        thread.state = thread.state.partition(" ")[0] + " "  # whether it is open stays known, its title with their words does not
    return removed


def _empty(chat: Conversation) -> None:
    """A group's own id is no person's; a private chat's is."""
    if chat.chat_kind != "group":
        chat.chat_id = f"{GONE}:{chat.id}"
    chat.offered = []
    chat.offered_at = None
    chat.last_entry_id = None
    chat.last_entry_at = None
    chat.return_token_hash = None


async def _nobody(tx: Transaction, resident_id: int) -> None:
    resident = await tx.session.get(Resident, resident_id)
    if resident is not None:
        resident.alias = f"{GONE}-{resident_id}"
        resident.name = None
        resident.grid_id = None


async def silent_since(tx: Transaction, before: datetime, limit: int = 50) -> Sequence[int]:
    """Residents (ids) of whom nothing was heard since `before`, who have nothing open and are not forgotten yet."""
    last = select(func.max(Utterance.id)).where(Utterance.conversation_id == Conversation.id).correlate(Conversation).scalar_subquery()
    heard = (
        select(Conversation.id)
        .join(Utterance, Utterance.id == last)
        .where(Conversation.resident_id == Resident.id, Utterance.at >= before)
        .correlate(Resident)
        .exists()
    )
    live = exists().where(Ticket.resident_id == Resident.id, Ticket.status != Status.closed)
    asked = exists().where(Erasure.resident_id == Resident.id)
    query = select(Resident.id).where(Resident.created_at < before, ~heard, ~live, ~asked).order_by(Resident.id).limit(limit)
    return (await tx.session.scalars(query)).all()
