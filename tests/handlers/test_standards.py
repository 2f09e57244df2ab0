"""Standards run in office time; who is late is reminded, then the supervisor is told, then the ticket is free again."""

from dataclasses import replace
from datetime import datetime

import pytest

from handlers.desk import Desk
from handlers.hours import HERE
from handlers.messages import Reply
from handlers.routine.standards import keep_standards
from handlers.staff import queue, reply, views
from handlers.staff.on_call import NOTIFY
from storage import tickets
from storage.tickets import Standard, Ticket
from storage.workers import Role
from tests.desks import Clock, Person, hire
from tests.handlers.test_staff import delivered, ticket_of


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=HERE)


@pytest.fixture
def desk(desk: Desk, clock: Clock) -> Desk:
    """A desk whose workers can be reached, on a Friday afternoon."""
    clock.time = at("2026-03-06 16:00")
    return replace(desk, notify=("json://127.0.0.1",), url="https://help.example.org")


async def ticket(desk: Desk, ticket_id: int) -> Ticket:
    async with desk.storage.reading() as tx:
        found = await tickets.get(tx, ticket_id)
    assert found is not None
    return found


async def told(desk: Desk) -> list[Reply]:
    return [one for one in await delivered(desk) if one.channel == NOTIFY]


async def test_the_first_answer_is_due_in_office_time(desk: Desk, ana: Person) -> None:
    chen = await hire(desk)
    await ana.say("/start c-willow")
    opened = await ticket_of(desk, ana, chen.id)
    assert await keep_standards(desk) == 1
    assert await keep_standards(desk) == 0
    found = await ticket(desk, opened)
    assert (found.due_at, found.due_for) == (at("2026-03-09 09:30"), Standard.first)
    assert found.resolve_by == at("2026-03-13 13:30")


async def test_reminder_then_supervisor_then_queue(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    await hire(desk, "Boss", role=Role.supervisor)
    await ana.say("/start c-willow")
    opened = await ticket_of(desk, ana, chen.id)
    await queue.claim(desk, chen.id, opened)
    await keep_standards(desk)
    clock.time = at("2026-03-06 17:29")
    await delivered(desk)
    assert await keep_standards(desk) == 0
    clock.time = at("2026-03-06 17:30")
    assert await keep_standards(desk) == 1
    (first,) = await told(desk)
    assert first.text.startswith("The first answer to ticket 1 (Willow Bank) is due by Monday, 9 March 09:30.")
    assert first.choices[0].payload == "https://help.example.org/console/tickets/1"
    clock.time = at("2026-03-09 09:30")
    assert await keep_standards(desk) == 1
    (second,) = await told(desk)
    assert second.chat_id != first.chat_id
    assert [row.ticket.id for row in (await views.listed(desk, chen.id, views.soon(desk))).rows] == [opened]
    clock.time = at("2026-03-09 10:30")
    assert await keep_standards(desk) == 1
    assert (await ticket(desk, opened)).assignee_id is None
    clock.time = at("2026-03-20 10:30")
    assert await keep_standards(desk) == 0
    assert [one.kind for one in (await queue.look(desk, chen.id, opened)).events][-3:] == ["reminded", "reminded", "released"]


async def test_an_answer_in_time_counts_and_the_next_word_starts_the_next_standard(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    opened = await ticket_of(desk, ana, chen.id)
    await keep_standards(desk)
    await reply.reply(desk, chen.id, opened, "On Friday.")
    answered = await ticket(desk, opened)
    assert (answered.first_in_time, answered.due_for) == (True, Standard.resolution)
    assert await keep_standards(desk) == 0
    clock.pass_(minutes=5)
    await ana.say("The piano stands on the fifth floor")
    await keep_standards(desk)
    assert (await ticket(desk, opened)).due_for is Standard.next


async def test_a_late_answer_and_a_late_end_are_remembered(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    opened = await ticket_of(desk, ana, chen.id)
    await keep_standards(desk)
    clock.time = at("2026-03-17 10:00")
    await reply.reply(desk, chen.id, opened, "On Friday.")
    assert (await ticket(desk, opened)).first_in_time is False
    await queue.close(desk, chen.id, opened)
    assert (await ticket(desk, opened)).resolved_in_time is False
    assert (await ticket(desk, opened)).due_at is None


async def test_a_ticket_that_nobody_has_reminds_who_is_called_first(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    await ticket_of(desk, ana, chen.id)
    await keep_standards(desk)
    await delivered(desk)
    clock.time = at("2026-03-09 09:00")
    await keep_standards(desk)
    (call,) = await told(desk)
    assert call.chat_id == f"worker:{chen.id}"


async def test_what_rests_reminds_nobody(desk: Desk, ana: Person, clock: Clock) -> None:
    chen = await hire(desk)
    opened = await ticket_of(desk, ana, chen.id)
    await keep_standards(desk)
    await queue.snooze(desk, chen.id, opened, at("2026-03-10 09:00"))
    clock.time = at("2026-03-09 17:00")
    assert await keep_standards(desk) == 0
