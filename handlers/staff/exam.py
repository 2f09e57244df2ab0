"""Labelled messages put to the FAQ: how many get the right answer, by language and style, and what is taken for what."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from faq.knowledge import Knowledge
from faq.rehearsal import Rehearsed
from handlers.asked import Asked, ask
from handlers.decision import Action
from handlers.desk import thresholds
from handlers.policy import Policy
from handlers.replay import Line, replay


class Kind(StrEnum):
    """What a set asks: questions of entries, messages that no entry answers, alarms, two questions at once, whole groups."""

    questions = "questions"
    refusals = "refusals"
    urgent = "urgent"
    multi = "multi"
    group = "group"


class Measure(StrEnum):
    """What is counted. `first`, `strict`, `among_three`: the right entry is the first candidate (another acceptable one counts for `first`)
    or one of three. `answered`: it was answered right; `wrong`: another was; `missed`: nothing was."""

    first = "first"
    strict = "strict"
    among_three = "among_three"
    answered = "answered"
    wrong = "wrong"
    missed = "missed"
    refused = "refused"
    small_talk = "small_talk"
    noticed = "noticed"
    false_alarm = "false_alarm"
    both = "both"
    one = "one"
    acted_rightly = "acted_rightly"
    acted_when_due = "acted_when_due"


#: Measures of which fewer are better.
BAD: Final = frozenset({Measure.wrong, Measure.missed, Measure.false_alarm})
#: Group actions that say nothing.
SILENT: Final = "silent"


class NoSet(ValueError):
    """The file is no set of labelled messages: it lacks the columns of any."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled message. `expected` are ids (the first is the strict one) or what should be done about it.

    `style` is how it is worded or, where that is told, why it is to be refused (near or far).
    """

    text: str
    expected: tuple[str, ...]
    language: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A set of labelled messages of one kind; for groups the transcripts stand in `transcripts`."""

    name: str
    kind: Kind
    rows: tuple[Row, ...] = ()
    transcripts: tuple[tuple[dict[str, Any], ...], ...] = ()

    @property
    def size(self) -> int:
        """How many messages, or transcripts."""
        return len(self.rows) or len(self.transcripts)


