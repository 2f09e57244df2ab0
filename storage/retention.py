"""Retention: what has been kept for its time is emptied or removed, a batch a transaction; before that it can be counted.

Messages are walked in the order of their ids, which is the order of time, tickets in the order in which they were closed; marks
remember how far that has come, so that a sweep looks only at what has come of age since the last one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Any

from sqlalchemy import Select, String, cast, delete, exists, func, or_, select, update

from storage import changes, exports, groups, handovers, marks, pace
from storage.audit import AuditRecord
from storage.conversations import Utterance
from storage.erasure import Erasure
from storage.outbox import Delivery, DeliveryState
from storage.tickets import Status, Ticket, TicketEvent
from storage.transaction import Transaction
from storage.workers import SignInLink, WorkerSession

#: Facts of a group serve for an hour; older than this they go.
_GROUP_HOUR = timedelta(hours=2)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_LIVE = exists().where(Utterance.id == Delivery.utterance_id, Ticket.id == Utterance.ticket_id, Ticket.status != Status.closed)
_SILENTLY = {"synchronize_session": False}


class Kept(StrEnum):
    """What is kept for a time of its own: words of closed tickets, words outside tickets, files, what went out, audit records."""

    tickets = "tickets"
    talk = "talk"
    attachments = "attachments"
    deliveries = "deliveries"
    records = "records"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is older than these moments has had its time: words, attachments, what went out, audit records."""

    text: datetime
    attachments: datetime
    logs: datetime
    records: datetime


async def overdue(tx: Transaction, limits: Limits) -> dict[Kept, int]:
    """How many rows a sweep would empty or remove now."""
    walks = {
        Kept.tickets: _closed(await _until(tx, Kept.tickets), limits.text).with_only_columns(Ticket.id),
        Kept.talk: _said(await _place(tx, Kept.talk)).where(Utterance.at < limits.text, _loose(), Utterance.text != ""),
        Kept.attachments: _files(await _place(tx, Kept.attachments), await _until(tx, Kept.attachments), limits.attachments),
        Kept.deliveries: _went_out(limits),
        Kept.records: select(AuditRecord.id).where(AuditRecord.at < limits.records),
    }
    return {kept: await tx.session.scalar(select(func.count()).select_from(walk.subquery())) or 0 for kept, walk in walks.items()}


async def sweep(tx: Transaction, limits: Limits, now: datetime, batch: int = 500) -> tuple[dict[Kept, int], bool]:
    """Empty or remove some of what is overdue; how many rows of each kind, and whether there is more to do."""
    done = dict.fromkeys(Kept, 0)
    done[Kept.tickets], more_tickets = await _sweep_tickets(tx, limits.text, now, batch)
    done[Kept.talk], more_talk = await _sweep_talk(tx, limits.text, now, batch)
    done[Kept.attachments], more_files = await _sweep_files(tx, limits.attachments, now, batch)
    went = list((await tx.session.scalars(_went_out(limits).order_by(Delivery.id).limit(batch))).all())
    await tx.session.execute(delete(Delivery).where(Delivery.id.in_(went)), execution_options=_SILENTLY)
    old = list((await tx.session.scalars(select(AuditRecord.id).where(AuditRecord.at < limits.records).limit(batch))).all())
    await tx.session.execute(delete(AuditRecord).where(AuditRecord.id.in_(old)), execution_options=_SILENTLY)
    done[Kept.deliveries], done[Kept.records] = len(went), len(old)
    return done, more_tickets or more_talk or more_files or batch in (len(went), len(old))


async def tidy(tx: Transaction, limits: Limits, now: datetime) -> None:
    """Remove what serves nobody any more: spent links, ended sessions, old changes, unused paces, facts of groups, old proofs."""
    await tx.session.execute(delete(SignInLink).where(SignInLink.expires_at < limits.logs))
    await tx.session.execute(delete(WorkerSession).where(WorkerSession.expires_at < limits.logs))
    await tx.session.execute(delete(Erasure).where(Erasure.done_at < limits.records))
    await changes.prune(tx, limits.logs)
    await pace.prune(tx, now)
    await exports.prune(tx, now)
    await handovers.prune(tx, now)
    await groups.prune(tx, now - _GROUP_HOUR)


def _closed(since: datetime, before: datetime) -> Select[int, datetime | None]:
    return select(Ticket.id, Ticket.closed_at).where(
        Ticket.status == Status.closed, Ticket.closed_at >= since, Ticket.closed_at < before
    )  # fmt: skip


