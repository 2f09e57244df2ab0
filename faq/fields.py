"""The head of an entry's file: its id and the fields below it (topic, facts, days, related entries)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from faq import form
from faq.fault import Both, Fault, fault
from faq.outline import Section
from faq.textfile import Line

_FIELD = re.compile(r"([^:：]{1,40}?)\s*[:：]\s*(.*)")
_NAMES = {form.folded(name): field for field, names in form.FIELDS.items() for name in names}
_LIST = re.compile(r"[^\s,，、;；]+")
_QUOTES = "\"'“”‘’「」『』"
_DAYS = (
    re.compile(r"(?P<y>\d{4})[-/.–－](?P<m>\d{1,2})[-/.–－](?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日?"),
    re.compile(r"(?P<d>\d{1,2})\s+(?P<name>[A-Za-z]{3,9})\.?\s+(?P<y>\d{4})"),
)
_MONTHS = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)

#: What a field looks like, shown where it is missing.
_EXAMPLES = {
    "topic": "Topic: visa",
    "facts": "Facts: VIS-001, VIS-002",
    "checked": "Checked: 2026-11-22",
    "review_by": "Review by: 2027-02-20",
    "related": "Related: visa-extend, visa-office",
}


@dataclass(slots=True)
class Head:
    """What the head of a file says; a day is `None` where it could not be read."""

    id: str
    topic: str
    facts: tuple[str, ...]
    checked: date | None
    review_by: date | None
    related: tuple[str, ...]
    faults: list[Fault]
    places: Mapping[tuple[str | int, ...], tuple[int, int]]


def read(section: Section | None, path: Path, name: str) -> Head:
    """Reads the head; `name` is the file's name without its ending, which the id must equal."""
    reading = _Head(path)
    if section is None:
        return Head(name, "", (), None, None, (), [], {})
    reading.gather(section)
    entry_id = reading.id(section, name)
    topic = reading.topic(path.parent.name)
    facts = reading.list_of("facts", form.FACT_ID, "fact_form", "fact_twice")
    checked, review_by = reading.day("checked"), reading.day("review_by")
    if checked and review_by and review_by < checked:
        reading.fault(
            "date_order",
            reading.lines["review_by"],
            checked=checked,
            review_by=review_by,
        )
    related = reading.list_of("related", form.ID, "related_form", "related_twice")
    if entry_id in related:
        reading.fault("related_self", reading.lines["related"])
    return Head(
        entry_id,
        topic,
        facts,
        checked,
        review_by,
        related,
        reading.faults,
        reading.places,
    )


def day_of(text: str) -> date | None:
    """A day as people write it (2026-11-22, 2026/11/22, 2026年11月22日, 22 Nov 2026), or `None`."""
    for pattern in _DAYS:
        found = pattern.fullmatch(text.strip())
        if found is None:
            continue
        parts = found.groupdict()
        named = parts.get("name", "")[:3].lower()
        if named and named not in _MONTHS:
            return None
        month = _MONTHS.index(named) + 1 if named else int(parts["m"])
        try:
            return date(int(parts["y"]), month, int(parts["d"]))
        except ValueError:
            return None
    return None


class _Head:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.places: dict[tuple[str | int, ...], tuple[int, int]] = {}
        self.lines: dict[str, Line] = {}
        self.values: dict[str, tuple[str, int]] = {}
        self.last = Line(1, 1, "")

    def fault(self, code: str, line: Line, column: int | None = None, **values: object) -> None:
        self.faults.append(fault(code, self.path, line.number, column or line.column, **values))

    def gather(self, section: Section) -> None:
        """Sorts the lines by field; a field's first line counts."""
        self.last = section.heading
        for line in section.body:
            self.last = line
            found = _FIELD.fullmatch(line.text)
            if found is None:
                self.fault("field_line", line)
                continue
            field = _NAMES.get(form.folded(found[1]))
            if field is None:
                self.fault("field_unknown", line, name=found[1], hint=_hint(found[1]))
            elif field in self.lines:
                self.fault("field_twice", line, field=found[1], first=self.lines[field].number)
            else:
                self.lines[field] = line
                self.values[field] = found[2], line.column + found.start(2)
                self.places[(field,)] = line.number, line.column + found.start(2)

    def id(self, section: Section, name: str) -> str:
        """The id behind the single `#`."""
        found = section.title.strip(_QUOTES + " ")
        self.places[("id",)] = section.heading.number, section.heading.column
        if not found:
            self.fault("id_missing", section.heading, id=name)
            return name
        if not form.ID.fullmatch(found):
            self.fault("id_form", section.heading, id=found)
        elif found != name:
            self.fault("id_file", section.heading, id=found, name=self.path.name)
        return found

    def topic(self, folder: str) -> str:
        """The topic, which is the name of the file's folder too."""
        text, column = self._value("topic")
        found = text.strip(_QUOTES + " ")
        if not found:
            return ""
        if not form.ID.fullmatch(found):
            self.fault("topic_form", self.lines["topic"], column, topic=found)
        elif found != folder:
            self.fault("topic_folder", self.lines["topic"], column, topic=found, folder=folder)
        return found

    def day(self, field: str) -> date | None:
        """A day, or `None` with a fault."""
        text, column = self._value(field)
        found = day_of(text.strip(_QUOTES + " "))
        if text and found is None:
            self.fault("date_form", self.lines[field], column, value=text)
        return found

    def list_of(self, field: str, pattern: re.Pattern[str], misformed: str, repeated: str) -> tuple[str, ...]:
        """Ids divided by commas of any kind. The line may be empty, but it may not be missing."""
        text, column = self._value(field, may_be_empty=True)
        listed: list[str] = []
        for found in _LIST.finditer(text):
            name = found[0].strip(_QUOTES)
            at = column + found.start()
            if not pattern.fullmatch(name):
                self.fault(misformed, self.lines[field], at, id=name)
            elif name in listed:
                self.fault(repeated, self.lines[field], at, id=name)
            else:
                self.places[field, len(listed)] = self.lines[field].number, at
                listed.append(name)
        return tuple(listed)

    def _value(self, field: str, *, may_be_empty: bool = False) -> tuple[str, int]:
        if field not in self.lines:
            self.fault(
                "field_missing",
                self.last,
                field=form.FIELDS[field][0],
                example=_EXAMPLES[field],
            )
            return "", 1
        text, column = self.values[field]
        if not text and not may_be_empty:
            self.fault(
                "field_empty",
                self.lines[field],
                field=form.FIELDS[field][0],
                example=_EXAMPLES[field],
            )
        return text, column


def _hint(name: str) -> Both:
    known = [names[0] for names in form.FIELDS.values()]
    near = get_close_matches(
        name,
        [name for names in form.FIELDS.values() for name in names],
        n=1,
        cutoff=0.5,
    )
    if near:
        return Both(f"Did you mean “{near[0]}”?", f"是不是“{near[0]}”？")
    return Both(f"There are: {', '.join(known)}.", f"可用的有：{'、'.join(known)}。")
