"""Office hours with Chinese holidays, their working weekends and an admin's own days."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from faq import communities
from handlers.hours import HERE, USUAL, Hours, announced, of_profile

PLAIN = Hours(((((time(9), time(17))),),) * 5 + ((), ()))


def here(day: str, clock: str = "00:00") -> datetime:
    """A moment in Hangzhou."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2026-03-02", True),  # a Monday
        ("2026-03-01", False),  # a Sunday
        ("2026-02-14", True),  # a Saturday that makes up for Spring Festival
        ("2026-02-16", False),
        ("2026-02-20", False),  # moved from Saturday the 14th
        ("2026-02-23", False),  # moved from Saturday the 28th
        ("2026-02-28", True),
        ("2026-09-20", True),  # a Sunday that makes up for National Day
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2025-09-28", True),
        ("2025-10-08", False),
        ("2026-01-04", True),  # the Sunday after New Year
    ],
)
def test_public_holidays_and_working_weekends(day: str, is_open: bool) -> None:
    assert bool(PLAIN.of_day(date.fromisoformat(day))) is is_open


def test_an_admins_own_days_go_first() -> None:
    own = Hours(PLAIN.week, closed=frozenset({date(2026, 2, 14)}), open=frozenset({date(2026, 2, 17)}))
    assert own.of_day(date(2026, 2, 14)) == ()
    assert own.of_day(date(2026, 2, 17)) == PLAIN.week[0]


def test_the_same_moment_in_any_zone_is_open() -> None:
    assert PLAIN.is_open(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    assert not PLAIN.is_open(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


def test_closed_is_told_with_the_next_opening() -> None:
    assert PLAIN.opens_at(here("2026-09-30", "17:30")) == here("2026-10-08", "09:00")
    assert Hours(((),) * 7).opens_at(here("2026-03-02")) is None


@pytest.mark.parametrize(
    ("start", "end", "office_hours"),
    [
        (here("2026-03-02", "10:00"), here("2026-03-02", "11:30"), 1.5),
        (here("2026-03-02", "16:00"), here("2026-03-03", "10:00"), 2),
        (here("2026-03-06", "16:00"), here("2026-03-09", "10:00"), 2),
        (here("2026-02-13", "09:00"), here("2026-02-25", "09:00"), 8 * 3),  # the 13th, the working 14th, the 24th
        (here("2026-03-07", "10:00"), here("2026-03-08", "20:00"), 0),
        (here("2026-03-02", "11:00"), here("2026-03-02", "10:00"), 0),
    ],
)
def test_office_time_between_two_moments(start: datetime, end: datetime, office_hours: float) -> None:
    assert PLAIN.between(start, end) == timedelta(hours=office_hours)


def test_the_moment_after_so_much_office_time() -> None:
    assert PLAIN.after(here("2026-03-06", "16:00"), timedelta(hours=2)) == here("2026-03-09", "10:00")
    assert PLAIN.after(here("2026-03-02", "16:00"), timedelta(hours=1)) == here("2026-03-02", "17:00")
    assert PLAIN.after(here("2026-03-02", "16:00"), timedelta()) == here("2026-03-02", "16:00")
    assert Hours(((),) * 7).after(here("2026-03-02"), timedelta(hours=1)) is None


def test_what_is_after_and_what_is_between_agree_over_a_year() -> None:
    for n in range(0, 365, 7):
        start = here("2026-01-01", "11:13") + timedelta(days=n)
        end = PLAIN.after(start, timedelta(hours=20))
        assert end is not None
        assert PLAIN.between(start, end) == timedelta(hours=20)


def test_a_year_that_is_not_announced_yet_says_so() -> None:
    assert announced(2026)
    assert not announced(2035)


def test_hours_come_from_the_profile() -> None:
    text = "# w\nOpen: Tue 9:00–12:00\nOn call: Chen Yuyu, Li Na\nClosed days: 2026-03-03\nOpen days: 2026-03-08\n"
    found = of_profile(communities.read(text.encode(), Path("w.md"))[0])
    assert found.of_day(date(2026, 3, 3)) == ()
    assert found.of_day(date(2026, 3, 8)) == ((time(9), time(12)),)
    assert found.on_call == ("Chen Yuyu", "Li Na")


@pytest.mark.parametrize(
    ("line", "end"), [("Worker hours: weekdays 8:30–16:00 · 工作日 8:30–16:00", time(16)), ("Worker hours: mornings · 上午", time(12))]
)
def test_the_workers_hours_serve_where_they_can_be_counted_by(line: str, end: time) -> None:
    found = of_profile(communities.read(f"# w\n{line}\n".encode(), Path("w.md"))[0])
    assert found.week[0][0][1] == end


def test_without_a_profile_the_usual_hours_hold() -> None:
    assert of_profile(None).week == USUAL