def _said(after: int) -> Select[int]:
    return select(Utterance.id).where(Utterance.id > after)


def _loose() -> Any:
    return Utterance.ticket_id.is_(None)


def _with_files() -> Any:
    return cast(Utterance.attachments, String) != "[]"


def _files(after: int, since: datetime, before: datetime) -> Select[int]:
    of_closed = Utterance.ticket_id.in_(_closed(since, before).with_only_columns(Ticket.id))
    return select(Utterance.id).where(_with_files(), or_((Utterance.id > after) & (Utterance.at < before) & _loose(), of_closed))


def _went_out(limits: Limits) -> Select[int]:
    """What went out, or never will, and belongs to no live ticket; what could not go for as long as words are kept goes too."""
    over = (DeliveryState.sent, DeliveryState.maybe_sent, DeliveryState.dead)
    stuck = Delivery.created_at < limits.text
    return select(Delivery.id).where(Delivery.created_at < limits.logs, or_(Delivery.state.in_(over), stuck), ~_LIVE)


async def _sweep_tickets(tx: Transaction, before: datetime, now: datetime, batch: int) -> tuple[int, bool]:
    """Words of tickets that were closed before then: the question, the thread, what events noted."""
    ids, more = await _next_closed(tx, Kept.tickets, before, now, batch)
    await tx.session.execute(update(Ticket).where(Ticket.id.in_(ids)).values(question=""), execution_options=_SILENTLY)
    await tx.session.execute(update(TicketEvent).where(TicketEvent.ticket_id.in_(ids)).values(note=None), execution_options=_SILENTLY)
    await _silence(tx, Utterance.ticket_id.in_(ids))
    return len(ids), more


async def _sweep_talk(tx: Transaction, before: datetime, now: datetime, batch: int) -> tuple[int, bool]:
    """Words that belong to no ticket."""
    ids, more = await _next_said(tx, Kept.talk, before, now, batch)
    return await _silence(tx, Utterance.id.in_(ids), _loose(), Utterance.text != ""), more


async def _sweep_files(tx: Transaction, before: datetime, now: datetime, batch: int) -> tuple[int, bool]:
    """References to files: those outside tickets, and those of tickets that were closed before then."""
    said, more_said = await _next_said(tx, Kept.attachments, before, now, batch)
    closed, more_closed = await _next_closed(tx, Kept.attachments, before, now, batch)
    mine = or_(Utterance.id.in_(said) & _loose(), Utterance.ticket_id.in_(closed))
    query = update(Utterance).where(mine, _with_files()).values(attachments=[]).returning(Utterance.id)
    return len((await tx.session.scalars(query, execution_options=_SILENTLY)).all()), more_said or more_closed


async def _silence(tx: Transaction, *which: Any) -> int:
    query = update(Utterance).where(*which).values(text="", attachments=[], choices=[], message_id=None).returning(Utterance.id)
    return len((await tx.session.scalars(query, execution_options=_SILENTLY)).all())


async def _next_said(tx: Transaction, kept: Kept, before: datetime, now: datetime, batch: int) -> tuple[Sequence[int], bool]:
    place = await _place(tx, kept)
    query = select(Utterance.id, Utterance.at).where(Utterance.id > place).order_by(Utterance.id).limit(batch)
    rows = (await tx.session.execute(query)).all()
    ids = [row[0] for row in takewhile(lambda row: row[1] < before, rows)]
    if ids:
        await marks.put(tx, f"retained:{kept}:said", str(ids[-1]), now)
    return ids, len(ids) == batch


async def _next_closed(tx: Transaction, kept: Kept, before: datetime, now: datetime, batch: int) -> tuple[Sequence[int], bool]:
    since = await _until(tx, kept)
    rows = (await tx.session.execute(_closed(since, before).order_by(Ticket.closed_at).limit(batch))).all()
    more = len(rows) == batch
    if more:  # many may have been closed in one moment: that moment is done whole
        before = (rows[-1][1] or before) + timedelta(microseconds=1)
        rows = (await tx.session.execute(_closed(since, before))).all()
    await marks.put(tx, f"retained:{kept}:closed", before.isoformat(), now)
    return [row[0] for row in rows], more


async def _place(tx: Transaction, kept: Kept) -> int:
    return int(await marks.get(tx, f"retained:{kept}:said") or 0)


async def _until(tx: Transaction, kept: Kept) -> datetime:
    mark = await marks.get(tx, f"retained:{kept}:closed")
    return datetime.fromisoformat(mark) if mark else _BEGINNING
