"""Tickets and what happened to them: every question that a person must answer, and the queue they stand in."""

import secrets
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, SQLColumnExpression, and_, case, false, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from storage import changes, conversations, counters, findable
from storage.base import NEVER_REUSED, Base, RowId
from storage.changes import Subject
from storage.conversations import Author, Conversation, Utterance
from storage.people import Resident
from storage.transaction import Transaction
from storage.workers import Worker


class Reason(StrEnum):
    """Why a person must answer. `fault`: our own code failed on the message. `suggestion`: a wish, nothing is asked."""

    requested = "requested"
    unmatched = "unmatched"
    unhelpful = "unhelpful"
    urgent = "urgent"
    fault = "fault"
    suggestion = "suggestion"


class Status(StrEnum):
    """Where a ticket stands. `waiting`: answered, the resident has the next word. Everything but `closed` is live."""

    open = "open"
    assigned = "assigned"
    waiting = "waiting"
    snoozed = "snoozed"
    closed = "closed"


LIVE = (Status.open, Status.assigned, Status.waiting, Status.snoozed)


class Standard(StrEnum):
    """Which promise falls due: the first answer, the next one after a word of the resident, or that the matter is settled."""

    first = "first"
    next = "next"
    resolution = "resolution"


class EventKind(StrEnum):
    """What happened to a ticket."""

    opened = "opened"
    joined = "joined"
    assigned = "assigned"
    released = "released"
    replied = "replied"
    noted = "noted"
    snoozed = "snoozed"
    merged = "merged"
    closed = "closed"
    reopened = "reopened"
    withdrawn = "withdrawn"
    rated = "rated"
    reminded = "reminded"
    paged = "paged"
    acknowledged = "acknowledged"


class Ticket(Base):
    """A question that a person must answer. At most one live ticket a conversation and topic: the database refuses a second.

    `topic` is None where nobody can tell what it belongs to; such tickets may stand side by side. `cause_id`: the resident's
    utterance that was handed over, which opens one ticket and never two.

    `number` is what people say, `public_id` what stands in links. `question`: the resident's own words. `nearest`: ids of
    the entries that came closest. `waiting_since`: when the resident's oldest unanswered message came.

    `answer_by` and `resolve_by` are what the standards ask, `due_at` the earlier of the two and `due_for` which one it is; they are
    empty until the sweep of the standards has counted them. `remind_at`: when somebody is reminded next, `reminded` how often that
    was done. `first_in_time` and `resolved_in_time` say afterwards whether the standard was kept.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index(
            "uq_tickets_live",
            "conversation_id",
            "topic",
            unique=True,
            sqlite_where=text("status != 'closed'"),
            postgresql_where=text("status != 'closed'"),
        ),
        Index(None, "conversation_id", "status"),
        Index(None, "resident_id"),
        Index(
            "ix_tickets_live",
            "status",
            "community_id",
            sqlite_where=text("status != 'closed'"),
            postgresql_where=text("status != 'closed'"),
        ),
        Index(None, "status", "closed_at"),
        Index(None, "status", "snoozed_until"),
        Index(None, "first_replied_at"),
        Index(None, "opened_at"),
        NEVER_REUSED,
    )

    id: Mapped[RowId]
    number: Mapped[int] = mapped_column(unique=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    community_id: Mapped[str | None] = mapped_column(ForeignKey("communities.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grids.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"))
    topic: Mapped[str | None]
    cause_id: Mapped[int | None] = mapped_column(unique=True)
    urgency: Mapped[str | None]
    reason: Mapped[Reason]
    status: Mapped[Status]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    question: Mapped[str]
    locale: Mapped[str]
    nearest: Mapped[list[str]]
    opened_at: Mapped[datetime]
    assigned_at: Mapped[datetime | None]
    first_replied_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    resolve_by: Mapped[datetime | None]
    due_for: Mapped[Standard | None]
    remind_at: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)
    first_in_time: Mapped[bool | None]
    resolved_in_time: Mapped[bool | None]
    snoozed_until: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    rating: Mapped[int | None]
    outcome: Mapped[str | None]

    @property
    def live(self) -> bool:
        """Whether somebody still works on it."""
        return self.status != Status.closed


class TicketEvent(Base):
    """One step in the life of a ticket; `worker_id` is empty when the resident or Linli itself took it."""

    __tablename__ = "ticket_events"
    __table_args__ = (Index("ix_ticket_events_ticket_id_id", "ticket_id", "id"), NEVER_REUSED)

    id: Mapped[RowId]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"))
    kind: Mapped[EventKind]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("workers.id"))
    note: Mapped[str | None]
    at: Mapped[datetime]


# Written out in SQL, because a partial index serves only a query that visibly says the same.
_LIVE = text("tickets.status != 'closed'")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A ticket as a list shows it. `last_text`: the last thing said in it that is no note; `utterances` counts those."""

    ticket: Ticket
    resident_alias: str
    assignee_name: str | None
    last_text: str | None
    last_author: Author | None
    last_at: datetime | None
    utterances: int


