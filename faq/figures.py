"""The figures in a text of either language — numbers, days, times, phone numbers — in one spelling, so that two texts can be compared.

2,000 = 2000, 2 万 = 20,000, 7 pm = 19:00 = 晚上 7 点, 22 Nov 2026 = 2026年11月22日, day and night = 24 小时.
Numbers that are written in words ("two", 两, 第三条) are not asked for in the other text, but they satisfy it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
#: With a capital, so that what you may do is not a month.
_MONTH = r"(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in _MONTHS) + r"|Sept)\b\.?"

_URL = re.compile(r"(?:https?://|www\.)[!-~]+", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")

_HAS_DIGIT = re.compile(r"\d")

#: Read in this order; what one has read is hidden from those after it.
_DAY_FIRST = re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?" + _MONTH + r"(?:,?\s+(?P<year>\d{4}))?")
_DAYS_RANGE = re.compile(r"\b(?P<day>\d{1,2})\s*(?:[-–—]|to|and)\s*(?=\d{1,2}\s+" + _MONTH + ")")
_MONTH_FIRST = re.compile(r"\b" + _MONTH + r"\s+(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<year>\d{4}))?|(?P<only_year>\d{4}))")
_MONTH_ALONE = re.compile(r"\b" + _MONTH)
_ISO = re.compile(r"\b(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})\b")
_YEAR_MONTH = re.compile(r"\b(?P<year>(?:19|20)\d{2})-(?P<month>0[1-9]|1[0-2])\b(?!-)")
_CHINESE_DAY = re.compile(r"(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2})\s*月(?:\s*(?P<day>\d{1,2})\s*[日号])?")
_PHONE = re.compile(
    r"(?<![\d,.])(?:\+86[ -]?\d{2,3}[ -]?\d{3,4}[ -]?\d{4}|\(?0\d{2,3}\)?[ -]\d{3,4}[ -]?\d{4}|1[3-9]\d[ -]\d{4}[ -]\d{4}|400[ -]\d{3}[ -]?\d{4})(?!\d)"
)
_ALL_DAY = re.compile(
    r"(?:day and night|(?:a)?round the clock|at any hour|night and day|day or night|24/7|昼夜|日夜|全天|全天候|不分昼夜)",
    re.IGNORECASE,
)
_RANGE_AM = re.compile(
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?:[-–—]|to|and|until)\s*(?=\d{1,2}(?::\d{2})?\s*(?P<half>[ap])\.?m)", re.IGNORECASE
)
_TIME_AM = re.compile(r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>[ap])\.?m\b\.?", re.IGNORECASE)
_PERIODS = r"凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|夜里|夜间|当晚|早|晚"
_TIME = re.compile(
    rf"(?P<period>{_PERIODS})?\s*(?:(?<!\d)(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?!\d)|(?P<chinese>\d{{1,2}})\s*[点时](?!间|候|期)\s*(?:(?P<past>\d{{1,2}})\s*分|(?P<half>半))?)"
)
_NOON = re.compile(r"\b(?:noon|midday|midnight)\b|(?<!\d)正午|午夜|零点", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<unit>万|亿|million\b|thousand\b|billion\b|m(?=\s*(?:yuan|RMB)))?",
    re.IGNORECASE,
)
_UNITS = {"万": 10_000, "亿": 100_000_000, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000, "m": 1_000_000}

_ENGLISH = {
    word: value
    for value, words in {
        1: "one first once a an",
        2: "two second twice both",
        3: "three third",
        4: "four fourth",
        5: "five fifth",
        6: "six sixth",
        7: "seven seventh week",
        8: "eight",
        9: "nine",
        10: "ten",
        11: "eleven",
        12: "twelve year",
        13: "thirteen",
        14: "fourteen fortnight",
        15: "fifteen",
        16: "sixteen",
        18: "eighteen",
        20: "twenty",
        24: "daily",
        30: "thirty",
        40: "forty",
        50: "fifty",
        60: "sixty hour",
        70: "seventy",
        80: "eighty",
        90: "ninety",
        100: "hundred",
        1000: "thousand",
    }.items()
    for word in words.split()
}
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万]+")
_SAID = re.compile(r"半个?小时|半年|半个月|一?周|星期|小时|每天|half an hour|half a year|half a month", re.IGNORECASE)
_SAID_VALUES = {
    "半个小时": 30,
    "半小时": 30,
    "半年": 6,
    "半个月": 15,
    "小时": 60,
    "每天": 24,
    "half an hour": 30,
    "half a year": 6,
    "half a month": 15,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its common spelling (`value`), how it is written, and at which sign of the text (from 0)."""

    value: str
    written: str
    at: int


