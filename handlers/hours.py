"""Office hours: when somebody answers in a community, who is on call, and how much office time lies between two moments.

The week stands in the community's profile, with the admin's own days on top; in between stand the public holidays of mainland
China with their working weekends, as the State Council announces them late in the year before (from the `holidays` library).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from faq import opening
from faq.communities import Profile
from faq.opening import Spans, Week
from handlers.desk import Desk

#: All communities are in one country with one time.
HERE = ZoneInfo("Asia/Shanghai")
#: The hours where a profile says nothing that can be read.
USUAL: Week = (((time(9), time(12)), (time(13, 30), time(17, 30))),) * 5 + ((), ())
#: How far ahead an open day is looked for; an office that is closed for longer has no next day.
FAR = 400


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of an office. `closed` and `open` are days of its own, which go before everything else."""

    week: Week = USUAL
    closed: frozenset[date] = frozenset()
    open: frozenset[date] = frozenset()
    on_call: tuple[str, ...] = field(default=())

    def of_day(self, day: date) -> Spans:
        """The times of a day, none where the office is closed; on a working weekend those of the first weekday that has any."""
        usual = self.week[day.weekday()]
        if day in self.closed:
            return ()
        if day in self.open or _makes_up(day):
            return usual or next((spans for spans in self.week if spans), ())
        return () if day in _holidays(day.year) else usual

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times that are open from a moment on, as moments, in order."""
        first = start.astimezone(HERE).date()
        for n in range(FAR):
            day = first + timedelta(days=n)
            for opens, closes in self.of_day(day):
                end = datetime.combine(day, closes, HERE)
                if end > start:
                    yield max(datetime.combine(day, opens, HERE), start), end

    def is_open(self, at: datetime) -> bool:
        """Whether somebody answers at that moment."""
        return self.opens_at(at) == at

    def opens_at(self, at: datetime) -> datetime | None:
        """The first moment from then on at which somebody answers; None where none is in sight."""
        found = next(self.spans(at), None)
        return found[0] if found else None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much office time lies between two moments."""
        total = timedelta()
        for opens, closes in self.spans(start):
            if opens >= end:
                break
            total += min(closes, end) - opens
        return total

    def after(self, start: datetime, length: timedelta) -> datetime | None:
        """The moment at which so much office time has passed since `start`; None where the office does not open any more."""
        left = length
        for opens, closes in self.spans(start):
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        return None


def hours(desk: Desk, community_id: str | None) -> Hours:
    """The hours of a community, from its profile: `Open`, else the worker's or the station's hours where they can be counted by."""
    return of_profile(desk.faq.catalogue.profile(community_id))


@cache
def _of_words(week: tuple[str, ...], closed: str, opened: str, on_call: str) -> Hours:
    read = (opening.week(words) for words in week)
    return Hours(
        next((found for found in read if found), USUAL),
        frozenset(opening.dates(closed) or ()),
        frozenset(opening.dates(opened) or ()),
        opening.names(on_call),
    )


def of_profile(profile: Profile | None) -> Hours:
    """The hours that a profile states."""

    def words(key: str) -> str:
        return (profile.value(key, "en") if profile else None) or ""

    week = tuple(words(key) for key in ("office.open", "worker.hours", "station.hours"))
    return _of_words(week, words("office.closed_days"), words("office.open_days"), words("office.on_call"))


def announced(year: int) -> bool:
    """Whether the holidays of a year are known with their working weekends; before that only the days of the law are."""
    return any(day.year == year for day in _calendar(year).weekend_workdays)


@cache
def _calendar(year: int) -> holidays.HolidayBase:
    # A year's arrangement also moves days across New Year, so its neighbours are read with it.
    return holidays.country_holidays("CN", years=(year - 1, year, year + 1))


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(day for day in _calendar(year) if day.year == year)


def _makes_up(day: date) -> bool:
    return day in _calendar(day.year).weekend_workdays
