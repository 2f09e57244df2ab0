"""The labelled texts of `private_cases.tsv`: what is to be found stands in double brackets, `[[passport:E12345678]]`."""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from handlers.privacy import Finding, Kind, find

FILE = Path(__file__).with_name("private_cases.tsv")
_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")


@dataclass(frozen=True, slots=True)
class Case:
    """A text and what is in it."""

    text: str
    expected: tuple[Finding, ...]


@dataclass(slots=True)
class Score:
    """How many were found, missed, and found where nothing was; each by kind. `slips` are the texts behind the last two."""

    found: Counter[Kind] = field(default_factory=Counter)
    missed: Counter[Kind] = field(default_factory=Counter)
    false: Counter[Kind] = field(default_factory=Counter)
    slips: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share, 0–1, of what was to be found."""
        return self.found.total() / (self.found.total() + self.missed.total())

    @property
    def precision(self) -> float:
        """The share, 0–1, of right ones among what was found."""
        return self.found.total() / (self.found.total() + self.false.total())


def cases() -> list[Case]:
    """All labelled texts."""
    return [_case(line) for line in FILE.read_text(encoding="utf-8").splitlines()[1:]]


def score() -> Score:
    """Find in every text; right is the right kind at exactly the right place."""
    result = Score()
    for case in cases():
        expected, actual = set(case.expected), set(find(case.text))
        result.found.update(one.kind for one in expected & actual)
        result.missed.update(one.kind for one in expected - actual)
        result.false.update(one.kind for one in actual - expected)
        result.slips += [f"missed {one.kind}: {case.text}" for one in expected - actual]
        result.slips += [f"false {one.kind}: {case.text}" for one in actual - expected]
    return result


def _case(marked: str) -> Case:
    text, expected, done = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[done : found.start()]
        expected.append(Finding(Kind(found[1]), len(text), len(text) + len(found[2])))
        text += found[2]
        done = found.end()
    return Case(text + marked[done:], tuple(expected))