async def open_ticket(
    tx: Transaction,
    *,
    conversation: Conversation,
    topic: str | None,
    cause_id: int | None = None,
    reason: Reason,
    question: str,
    locale: str,
    now: datetime,
    urgency: str | None = None,
    community_id: str | None = None,
    grid_id: int | None = None,
    nearest: Sequence[str] = (),
    due_at: datetime | None = None,
) -> tuple[Ticket, bool]:
    """A new ticket with its number and True; or False with the one that this utterance opened, or the live one on the same topic."""
    await conversations.lock(tx, conversation.id)
    same = and_(Ticket.topic == topic, Ticket.status != Status.closed) if topic is not None else false()
    if cause_id is not None:
        same = or_(same, Ticket.cause_id == cause_id)
    existing = await tx.session.scalar(select(Ticket).where(Ticket.conversation_id == conversation.id, same).limit(1))
    if existing is not None:
        return existing, False
    ticket = Ticket(
        number=await counters.draw(tx, "ticket"),
        public_id=secrets.token_urlsafe(12),
        community_id=community_id,
        grid_id=grid_id,
        conversation_id=conversation.id,
        resident_id=conversation.resident_id,
        topic=topic,
        cause_id=cause_id,
        urgency=urgency,
        reason=reason,
        status=Status.open,
        question=question,
        locale=locale,
        nearest=list(nearest),
        opened_at=now,
        due_at=due_at,
        waiting_since=now,
    )
    tx.session.add(ticket)
    await tx.flush()
    if cause_id is not None:  # a tap has no words of its own: it is found by the question that it handed over
        await findable.keep(tx, cause_id, question)
    await event(tx, ticket.id, EventKind.opened, at=now)
    return ticket, True


async def get(tx: Transaction, ticket_id: int) -> Ticket | None:
    """The ticket of that id."""
    return await tx.session.get(Ticket, ticket_id)


async def by_number(tx: Transaction, number: int) -> Ticket | None:
    """The ticket of that number."""
    return await tx.session.scalar(select(Ticket).where(Ticket.number == number))


