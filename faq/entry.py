"""One FAQ entry as Linli holds it in memory: frozen values, both languages together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

#: The two languages in which every entry is written (BCP 47).
LOCALES = ("en", "zh")

#: The parts of an answer in the order in which they are shown; `short` is obligatory, the rest help where they help.
PARTS = ("short", "steps", "documents", "cost", "time", "where", "caution", "if_it_goes_wrong")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a resident reads, in one language. A part is a tuple of lines; an empty tuple means the part is not there."""

    short: tuple[str, ...]
    steps: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    caution: tuple[str, ...] = ()
    if_it_goes_wrong: tuple[str, ...] = ()

    def part(self, name: str) -> tuple[str, ...]:
        """The lines of one of `PARTS`; `AttributeError` for any other name."""
        lines: tuple[str, ...] = getattr(self, name)
        return lines


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer cites: issuing body, law and article or page title, and a link to an official page where one is known."""

    titles: Mapping[str, str]
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One question that residents have, with its answer in both languages and the ways people ask it."""

    id: str
    topic: str
    titles: Mapping[str, str]
    questions: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Answer]
    facts: tuple[str, ...]
    sources: tuple[Source, ...]
    checked: date
    review_by: date
    related: tuple[str, ...] = ()
