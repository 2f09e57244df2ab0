"""Opening hours and days as people write them (`Mon–Fri 9:00–12:00, 13:30–17:30`, `周一至周五 9:00–17:30`), read into plain values."""

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from itertools import pairwise

#: Times of one day, each from–to, in order.
Spans = tuple[tuple[time, time], ...]
#: Monday to Sunday.
Week = tuple[Spans, ...]

_DAYS = (
    ("mon", "monday", "mondays", "周一", "星期一"),
    ("tue", "tues", "tuesday", "tuesdays", "周二", "星期二"),
    ("wed", "wednesday", "wednesdays", "周三", "星期三"),
    ("thu", "thur", "thurs", "thursday", "thursdays", "周四", "星期四"),
    ("fri", "friday", "fridays", "周五", "星期五"),
    ("sat", "saturday", "saturdays", "周六", "星期六"),
    ("sun", "sunday", "sundays", "周日", "周天", "星期日", "星期天"),
)
_WORDS: dict[str, tuple[int, ...]] = {word: (n,) for n, words in enumerate(_DAYS) for word in words} | {
    "weekdays": tuple(range(5)),
    "工作日": tuple(range(5)),
    "weekends": (5, 6),
    "周末": (5, 6),
    "daily": tuple(range(7)),
    "every day": tuple(range(7)),
    "每天": tuple(range(7)),
}
_DAY = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_TO = r"\s*(?:[-–—~～−－]|to|至|到)\s*"
_AND = r"\s*(?:,|，|、|;|；|&|and|和|及)\s*"
_TIME = r"(\d{1,2})[:：](\d{2})"
_SPAN = re.compile(_TIME + _TO + _TIME)
_PART = re.compile(
    rf"(?:(?:on|from)\s+)?(?P<days>(?:{_DAY})(?:(?:{_TO}|{_AND})(?:{_DAY}))*)\s*[:：]?\s*(?P<times>{_SPAN.pattern}(?:{_AND}{_SPAN.pattern})*)"
)
_BETWEEN = re.compile(rf"(?:{_AND})?")
_RANGE = re.compile(rf"({_DAY}){_TO}({_DAY})")
_DATE = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_DATES = re.compile(rf"{_DATE}(?:\s*(?:to|至|到|[–—~～])\s*{_DATE})?")
#: A longer closing is written as what it is: a new form of the office.
_LONGEST = timedelta(days=366)


def week(words: str) -> Week | None:
    """The hours of each day of the week, or None where the words cannot be read. Days that are not named are closed."""
    words = words.strip().rstrip(".。").lower()
    days: list[list[tuple[time, time]]] = [[] for _day in range(7)]
    end = 0
    while end < len(words):
        part = _PART.match(words, end)
        if part is None:
            return None
        spans = _spans(part["times"])
        if not spans:
            return None
        for day in _named(part["days"]):
            days[day] += spans
        end = part.end()
        between = _BETWEEN.match(words, end)
        end = between.end() if between else end
        while end < len(words) and words[end] == " ":
            end += 1
    return tuple(tuple(sorted(spans)) for spans in days) if end and all(map(_apart, days)) else None


def dates(words: str) -> tuple[date, ...] | None:
    """The days of a list such as `2026-12-24, 2027-02-04 to 2027-02-10`, or None where it cannot be read."""
    found: list[date] = []
    for part in re.split(r"[,，、;；]", words):
        match = _DATES.fullmatch(part.strip().rstrip("."))
        if match is None:
            return None
        try:
            first = date(int(match[1]), int(match[2]), int(match[3]))
            last = date(int(match[4]), int(match[5]), int(match[6])) if match[4] else first
        except ValueError:
            return None
        if not first <= last <= first + _LONGEST:
            return None
        found += [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(sorted(set(found)))


def names(words: str) -> tuple[str, ...]:
    """The people of a list."""
    return tuple(part.strip() for part in re.split(r"[,，、;；]", words) if part.strip())


def _named(words: str) -> Sequence[int]:
    days: list[int] = []
    for first, last in _RANGE.findall(words):
        start, stop = _WORDS[first][0], _WORDS[last][-1]
        days += range(start, stop + 1) if start <= stop else [*range(start, 7), *range(stop + 1)]
    for word in re.findall(_DAY, _RANGE.sub(" ", words)):
        days += _WORDS[word]
    return sorted(set(days))


def _spans(words: str) -> list[tuple[time, time]]:
    """The times from–to; none where one is no time of day or ends before it begins. 24:00 is the last minute."""
    found: list[tuple[time, time]] = []
    for first_h, first_m, last_h, last_m in _SPAN.findall(words):
        try:
            opens = time(int(first_h), int(first_m))
            closes = time(23, 59) if (last_h, last_m) == ("24", "00") else time(int(last_h), int(last_m))
        except ValueError:
            return []
        if opens >= closes:
            return []
        found.append((opens, closes))
    return found


def _apart(spans: Sequence[tuple[time, time]]) -> bool:
    """Whether no two times of a day overlap."""
    ordered = sorted(spans)
    return all(before[1] <= after[0] for before, after in pairwise(ordered))
