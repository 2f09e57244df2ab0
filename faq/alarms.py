"""The files of `urgency/`: for each kind of danger what to say at once, in both languages, and the rules by which it is noticed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from faq.entry import LOCALES
from faq.fault import Fault, errors, fault, ordered
from faq.form import HALF_NAMES, folded
from faq.textfile import Line, decode, stem
from faq.wording import Malformed, Rule, Term, rule, term

#: The folder that comes with Linli; it serves where the FAQ's own folder has none.
SHIPPED: Final = Path(__file__).parent / "urgency"
#: Headings of a kind's file; the halves are headed as in an entry.
_DANGER, _CALM = ("Danger 危险", "Danger", "危险"), ("Calm 不是危险", "Calm", "不是危险")
#: The file of what is never meant, and of what is not now; and the file of lists.
_COMMON, _LISTS = "calm", "words"
_NOT_MEANT, _NOT_NOW = ("Not meant 不当真", "Not meant", "不当真"), ("Not now 不是现在", "Not now", "不是现在")
#: The list of words that are spelt right, though they are near a word of danger.
_KNOWN: Final = "spelt right"
_FIELD = re.compile(r"(?:Entry|条目)\s*[:：]\s*(\S+)", re.IGNORECASE)
_LIST = re.compile(r"<([^<>]+)>\s*[=＝]\s*(.+)")


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is said at once about one kind of danger: number first, then the Chinese sentence to say or show, then one thing to do.

    `words` is the whole text by locale; `entry` the id of the entry that says more.
    """

    kind: str
    entry: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Alarms:
    """All kinds, and the rules: of `danger`, of words that are `calm` where they stand, and of what is `past` or supposed."""

    kinds: Mapping[str, Alarm] = field(default_factory=dict)
    danger: tuple[Rule, ...] = ()
    calm: tuple[Rule, ...] = ()
    past: tuple[Rule, ...] = ()
    known: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def load(folder: Path, before: Alarms | None = None) -> Alarms:
    """Reads a folder of urgency files. What is broken is left out with its fault; with any error `before` goes on serving where given."""
    where = folder if folder.is_dir() and any(folder.glob("*.md")) else SHIPPED
    reading = _Reading()
    for path in sorted(where.glob("*.md"), key=lambda path: (path.stem != _LISTS, path.name)):
        if not path.name.startswith((".", "~")):
            reading.file(path)
    found = reading.result()
    if before is not None and errors(found.faults):
        return Alarms(before.kinds, before.danger, before.calm, before.past, before.known, found.faults)
    return found


class _Reading:
    """What has been read so far."""

    def __init__(self) -> None:
        self._lists: dict[str, Sequence[Term]] = {}
        self._known: tuple[str, ...] = ()
        self._kinds: dict[str, Alarm] = {}
        self._rules: dict[tuple[str, ...], list[Rule]] = {_DANGER: [], _CALM: [], _NOT_NOW: []}
        self._faults: list[Fault] = []

    def result(self) -> Alarms:
        return Alarms(
            dict(sorted(self._kinds.items())),
            tuple(self._rules[_DANGER]),
            tuple(self._rules[_CALM]),
            tuple(self._rules[_NOT_NOW]),
            self._known,
            ordered(self._faults),
        )

    def file(self, path: Path) -> None:
        try:
            text = decode(path.read_bytes(), path)
        except OSError as error:
            self._faults.append(fault("file_unreadable", path, reason=error.strerror))
            return
        self._faults += text.faults
        name = stem(path)
        if name == _LISTS:
            self._read_lists(text.lines)
        elif name == _COMMON:
            sections = dict(_sections(text.lines, (_NOT_MEANT, _NOT_NOW)))
            self._read_rules(sections.get(_NOT_MEANT, ()), _CALM, name, path)
            self._read_rules(sections.get(_NOT_NOW, ()), _NOT_NOW, name, path)
        else:
            self._read_kind(text.lines, name, path)

    def _read_lists(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if found := _LIST.fullmatch(line.text):
                words = tuple(word.strip() for word in re.split(r"\s+/\s+", found[2]))
                if found[1] == _KNOWN:
                    self._known = words
                else:
                    self._lists[found[1]] = (*self._lists.get(found[1], ()), *map(term, words))

    def _read_kind(self, lines: Sequence[Line], kind: str, path: Path) -> None:
        halves = {locale: HALF_NAMES[locale] for locale in LOCALES}
        sections = dict(_sections(lines, (*halves.values(), _DANGER, _CALM)))
        entry = next((found[1] for line in lines if (found := _FIELD.fullmatch(line.text))), "")
        words = {locale: "\n".join(line.text for line in sections.get(names, ())) for locale, names in halves.items()}
        if not entry:
            self._faults.append(fault("urgency_entry", path))
        for locale, names in halves.items():
            if not words[locale]:
                self._faults.append(fault("urgency_half", path, half=names[0]))
        if entry and all(words.values()):
            self._kinds[kind] = Alarm(kind, entry, words)
            self._read_rules(sections.get(_DANGER, ()), _DANGER, kind, path)
        self._read_rules(sections.get(_CALM, ()), _CALM, kind, path)

    def _read_rules(self, lines: Sequence[Line], sort: tuple[str, ...], label: str, path: Path) -> None:
        for line in lines:
            try:
                self._rules[sort].append(rule(line.text, label, self._lists))
            except Malformed as error:
                self._faults.append(fault(f"urgency_{error.reason}", path, line.number, line.column, part=error.part))


def _sections(lines: Sequence[Line], headings: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], list[Line]]]:
    """The lines below each heading, by the heading's names; smaller headings inside (`###`, the languages) are for people."""
    named = {folded(name): names for names in headings for name in names}
    current: list[Line] | None = None
    for line in lines:
        if line.text.startswith("##") and not line.text.startswith("###"):
            names = named.get(folded(line.text.lstrip("# ")))
            current = []
            if names is not None:
                yield names, current
        elif current is not None and not line.text.startswith("#"):
            current.append(line)