@dataclass(frozen=True, slots=True)
class Mark:
    """How one message fared: what was found for it, and which measures it met or missed (a measure that is not there does not count)."""

    row: Row
    found: str
    met: dict[Measure, bool]


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of so many."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        """0–1."""
        return self.hits / self.of if self.of else 0.0


def read(path: Path) -> Paper:
    """A set from its file: a table with the columns `utterance` and `expected` or `expected_ids`, or transcripts as JSON lines.

    Raises `NoSet`, or `OSError` where the file cannot be read.
    """
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".jsonl":
        try:
            transcripts = tuple(tuple(json.loads(line)["messages"]) for line in text.splitlines() if line.strip())
            [Line(message["n"], message["from"], message["text"]) for one in transcripts for message in one if message["expect"]]
        except (ValueError, KeyError, TypeError):
            raise NoSet(path.name) from None
        return Paper(path.name, Kind.group, transcripts=transcripts)
    table = list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    columns = set(table[0]) if table else set()
    if not columns >= {"utterance", "lang"} or columns.isdisjoint({"expected", "expected_ids"}):
        raise NoSet(path.name)
    rows = tuple(
        Row(
            one["utterance"],
            tuple(
                filter(None, f"{one.get('expected') or one.get('expected_ids')},{one.get('acceptable') or ''}".replace(" ", "").split(","))
            ),
            one["lang"],
            (one.get("why") or "").partition(":")[0] or one.get("style") or "",
        )
        for one in table
    )
    return Paper(path.name, _kind(columns, {row.expected[0] for row in rows if row.expected}), rows)


def _kind(columns: set[str], expected: set[str]) -> Kind:
    if "expected_ids" in columns:
        return Kind.multi
    if expected <= {"urgent", "not_urgent"}:
        return Kind.urgent
    return Kind.refusals if expected <= {"escalate", "chitchat"} else Kind.questions


def sit(faq: Knowledge, policy: Policy, paper: Paper) -> Iterator[tuple[Mark, ...]]:
    """Message after message (transcript after transcript) how it fared, by the very decisions that residents get."""
    if paper.kind is Kind.group:
        for transcript in paper.transcripts:
            yield tuple(_played(faq, policy, transcript))
        return
    judge = _JUDGES[paper.kind]
    for row in paper.rows:
        yield (judge(row, ask(faq, policy, row.text)),)


def examples(faq: Knowledge, policy: Policy) -> Iterator[tuple[Mark, ...]]:
    """How the entries' own examples fare, each asked of a matcher that does not know it, a fifth of them at a time.

    The style of a row is its entry; what nothing answers counts as refused unless it would have been answered.
    """
    limit = thresholds(faq, policy).answer
    for fold in faq.rehearse():
        yield tuple(_example(one, limit) for one in fold)


def tally(marks: Sequence[Mark]) -> dict[Measure, Tally]:
    """How often each measure was met."""
    return {
        measure: Tally(sum(mark.met.get(measure, False) for mark in marks), count)
        for measure in Measure
        if (count := sum(measure in mark.met for mark in marks))
    }


def tallies(marks: Sequence[Mark], of: Callable[[Row], str]) -> dict[str, dict[Measure, Tally]]:
    """The same by what `of` tells of a row."""
    parts: dict[str, list[Mark]] = {}
    for mark in marks:
        parts.setdefault(of(mark.row), []).append(mark)
    return {name: tally(parts[name]) for name in sorted(parts)}


def confusions(marks: Sequence[Mark]) -> list[tuple[str, str, int]]:
    """What was taken for what and how often, the commonest first."""
    counted = Counter((mark.row.expected[0], mark.found) for mark in marks if mark.met.get(Measure.first) is False)
    return sorted(((right, found, count) for (right, found), count in counted.items()), key=lambda one: (-one[2], one))


def _example(one: Rehearsed, limit: float) -> Mark:
    row = Row(one.text, (one.entry,), one.locale, one.entry)
    spoke, right = one.confidence >= limit, one.found == one.entry
    if not one.entry:
        return Mark(row, one.found if spoke else "", {Measure.refused: not spoke})
    met = {
        Measure.first: right,
        Measure.among_three: 0 < one.rank <= 3,
        Measure.answered: spoke and right,
        Measure.wrong: spoke and not right,
        Measure.missed: not spoke,
    }
    return Mark(row, one.found, met)


def _question(row: Row, asked: Asked) -> Mark:
    decision, urgency = asked.decision, asked.reading.urgency
    candidates = [match.entry for match in decision.candidates]
    if urgency is not None:
        candidates.insert(0, urgency.entry)
    first, right = next(iter(candidates), ""), set(row.expected)
    spoke = decision.action in (Action.answer, Action.urgent)
    met = {
        Measure.first: first in right,
        Measure.strict: first == row.expected[0],
        Measure.among_three: not right.isdisjoint(candidates[:3]),
        Measure.answered: spoke and first in right,
        Measure.wrong: spoke and first not in right,
        Measure.missed: not spoke,
    }
    return Mark(row, first, met)


def _refusal(row: Row, asked: Asked) -> Mark:
    action = asked.decision.action
    found = next(iter(asked.decision.entries), action.value)
    if row.expected[0] == "chitchat":
        return Mark(row, found, {Measure.small_talk: action is Action.smalltalk})
    return Mark(row, found, {Measure.refused: action is not Action.answer})


def _alarm(row: Row, asked: Asked) -> Mark:
    urgency = asked.reading.urgency
    measure = Measure.noticed if row.expected[0] == "urgent" else Measure.false_alarm
    return Mark(row, urgency.kind if urgency else "", {measure: urgency is not None})


def _two(row: Row, asked: Asked) -> Mark:
    decision, wanted = asked.decision, set(row.expected)
    found = {*decision.entries, *(match.entry for match in decision.candidates[:3])}
    return Mark(row, ",".join(decision.entries), {Measure.both: wanted <= found, Measure.one: not wanted.isdisjoint(found)})


_JUDGES: Final = {Kind.questions: _question, Kind.refusals: _refusal, Kind.urgent: _alarm, Kind.multi: _two}


def _played(faq: Knowledge, policy: Policy, transcript: Sequence[dict[str, Any]]) -> Iterator[Mark]:
    lines = [Line(one["n"], one["from"], one["text"], one.get("reply_to"), bool(one.get("mentions_bot"))) for one in transcript]
    for message, played in zip(transcript, replay(faq, policy, lines), strict=True):
        done = f"{played.action}:{played.entry}" if played.action == Action.answer else played.action
        row = Row(message["text"], (message["expect"],), style=message["expect"].partition(":")[0])
        met = {}
        if done != SILENT:
            met[Measure.acted_rightly] = done == message["expect"]
        if message["expect"] != SILENT:
            met[Measure.acted_when_due] = done == message["expect"]
        yield Mark(row, done, met)
