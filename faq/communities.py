"""Profiles of communities (`communities/<id>.md`): what stands in an answer where it differs from one community to the next."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from faq import form, opening
from faq.fault import Both, Fault, fault
from faq.textfile import decode, stem

#: Placeholder → the names of its line in a profile.
LINES = {
    "community.name": ("Name", "社区名称"),
    "station.name": ("Station name", "服务站名称"),
    "station.address": ("Station address", "服务站地址"),
    "station.hours": ("Station hours", "服务站时间"),
    "station.phone": ("Station phone", "服务站电话"),
    "police.name": ("Police name", "派出所名称"),
    "police.address": ("Police address", "派出所地址"),
    "police.phone": ("Police phone", "派出所电话"),
    "worker.name": ("Worker name", "社工姓名"),
    "worker.hours": ("Worker hours", "社工时间"),
    "exit_entry.name": ("Exit-entry name", "出入境名称"),
    "exit_entry.address": ("Exit-entry address", "出入境地址"),
    "exit_entry.hours": ("Exit-entry hours", "出入境时间"),
    "english_corner.when": ("English corner when", "英语角时间"),
    "english_corner.where": ("English corner where", "英语角地点"),
    "property.phone": ("Property phone", "物业电话"),
    "office.open": ("Open", "办公时间"),
    "office.on_call": ("On call", "值班"),
    "office.closed_days": ("Closed days", "休息日"),
    "office.open_days": ("Open days", "加班日"),
}

#: Lines that Linli itself counts by; they stand once, in either language or in both.
COUNTED: Mapping[str, Callable[[str], object]] = {
    "office.open": opening.week,
    "office.on_call": opening.names,
    "office.closed_days": opening.dates,
    "office.open_days": opening.dates,
}

#: What stands in where a profile says nothing, in the form of a profile.
STAND_INS = Path(__file__).parent / "standins.md"

_LINE = re.compile(r"([^:：]{1,40}?)\s*[:：]\s*(.*)")
_BETWEEN = re.compile(r"\s+[·•・|]\s+")
_KEYS = {form.folded(name): key for key, names in LINES.items() for name in names}
_NOTE_NAMES = ("note", "说明")


@dataclass(frozen=True, slots=True)
class Profile:
    """A community as its answers need it: placeholder → words by locale. `note` is for people, never shown to residents."""

    id: str
    values: Mapping[str, Mapping[str, str]]
    note: str = ""

    def value(self, key: str, locale: str) -> str | None:
        """The words for a placeholder, or `None` where the profile says nothing."""
        by_locale = self.values.get(key)
        return by_locale[locale] if by_locale else None


def read(data: bytes, path: Path) -> tuple[Profile, tuple[Fault, ...]]:
    """Reads one profile; an empty value counts as not there, a name must stand in both languages."""
    text = decode(data, path)
    faults = list(text.faults)
    values: dict[str, Mapping[str, str]] = {}
    note = ""
    for line in text.lines:
        if line.text.startswith("#"):
            continue
        found = _LINE.fullmatch(line.text)
        name, value = (found[1], found[2]) if found else (line.text, "")
        key = _KEYS.get(form.folded(name))
        if found and form.folded(name) in _NOTE_NAMES:
            note = value
        elif key is None:
            near = get_close_matches(name, [known for names in LINES.values() for known in names], n=1) or ["Station name"]
            hint = Both(f"Did you mean “{near[0]}”?", f"是不是“{near[0]}”？")
            faults.append(fault("profile_line", path, line.number, line.column, name=name, hint=hint))
        elif value:
            both = _BETWEEN.split(value)
            if len(both) > 2 or (len(both) == 1 and key in form.NAMES):
                faults.append(fault("profile_value", path, line.number, line.column, name=name))
            elif key in COUNTED and not all(map(COUNTED[key], both)):
                faults.append(fault("profile_hours", path, line.number, line.column, name=name))
            else:
                values[key] = {"en": both[0], "zh": both[-1]}
    return Profile(stem(path), values, note), tuple(faults)


def fill(lines: Iterable[str], profile: Profile | None, locale: str) -> tuple[str, ...]:
    """The lines with every placeholder replaced: by the profile's words, else by a phrase that is true everywhere."""
    return tuple(_filled(line, profile, locale) for line in lines)


@cache
def _stand_ins() -> Profile:
    profile, _ = read(STAND_INS.read_bytes(), STAND_INS)
    return profile


def _filled(line: str, profile: Profile | None, locale: str) -> str:
    filled = ""
    end = 0
    for found in form.PLACEHOLDER.finditer(line):
        filled += line[end : found.start()]
        end = found.end()
        words = profile.value(found[1], locale) if profile else None
        if words is None:
            words = _stand_ins().value(found[1], locale) or found[0]
        if locale == "en" and re.search(r"\bthe\s$", filled, re.IGNORECASE):
            words = words.removeprefix("the ")
        if locale == "en" and _begins_sentence(filled):
            words = words[:1].upper() + words[1:]
        filled += words
        if locale == "zh" or found[1] in form.DETAILS:
            end += _doubled_stop(words, line[end:])
    return filled + line[end:]


def _begins_sentence(before: str) -> bool:
    return not before.strip() or before.rstrip().endswith((".", "?", "!"))


def _doubled_stop(words: str, after: str) -> int:
    """One when both the words and the line end with a full stop, so that it stands there once."""
    return 1 if words.endswith((".", "。")) and after.startswith((".", "。")) else 0