async def live(tx: Transaction, conversation_id: int) -> Sequence[Ticket]:
    """The live tickets of a conversation, newest first."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id, Ticket.status.in_(LIVE)).order_by(Ticket.id.desc())
    return (await tx.session.scalars(query)).all()


async def of_resident(tx: Transaction, resident_id: int) -> Sequence[Ticket]:
    """All tickets of a resident, newest first."""
    return (await tx.session.scalars(select(Ticket).where(Ticket.resident_id == resident_id).order_by(Ticket.id.desc()))).all()


async def claim(tx: Transaction, ticket_id: int, worker_id: int, now: datetime) -> Ticket | None:
    """The worker takes a ticket that nobody has; again by its holder is no error. None: somebody else has it, or it is closed."""
    before = await _ours(tx, ticket_id)
    if before is None:
        return None
    had = before.assignee_id
    query = (
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.status != Status.closed, or_(Ticket.assignee_id.is_(None), Ticket.assignee_id == worker_id))
        .values(
            assignee_id=worker_id,
            assigned_at=func.coalesce(Ticket.assigned_at, now),
            status=case((Ticket.status == Status.open, Status.assigned), else_=Ticket.status),
        )
        .returning(Ticket)
    )
    ticket = await tx.session.scalar(query, execution_options={"populate_existing": True, "synchronize_session": False})
    if ticket is not None and had != worker_id:
        await event(tx, ticket_id, EventKind.assigned, worker_id=worker_id, at=now)
    return ticket


async def release(tx: Transaction, ticket_id: int, worker_id: int, now: datetime) -> Ticket | None:
    """The worker gives a ticket back to the queue. None: it was not theirs, or it is closed."""
    ticket = await _ours(tx, ticket_id)
    if ticket is None or not ticket.live or ticket.assignee_id != worker_id:
        return None
    ticket.assignee_id = None
    ticket.assigned_at = None
    if ticket.status == Status.assigned:
        ticket.status = Status.open
    await event(tx, ticket_id, EventKind.released, worker_id=worker_id, at=now)
    return ticket


async def assign(
    tx: Transaction, ticket_id: int, worker_id: int | None, by: int | None, now: datetime, *, note: str | None = None
) -> Ticket | None:
    """Give a live ticket to a worker (or to nobody), whoever had it. None: it is closed or not there. `note`: why it is nobody's now."""
    ticket = await _ours(tx, ticket_id)
    if ticket is None or not ticket.live:
        return None
    if ticket.assignee_id == worker_id:
        return ticket
    ticket.assignee_id = worker_id
    ticket.assigned_at = None if worker_id is None else now
    if worker_id is None and ticket.status == Status.assigned:
        ticket.status = Status.open
    elif worker_id is not None and ticket.status == Status.open:
        ticket.status = Status.assigned
    kind = EventKind.released if worker_id is None else EventKind.assigned
    worker = None if worker_id is None else await tx.session.get(Worker, worker_id)
    await event(tx, ticket_id, kind, worker_id=by, note=note if worker is None else worker.name, at=now)
    return ticket


async def snooze(tx: Transaction, ticket_id: int, until: datetime, by: int | None, now: datetime) -> Ticket | None:
    """Put a live ticket aside until then, or until the resident writes."""
    ticket = await _ours(tx, ticket_id)
    if ticket is None or not ticket.live:
        return None
    ticket.status = Status.snoozed
    ticket.snoozed_until = until
    await event(tx, ticket_id, EventKind.snoozed, worker_id=by, note=until.isoformat(), at=now)
    return ticket


async def snooze_due(tx: Transaction, now: datetime) -> bool:
    """Whether any snooze is over; needs no write lock."""
    query = select(Ticket.id).where(Ticket.status == Status.snoozed, Ticket.snoozed_until <= now).limit(1)
    return await tx.session.scalar(query) is not None


