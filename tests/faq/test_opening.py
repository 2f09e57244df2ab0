"""Opening hours are read as people write them, in either language, and what cannot be read is refused."""

from datetime import date, time
from pathlib import Path

import pytest

from faq import communities, opening

DAY = ((time(9), time(17, 30)),)
HALVES = ((time(9), time(12)), (time(13, 30), time(17, 30)))


@pytest.mark.parametrize(
    ("words", "week"),
    [
        ("Mon–Fri 9:00–17:30", (DAY,) * 5 + ((),) * 2),
        ("weekdays 9:00-17:30", (DAY,) * 5 + ((),) * 2),
        ("on weekdays 9:00 to 17:30.", (DAY,) * 5 + ((),) * 2),
        ("Monday to Friday: 9:00–12:00, 13:30–17:30", (HALVES,) * 5 + ((),) * 2),
        ("周一至周五 9:00–12:00，13:30–17:30", (HALVES,) * 5 + ((),) * 2),
        ("星期一到星期五9:00～17:30；周六、周日 9:00至12:00", (DAY,) * 5 + (HALVES[:1],) * 2),
        ("Mon, Wed 9:00–17:30; Sat 9:00–12:00", (DAY, (), DAY, (), (), HALVES[:1], ())),
        ("Sat–Mon 9:00–17:30", (DAY, (), (), (), (), DAY, DAY)),
        ("每天 0:00–24:00", (((time(0), time(23, 59)),),) * 7),
        ("Mon–Fri 9:00–12:00, Mon 13:30–17:30", (HALVES, *((HALVES[:1],) * 4), (), ())),
    ],
)
def test_hours_are_read(words: str, week: opening.Week) -> None:
    assert opening.week(words) == week


@pytest.mark.parametrize(
    "words",
    [
        "",
        "in the morning",
        "Mon–Fri",
        "9:00–17:30",
        "Mon 17:30–9:00",
        "Mon 9:00–25:00",
        "Mon 9:00–12:00, 11:00–13:00",
        "Mon 9:00–12:00 or so",
    ],
)
def test_hours_that_cannot_be_read_are_refused(words: str) -> None:
    assert opening.week(words) is None


def test_days_are_read_one_by_one_and_from_to() -> None:
    assert opening.dates("2026-12-31, 2027-01-02 to 2027-01-03") == (date(2026, 12, 31), date(2027, 1, 2), date(2027, 1, 3))
    assert opening.dates("2026-12-31至2027-1-1") == (date(2026, 12, 31), date(2027, 1, 1))


@pytest.mark.parametrize("words", ["", "tomorrow", "2026-02-30", "2027-01-03 to 2027-01-02", "2026-01-01 to 2036-01-01", "12-24"])
def test_days_that_cannot_be_read_are_refused(words: str) -> None:
    assert opening.dates(words) is None


def test_people_are_read_with_either_comma() -> None:
    assert opening.names("Chen Yuyu, Li Na、王磊") == ("Chen Yuyu", "Li Na", "王磊")


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("Open: Mon–Fri 9:00–12:00, 13:30–17:30", []),
        ("Open: Mon–Fri 9:00–17:30 · 周一至周五 9:00–17:30", []),
        ("办公时间：周一至周五 9:00–17:30", []),
        ("On call: Chen Yuyu", []),
        ("Closed days: 2026-12-24", []),
        ("Open: when we like", ["profile_hours"]),
        ("Closed days: Christmas", ["profile_hours"]),
        ("Open days: 2026-13-01", ["profile_hours"]),
    ],
)
def test_a_profile_tells_what_cannot_be_read(line: str, codes: list[str]) -> None:
    _profile, faults = communities.read(f"# willow\n{line}\n".encode(), Path("willow.md"))
    assert [found.code for found in faults] == codes
