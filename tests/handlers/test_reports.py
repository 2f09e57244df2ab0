"""The numbers of the desk agree with the tickets behind them, keep to the worker's communities, and can be taken away."""

import csv
import io
import zipfile
from datetime import date, datetime, timedelta

import pytest

from handlers.desk import Desk
from handlers.errors import NotAllowed
from handlers.hours import HERE
from handlers.routine.standards import keep_standards
from handlers.staff import queue, reply, reports, sheets
from handlers.staff.reports import By, Measure, Narrow, Period, Said
from storage import audit, communities
from storage.workers import Role
from tests.desks import Clock, Person, hire
from tests.handlers.test_staff import ticket_of

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
async def busy(desk: Desk, clock: Clock) -> Desk:
    """Two weeks: an answer that helped, one that did not, a ticket in time, one late, one that is spam."""
    chen = await hire(desk)
    ana, ben = Person(desk), Person(desk, "Ben")
    clock.time = datetime(2026, 3, 2, 10, tzinfo=HERE)
    await ana.say("/start c-willow")
    await ana.say("How do I register my address?")
    await ana.tap("👍 This helped")
    first = await ticket_of(desk, ana, chen.id)
    await keep_standards(desk)
    clock.pass_(minutes=30)
    await reply.reply(desk, chen.id, first, "On Friday.")
    await queue.close(desk, chen.id, first)
    clock.time = datetime(2026, 3, 9, 10, tzinfo=HERE)
    await ben.say("怎么换驾照")
    await ben.tap("👎 找人工")
    second = await ticket_of(desk, ben, chen.id, "哪里可以修钢琴")
    await keep_standards(desk)
    clock.pass_(days=2)
    await reply.reply(desk, chen.id, second, "周五。")
    third = await ticket_of(desk, Person(desk, "Cai"), chen.id, "Buy my crypto coins")
    await queue.close(desk, chen.id, third, "spam")
    return desk


async def test_the_numbers_are_those_of_what_happened(busy: Desk) -> None:
    found = await reports.report(busy, 1, MARCH)
    counts = found.total.counts
    assert {name: counts[name] for name in (Measure.opened, Measure.unhelpful, Measure.answered, Measure.closed, Measure.open)} == {
        Measure.opened: 2, Measure.unhelpful: 1, Measure.answered: 2, Measure.closed: 1, Measure.open: 1,
    }  # fmt: skip
    assert (counts[Measure.answered_in_time], counts[Measure.within_hour], counts[Measure.closed_in_time]) == (1, 1, 1)
    assert {name: counts[name] for name in Said} == {Said.answers: 2, Said.helped: 1, Said.wrong: 1}
    assert found.answered_by_bot == pytest.approx(1 / 3)
    assert found.median_first_answer == timedelta(days=2)
    assert [line.key for line in found.by[By.week]] == [date(2026, 3, 2), date(2026, 3, 9)]
    assert {line.key: line.counts[Measure.opened] for line in found.by[By.language]} == {"en": 1, "zh": 1}
    assert {line.key: line.counts[Said.answers] for line in found.by[By.topic] if line.counts[Said.answers]} == {
        "registration": 1, "driving": 1,
    }  # fmt: skip
    assert found.unannounced == ()


async def test_every_number_lists_as_many_tickets_as_it_counts(busy: Desk) -> None:
    found = await reports.report(busy, 1, MARCH)
    for measure in Measure:
        assert len(await reports.behind(busy, 1, MARCH, measure)) == found.total.counts[measure], measure
        for by in By:
            for line in found.by[by]:
                rows = await reports.behind(busy, 1, MARCH, measure, reports.narrowed(by, line.key))
                assert len(rows) == line.counts[measure], (measure, by, line.key)


async def test_a_worker_sees_the_numbers_of_their_communities(busy: Desk) -> None:
    async with busy.storage.transaction() as tx:
        await communities.ensure(tx, {"oak": {"en": "Oak", "zh": "橡树"}}, busy.now())
    zhou = await hire(busy, "Zhou", communities=("oak",))
    found = await reports.report(busy, zhou.id, MARCH)
    assert found.total.counts[Measure.opened] == 1
    assert await reports.behind(busy, zhou.id, MARCH, Measure.opened, Narrow(community="willow")) == []


async def test_an_empty_period_has_no_median_and_no_shares(busy: Desk) -> None:
    found = await reports.report(busy, 1, Period(date(2025, 1, 1), date(2025, 1, 31)))
    assert (found.median_first_answer, found.answered_by_bot, found.total.share(Measure.closed, Measure.opened)) == (None, None, None)


async def test_only_supervisors_take_numbers_away_and_it_is_recorded(busy: Desk) -> None:
    boss = await hire(busy, "Boss", role=Role.supervisor)
    with pytest.raises(NotAllowed):
        await reports.export(busy, 1, MARCH)
    await reports.export(busy, boss.id, MARCH)
    async with busy.storage.reading() as tx:
        assert [one.action for one in await audit.of_subjects(tx, [f"worker:{boss.id}"])][-1] == "figures_exported"


async def test_the_files_hold_the_same_numbers(busy: Desk) -> None:
    found = await reports.report(busy, 1, MARCH)
    table = list(csv.reader(io.StringIO(sheets.as_csv(busy, found, "zh").decode("utf-8-sig"))))
    assert table[1][0] == "全部"
    assert table[1][2:] == [str(found.total.counts[name]) for name in sheets.COLUMNS]
    assert ["社区", "柳岸社区"] in [row[:2] for row in table]
    book = zipfile.ZipFile(io.BytesIO(sheets.as_xlsx(busy, found, "en")))
    assert "Willow Bank" in book.read("xl/sharedStrings.xml").decode()
    assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) == 5


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_a_formula(words: str) -> None:
    assert sheets.harmless(words) == f"'{words}"