async def wake_due(tx: Transaction, now: datetime) -> Sequence[Ticket]:
    """Tickets whose snooze is over come back into the queue."""
    query = (
        select(Ticket)
        .where(Ticket.status == Status.snoozed, Ticket.snoozed_until <= now)
        .order_by(Ticket.snoozed_until)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    woken = (await tx.session.scalars(query)).all()
    for ticket in woken:
        _wake(ticket)
        await _changed(tx, ticket.id, now)
    await tx.flush()
    return woken


async def close(tx: Transaction, ticket_id: int, by: int | None, outcome: str | None, now: datetime) -> Ticket | None:
    """The matter is settled. None: it was closed before, or is not there."""
    ticket = await _ours(tx, ticket_id)
    if ticket is None or not ticket.live:
        return None
    ticket.status = Status.closed
    ticket.closed_at = now
    ticket.outcome = outcome
    ticket.waiting_since = None
    ticket.snoozed_until = None
    ticket.resolved_in_time = ticket.resolve_by is None or now <= ticket.resolve_by
    _uncounted(ticket)
    await event(tx, ticket_id, EventKind.closed, worker_id=by, note=outcome, at=now)
    return ticket


async def reopen(tx: Transaction, ticket_id: int, by: int | None, now: datetime) -> Ticket | None:
    """A closed ticket is live again with its last assignee; when the same matter already has a live ticket, that one is returned."""
    ticket = await _ours(tx, ticket_id)
    if ticket is None or ticket.live:
        return ticket
    same_matter = (Ticket.conversation_id == ticket.conversation_id, Ticket.topic == ticket.topic, Ticket.status != Status.closed)
    other = None if ticket.topic is None else await tx.session.scalar(select(Ticket).where(*same_matter))
    if other is not None:
        return other
    ticket.status = Status.open if ticket.assignee_id is None else Status.assigned
    ticket.closed_at = None
    ticket.outcome = None
    ticket.waiting_since = now
    ticket.resolved_in_time = None
    _uncounted(ticket)
    await event(tx, ticket_id, EventKind.reopened, worker_id=by, at=now)
    return ticket


async def merge(tx: Transaction, ticket_id: int, into_id: int, by: int | None, now: datetime) -> Ticket | None:
    """One matter in two tickets: the thread goes into the other, which is returned. None unless both are live and of one resident."""
    ticket, into = (await _ours(tx, min(ticket_id, into_id)), await _ours(tx, max(ticket_id, into_id)))
    if ticket_id > into_id:
        ticket, into = into, ticket
    if ticket is None or into is None or ticket is into or not (ticket.live and into.live) or ticket.resident_id != into.resident_id:
        return None
    await tx.session.execute(update(Utterance).where(Utterance.ticket_id == ticket_id).values(ticket_id=into_id))
    if ticket.waiting_since is not None:
        into.waiting_since = min(ticket.waiting_since, into.waiting_since or ticket.waiting_since)
    ticket.status = Status.closed
    ticket.closed_at = now
    ticket.outcome = "merged"
    ticket.waiting_since = None
    _uncounted(ticket)
    _uncounted(into)
    await event(tx, ticket_id, EventKind.merged, worker_id=by, note=str(into.number), at=now)
    await event(tx, into_id, EventKind.merged, worker_id=by, note=str(ticket.number), at=now)
    return into


async def set_waiting(tx: Transaction, ticket: Ticket, now: datetime) -> Ticket:
    """The resident has written: it waits for us since then (or longer), and a snooze ends."""
    ticket = await _ours(tx, ticket.id) or ticket
    if ticket.live:
        if ticket.waiting_since is None:
            ticket.waiting_since = now
            _uncounted(ticket)
        _wake(ticket)
        await _changed(tx, ticket.id, now)
        await tx.flush()
    return ticket


async def answered(tx: Transaction, ticket: Ticket, now: datetime) -> Ticket:
    """A worker has answered: the resident has the next word."""
    ticket = await _ours(tx, ticket.id) or ticket
    if ticket.first_replied_at is None:
        ticket.first_replied_at = now
        ticket.first_in_time = ticket.answer_by is None or now <= ticket.answer_by
    ticket.waiting_since = None
    _uncounted(ticket)
    if ticket.live:
        ticket.status = Status.waiting
        ticket.snoozed_until = None
    await _changed(tx, ticket.id, now)
    await tx.flush()
    return ticket


async def rate(tx: Transaction, ticket_id: int, rating: int, now: datetime) -> Ticket | None:
    """How much the help was worth to the resident."""
    ticket = await _ours(tx, ticket_id)
    if ticket is not None:
        ticket.rating = rating
        await event(tx, ticket_id, EventKind.rated, note=str(rating), at=now)
    return ticket


async def event(
    tx: Transaction, ticket_id: int, kind: EventKind, *, worker_id: int | None = None, note: str | None = None, at: datetime
) -> TicketEvent:
    """Write down a step in the life of a ticket."""
    row = TicketEvent(ticket_id=ticket_id, kind=kind, worker_id=worker_id, note=note, at=at)
    tx.session.add(row)
    await tx.flush()
    await _changed(tx, ticket_id, at)
    return row


async def events(tx: Transaction, ticket_id: int) -> Sequence[TicketEvent]:
    """The life of a ticket, oldest first."""
    return (await tx.session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id))).all()


async def queue(
    tx: Transaction, *, communities: Collection[str] | None, states: Collection[Status] = LIVE, limit: int = 50, offset: int = 0
) -> list[QueueRow]:
    """Urgent first, then who waits longest, then the oldest; closed ones alone come newest first.

    `communities`: only tickets of these and of no community; None means all.
    """
    order: tuple[SQLColumnExpression[Any], ...] = (
        Ticket.urgency.is_(None), Ticket.waiting_since.is_(None), Ticket.waiting_since, Ticket.opened_at, Ticket.id,
    )  # fmt: skip
    if set(states) == {Status.closed}:
        order = (Ticket.closed_at.desc(), Ticket.id.desc())
    query = select(Ticket).where(Ticket.status.in_(list(states)), *within(communities)).order_by(*order).limit(limit).offset(offset)
    if Status.closed not in states:
        query = query.where(_LIVE)
    return await rows_of(tx, (await tx.session.scalars(query)).all())


