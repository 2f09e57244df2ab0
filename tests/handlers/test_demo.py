"""The demonstration is lived through like real days, the same for the same seed, and leaves nothing that would still go out."""

import shutil
from datetime import timedelta
from pathlib import Path

from handlers import demo
from handlers.desk import Desk
from handlers.routine import deliver
from handlers.staff import reports, roster, search, views
from handlers.staff.reports import Measure, Said
from storage import Storage
from storage.tickets import Status
from tests.desks import Clock, open_desk

ALL = tuple(Status)


async def questions(desk: Desk) -> list[str]:
    """What was asked, in the order of the tickets."""
    lin = await roster.named(desk, "Lin Xia")
    rows = (await views.listed(desk, lin.id, views.View(states=ALL, order=views.Order.newest), limit=500)).rows
    return [row.ticket.question for row in rows]


async def test_days_are_full_of_tickets_answers_and_numbers(sqlite_storage: Storage, clock: Clock) -> None:
    desk = await open_desk(sqlite_storage, clock)
    assert not await demo.filled(desk)
    await demo.fill(desk, days=5, seed=7)
    assert await demo.filled(desk)
    lin = await roster.named(desk, "Lin Xia")
    found = await reports.report(desk, lin.id, reports.last_days(desk, 6))
    counts = found.total.counts
    assert counts[Measure.opened] > 10
    assert counts[Measure.closed] > 2
    assert counts[Said.answers] > 2
    rows = (await views.listed(desk, lin.id, views.View(states=ALL), limit=500)).rows
    assert all(row.ticket.opened_at <= clock() for row in rows)
    asked = rows[0].ticket
    assert asked.id in {row.ticket.id for row in (await search.find(desk, lin.id, asked.question)).rows}
    clock.time += timedelta(minutes=5)
    taken = await deliver.take(desk, demo.CHANNEL, 50, ())
    assert len(taken.replies) <= 1


async def test_the_same_seed_tells_the_same_story(sqlite_storage: Storage, sqlite_template: Path, tmp_path: Path, clock: Clock) -> None:
    other = Storage(f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.db')}")
    await other.open()
    told = []
    for one in (sqlite_storage, other):
        desk = await open_desk(one, clock)
        await demo.fill(desk, days=2, seed=3)
        told.append(await questions(desk))
    await other.close()
    assert told[0] == told[1]
    assert len(told[0]) > 3