def figures(text: str) -> tuple[Figure, ...]:
    """The figures in digits, in the order of the text. Links and placeholders hold none."""
    text = _URL.sub(_blank, _PLACEHOLDER.sub(_blank, text))
    # Most lines hold no digit; the words that stand for a time are few.
    found = _read(text) if _HAS_DIGIT.search(text) else _without_digits(text)
    return tuple(sorted(found, key=lambda one: one.at))


def links(text: str) -> tuple[Figure, ...]:
    """The links, each with its place; a stop or bracket behind one does not belong to it."""
    return tuple(Figure(one[0].rstrip(".,;:)]'\""), one[0], one.start()) for one in _URL.finditer(text))


def said(text: str) -> frozenset[str]:
    """The values of numbers that are written in words, generously: they excuse a figure of the other text."""
    values = {_ENGLISH[word] for word in _WORD.findall(text.lower()) if word in _ENGLISH}
    values |= {_chinese_value(found) for found in _CHINESE_NUMBER.findall(text)}
    values |= {_SAID_VALUES.get(found.lower(), 7) for found in _SAID.findall(text)}
    days = {f"month {_month(found['month'])}" for found in _MONTH_ALONE.finditer(text)}
    return frozenset({str(value) for value in values} | days)


def _read(text: str) -> Iterator[Figure]:
    for pattern in (_ISO, _YEAR_MONTH, _DAYS_RANGE, _DAY_FIRST, _MONTH_FIRST, _CHINESE_DAY):
        for found in pattern.finditer(text):
            yield from _day(found)
        text = pattern.sub(_blank, text)
    for found in _PHONE.finditer(text):
        yield Figure(re.sub(r"\D", "", found[0].removeprefix("+86")).lstrip("0"), found[0], found.start())
    text = _PHONE.sub(_blank, text)
    yield from _without_digits(text)
    text = _ALL_DAY.sub(_blank, text)
    yield from _times(text)
    for pattern in (_RANGE_AM, _TIME_AM, _TIME):
        text = pattern.sub(_blank, text)
    for found in _NUMBER.finditer(text):
        yield Figure(_plain(found), found[0].strip(), found.start())


def _without_digits(text: str) -> Iterator[Figure]:
    for found in _ALL_DAY.finditer(text):
        yield Figure("24", found[0], found.start())
    for found in _NOON.finditer(text):
        yield Figure("00:00" if found[0].lower() in ("midnight", "午夜", "零点") else "12:00", found[0], found.start())


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _month(name: str) -> int:
    return [one[:3] for one in _MONTHS].index(name[:3]) + 1


def _day(found: re.Match[str]) -> Iterator[Figure]:
    parts = {name: value for name, value in found.groupdict().items() if value}
    for name, kind in (("year", ""), ("only_year", ""), ("month", "month "), ("day", "")):
        if name not in parts or (name == "month" and found.re is _DAYS_RANGE):
            continue
        value = parts[name]
        number = int(value) if value.isdecimal() else _month(value)
        yield Figure(f"{kind}{number}", found[0].strip(), found.start())


def _times(text: str) -> Iterator[Figure]:
    for pattern in (_RANGE_AM, _TIME_AM):
        for found in pattern.finditer(text):
            hour = int(found["hour"]) % 12 + (12 if found["half"].lower() == "p" else 0)
            yield Figure(f"{hour:02}:{found['minute'] or '00'}", found[0], found.start())
        text = pattern.sub(_blank, text)
    afternoon, end = False, -9
    for found in _TIME.finditer(text):
        hour = int(found["hour"] or found["chinese"])
        # The second time of a range keeps the part of the day that was said before the first.
        afternoon = (
            found["period"] in ("下午", "傍晚", "晚上", "晚间", "当晚", "晚", "夜里", "夜间")
            if found["period"]
            else afternoon and found.start() - end <= 4
        )
        end = found.end()
        if afternoon and hour < 12:
            hour += 12
        minute = found["minute"] or ("30" if found["half"] else f"{int(found['past'] or 0):02}")
        yield Figure(f"{hour:02}:{minute}", found[0].strip(), found.start())


def _plain(found: re.Match[str]) -> str:
    number = Decimal(found["number"].replace(",", "")) * _UNITS.get((found["unit"] or "").lower(), 1)
    return f"{number.normalize():f}"


def _chinese_value(signs: str) -> int:
    """The value of a number in Chinese signs below 100,000,000 (Chinese numerals are read left to right, ten by ten)."""
    total = section = digit = 0
    for sign in signs:
        if sign in _DIGITS:
            digit = digit * 10 + _DIGITS[sign] if digit and section == 0 and total == 0 else _DIGITS[sign]
        elif sign == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
    return total + section + digit