async def rows_of(tx: Transaction, found: Sequence[Ticket]) -> list[QueueRow]:
    """These tickets as a list shows them, in the same order."""
    ids = [ticket.id for ticket in found]
    names = (
        select(Ticket.id, Resident.alias, Worker.name)
        .join(Resident, Resident.id == Ticket.resident_id)
        .outerjoin(Worker, Worker.id == Ticket.assignee_id)
        .where(Ticket.id.in_(ids))
    )
    named = {row[0]: (row[1], row[2]) for row in (await tx.session.execute(names)).all()} if ids else {}
    spoken = (
        select(Utterance.ticket_id, func.count().label("n"), func.max(Utterance.id).label("last_id"))
        .where(Utterance.ticket_id.in_(ids), ~Utterance.internal)
        .group_by(Utterance.ticket_id)
        .subquery()
    )
    lasts = (await tx.session.execute(select(Utterance, spoken.c.n).join(spoken, spoken.c.last_id == Utterance.id))).all() if ids else []
    last_of: dict[int | None, tuple[Utterance, int]] = {row[0].ticket_id: (row[0], row[1]) for row in lasts}
    rows = []
    for ticket in found:
        alias, assignee = named[ticket.id]
        last, count = last_of.get(ticket.id, (None, 0))
        rows.append(
            QueueRow(
                ticket=ticket,
                resident_alias=alias,
                assignee_name=assignee,
                last_text=None if last is None else last.text,
                last_author=None if last is None else last.author,
                last_at=None if last is None else last.at,
                utterances=count,
            )
        )
    return rows


async def counts(tx: Transaction, communities: Collection[str] | None) -> dict[Status, int]:
    """How many live tickets stand where."""
    query = select(Ticket.status, func.count()).where(_LIVE, *within(communities)).group_by(Ticket.status)
    counted = {row[0]: row[1] for row in (await tx.session.execute(query)).all()}
    return {status: counted.get(status, 0) for status in LIVE}


async def usual_wait(tx: Transaction, community_id: str | None, since: datetime) -> timedelta | None:
    """How long it usually took from opening to the first answer: the median of the last 500 since then, or None."""
    query = (
        select(Ticket.opened_at, Ticket.first_replied_at)
        .where(Ticket.first_replied_at >= since)
        .order_by(Ticket.first_replied_at.desc())
        .limit(500)
    )
    if community_id is not None:
        query = query.where(Ticket.community_id == community_id)
    seconds = [(replied - opened).total_seconds() for opened, replied in (await tx.session.execute(query)).all() if replied]
    return timedelta(seconds=statistics.median(seconds)) if seconds else None


def within(communities: Collection[str] | None) -> tuple[ColumnElement[bool], ...]:
    """The condition for tickets of these communities and of none; no condition where a worker looks after all."""
    if communities is None:
        return ()
    return (or_(Ticket.community_id.in_(sorted(communities)), Ticket.community_id.is_(None)),)


def _uncounted(ticket: Ticket) -> None:
    """What falls due is counted anew by the next sweep; when the matter must be settled stays."""
    ticket.answer_by = None
    ticket.due_at = ticket.resolve_by if ticket.live else None
    ticket.due_for = Standard.resolution if ticket.due_at else None
    ticket.remind_at = None
    ticket.reminded = 0


def _wake(ticket: Ticket) -> None:
    if ticket.status in (Status.snoozed, Status.waiting):
        ticket.status = Status.open if ticket.assignee_id is None else Status.assigned
        ticket.snoozed_until = None


async def _ours(tx: Transaction, ticket_id: int) -> Ticket | None:
    """The ticket as it is now; where others write at the same time its conversation is locked first, in the order that all follow."""
    if not tx.shared:
        return await tx.session.get(Ticket, ticket_id)
    conversation_id = await tx.session.scalar(select(Ticket.conversation_id).where(Ticket.id == ticket_id))
    if conversation_id is None:
        return None
    await conversations.lock(tx, conversation_id)
    return await tx.session.scalar(select(Ticket).where(Ticket.id == ticket_id).execution_options(populate_existing=True))


async def _changed(tx: Transaction, ticket_id: int, now: datetime) -> None:
    await changes.note(tx, Subject.ticket, ticket_id, now)
    await changes.note(tx, Subject.queue, "", now)
