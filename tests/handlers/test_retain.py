"""Retention: after the sweep nothing is kept longer than its time, nothing goes before it, and it can be told before."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from handlers.desk import Desk
from handlers.messages import Attachment, AttachmentKind
from handlers.routine.retain import Overdue, overdue, retain
from handlers.staff import queue, reply
from storage import audit, conversations, tickets
from storage.audit import AuditRecord
from storage.conversations import Utterance
from storage.outbox import Delivery
from storage.people import Identity, Resident
from storage.retention import Kept
from storage.tickets import Status, Ticket
from storage.transaction import Transaction
from tests.desks import Clock, Person, hire
from tests.handlers.test_forget import deliver

PIANO = "Where can I get my piano tuned?"
PHOTO = Attachment(AttachmentKind.photo, "file-id", "letter.jpg")


async def month(desk: Desk, clock: Clock, number: int) -> None:
    """A month in which some ask, some are answered, and some wait for ever."""
    person = Person(desk, name=f"person-{number % 3}")
    await person.say("How do I register my address?")
    closed = await person.say(f"{PIANO} {number}", attachments=(PHOTO,))
    worker = await hire(desk, f"Worker {number}")
    async with desk.storage.reading() as tx:
        ticket = await tickets.by_number(tx, closed.ticket or 0)
    assert ticket is not None
    await queue.claim(desk, worker.id, ticket.id)
    await reply.reply(desk, worker.id, ticket.id, "Ask at the culture centre.")
    await queue.look(desk, worker.id, ticket.id)
    await deliver(desk)
    clock.pass_(days=3)
    await queue.close(desk, worker.id, ticket.id)
    waiting = Person(desk, name=f"waiting-{number}")
    await waiting.say(f"{PIANO} still {number}", attachments=(PHOTO,))
    await deliver(desk)
    clock.pass_(days=27)


async def late(tx: Transaction, now: datetime, desk: Desk) -> dict[str, int]:
    """What is kept longer than its time, counted by hand."""
    keep = desk.policy
    old = (Ticket.status == Status.closed) & (Ticket.closed_at < now - keep.keep_text)
    live = select(Ticket.id).where(Ticket.status != Status.closed)
    settled = Utterance.ticket_id.is_(None) | Utterance.ticket_id.not_in(live)
    closed_late = select(Ticket.id).where(Ticket.status == Status.closed, Ticket.closed_at >= now - keep.keep_text)
    closed_late_files = select(Ticket.id).where(Ticket.status == Status.closed, Ticket.closed_at >= now - keep.keep_attachments)
    spared = Utterance.ticket_id.is_(None) | Utterance.ticket_id.not_in(closed_late)
    spared_files = Utterance.ticket_id.is_(None) | Utterance.ticket_id.not_in(closed_late_files)
    queries = {
        "questions": select(func.count()).select_from(Ticket).where(old, Ticket.question != ""),
        "words": select(func.count())
        .select_from(Utterance)
        .where(Utterance.at < now - keep.keep_text, settled, spared, Utterance.text != ""),
        "records": select(func.count()).select_from(AuditRecord).where(AuditRecord.at < now - keep.keep_records),
    }
    found = {name: await tx.session.scalar(query) or 0 for name, query in queries.items()}
    files = select(Utterance.attachments).where(Utterance.at < now - keep.keep_attachments, settled, spared_files)
    found["files"] = sum(bool(one) for one in (await tx.session.scalars(files)).all())
    found["deliveries"] = await tx.session.scalar(
        select(func.count())
        .select_from(Delivery)
        .outerjoin(Utterance, Utterance.id == Delivery.utterance_id)
        .where(Delivery.created_at < now - keep.keep_logs, settled)
    ) or 0  # fmt: skip
    return found


async def test_after_four_years_nothing_is_overdue_and_open_tickets_keep_their_words(desk: Desk, clock: Clock) -> None:
    for number in range(8):
        await month(desk, clock, number)
    await deliver(desk)
    async with desk.storage.reading() as tx:
        assert sum((await late(tx, clock(), desk)).values()) > 10
    before = await overdue(desk)
    assert before.total > 10
    gone = await retain(desk)
    assert gone.rows[Kept.tickets] == before.rows[Kept.tickets] > 0
    assert before.rows[Kept.attachments] >= gone.rows[Kept.attachments] > 0  # some went with their words
    assert gone.rows[Kept.deliveries] == before.rows[Kept.deliveries] > 0
    assert (await overdue(desk)).total == 0
    async with desk.storage.reading() as tx:
        assert not any((left := await late(tx, clock(), desk)).values()), left
        waiting = (await tx.session.scalars(select(Ticket).where(Ticket.status != Status.closed))).all()
        assert len(waiting) == 8
        assert all("still" in ticket.question for ticket in waiting)
        for ticket in waiting:
            assert any(turn.attachments for turn in await conversations.of_ticket(tx, ticket.id))
    clock.pass_(days=365 * 4)
    await retain(desk)
    async with desk.storage.reading() as tx:
        assert not any((left := await late(tx, clock(), desk)).values()), left
        assert await tx.session.scalar(select(func.count()).select_from(AuditRecord).where(AuditRecord.action == "ticket_seen")) == 0


async def test_a_dry_run_changes_nothing(desk: Desk, clock: Clock) -> None:
    await month(desk, clock, 1)
    clock.pass_(days=400)
    first = await overdue(desk)
    assert first.total > 0
    assert await overdue(desk) == first


async def test_words_stay_until_their_last_day_and_go_the_day_after(desk: Desk, clock: Clock) -> None:
    person = Person(desk)
    await person.say("How do I register my address?")
    clock.pass_(days=179)
    await retain(desk)
    async with desk.storage.reading() as tx:
        assert await tx.session.scalar(select(func.count()).select_from(Utterance).where(Utterance.text != "")) == 3
    clock.pass_(days=2)
    assert (await retain(desk)).rows[Kept.talk] == 3
    async with desk.storage.reading() as tx:
        assert await tx.session.scalar(select(func.count()).select_from(Utterance).where(Utterance.text != "")) == 0
        assert await tx.session.scalar(select(func.count()).select_from(Utterance)) == 3


async def test_a_person_of_whom_nothing_is_heard_for_a_year_is_forgotten(desk: Desk, clock: Clock) -> None:
    silent, waiting = Person(desk, name="silent"), Person(desk, name="waiting")
    await silent.say("How do I register my address?")
    await waiting.say(PIANO)
    clock.pass_(days=200)
    faithful = Person(desk, name="faithful")
    await faithful.say("How do I register my address?")
    clock.pass_(days=166)
    assert await overdue(desk) == Overdue((await overdue(desk)).rows, 1)
    assert (await retain(desk)).people == 1
    async with desk.storage.reading() as tx:
        assert set((await tx.session.scalars(select(Identity.sender_id))).all()) == {"waiting", "faithful"}
        assert len((await tx.session.scalars(select(Resident))).all()) == 3


async def test_many_tickets_closed_in_one_moment_are_all_swept(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage import retention

    worker = await hire(desk)
    for n in range(7):
        opened = await Person(desk, name=f"n{n}").say(PIANO)
        async with desk.storage.reading() as tx:
            ticket = await tickets.by_number(tx, opened.ticket or 0)
        assert ticket is not None
        await queue.close(desk, worker.id, ticket.id)
    clock.pass_(days=181)
    sweep = retention.sweep
    monkeypatch.setattr(retention, "sweep", lambda tx, limits, now: sweep(tx, limits, now, batch=3))
    await retain(desk)
    async with desk.storage.reading() as tx:
        assert await tx.session.scalar(select(func.count()).select_from(Ticket).where(Ticket.question != "")) == 0
        assert await tx.session.scalar(select(func.count()).select_from(Utterance).where(Utterance.text != "")) == 0


async def test_audit_records_stay_three_years(desk: Desk, clock: Clock) -> None:
    async with desk.storage.transaction() as tx:
        await audit.record(tx, "ticket_seen", "ticket:1", worker_id=None, now=clock())
    clock.pass_(days=3 * 365)
    await retain(desk)
    async with desk.storage.reading() as tx:
        assert len(await audit.of_subjects(tx, ["ticket:1"])) == 1
    clock.time += timedelta(days=2)
    await retain(desk)
    async with desk.storage.reading() as tx:
        assert await audit.of_subjects(tx, ["ticket:1"]) == []
