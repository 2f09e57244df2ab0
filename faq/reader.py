"""One file → an entry, or every fault that keeps it from being one.

The form is meant for people with a text editor: headings in either language, one line a step, one line a question, nothing in quotes.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from faq import fields, form, outline
from faq.entry import LOCALES, Answer, Entry, Source
from faq.fault import Both, Fault, Severity, fault, ordered
from faq.outline import Section
from faq.textfile import Line, decode, stem

#: Where something stands in a file: line and column, both from 1.
Place = tuple[int, int]

#: What stands there, such as ("topic",), ("facts", 0), ("title", "en"), ("steps", "zh", 2), ("source", 0), ("question", "en", 14).
Item = tuple[str | int, ...]

#: The name of a half in a sentence of either language.
HALVES = {"en": Both("English", "英文"), "zh": Both("Chinese", "中文")}

HALF_HEADINGS = {"en": "## English: …", "zh": "## 中文：…"}

_NUMBERED = re.compile(r"[(（]?(\d{1,3})\s*(?:[、．)）:：]|\.(?!\d))\s*(.*)")
_DASHED = re.compile(r"(?:[-–—−－•·*●・]|\+(?=\s))\s*(.*)")
_BETWEEN_NAMES = re.compile(r"\s+[·•・|｜]\s+|\s*[·•・]\s*(?=https?[:：])")
_LINK = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}(?::\d+)?(?:[/?#][!-~]*)?",
    re.IGNORECASE,
)
_LINK_LIKE = re.compile(r"(?:https?[:：]|www\.)[^\s，。；、）】》”]*", re.IGNORECASE)
_CHINESE = re.compile(r"[㐀-鿿]")
_AFTER_COLON = re.compile(r"[:：]\s*$")
_LINE_END = re.compile(r"\s*[.。]?\s*$")


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its entry (`None` where a fault forbids it), all faults, and where each item of the entry stands."""

    path: Path
    digest: str
    id: str
    entry: Entry | None
    faults: tuple[Fault, ...]
    places: Mapping[Item, Place]

    def place(self, *item: str | int) -> Place:
        """Where `item` stands; the file's beginning for an item without a place of its own."""
        return self.places.get(item, (1, 1))


def digest(data: bytes) -> str:
    """Equal for equal files, whatever their time or place."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def read(data: bytes, path: Path) -> Document:
    """Reads one entry. `path` says where the file lies or will lie: the id is its name, the topic its folder."""
    return _Reading(data, path).document()


class _Reading:
    """One pass over a file; faults are gathered, never raised, so that an admin sees all of them at once."""

    def __init__(self, data: bytes, path: Path) -> None:
        self.path = path
        self.digest = digest(data)
        self.faults: list[Fault] = []
        self.places: dict[Item, Place] = {}
        text = decode(data, path)
        self.faults += text.faults
        self.lines = text.lines

    def document(self) -> Document:
        name = stem(self.path)
        entry = self._entry(name) if self.lines else None
        found = ordered(self.faults)
        if any(one.severity is Severity.error for one in found):
            entry = None
        return Document(
            self.path,
            self.digest,
            entry.id if entry else name,
            entry,
            found,
            self.places,
        )

    def _entry(self, name: str) -> Entry | None:
        sections, found = outline.sections(self.lines, self.path)
        self.faults += found
        by_key = {section.key: section for section in sections}
        head = fields.read(by_key.get(("head", None, None)), self.path, name)
        self.faults += head.faults
        self.places |= head.places
        titles = {locale: self._title(by_key.get(("half", locale, "short")), locale) for locale in LOCALES}
        answers = {locale: self._answer(by_key, locale) for locale in LOCALES}
        self._compare_parts(by_key)
        sources = self._sources(by_key.get(("sources", None, None)))
        questions = {locale: self._questions(by_key.get(("questions", locale, None)), locale) for locale in LOCALES}
        if head.checked is None or head.review_by is None:
            return None
        return Entry(
            head.id,
            head.topic,
            titles,
            questions,
            answers,
            head.facts,
            sources,
            head.checked,
            head.review_by,
            head.related,
        )

    def _fault(self, code: str, line: Line, **values: object) -> None:
        self.faults.append(fault(code, self.path, line.number, line.column, **values))

    def _title(self, section: Section | None, locale: str) -> str:
        if section is None:
            last = self.lines[-1]
            self._fault("half_missing", last, half=HALVES[locale], heading=HALF_HEADINGS[locale])
            return ""
        if not section.title:
            self._fault(
                "title_missing",
                section.heading,
                half=HALVES[locale],
                heading=HALF_HEADINGS[locale],
            )
        self._without_placeholder(section.heading)
        self.places["title", locale] = section.heading.number, section.heading.column + section.heading.text.rfind(section.title)
        return section.title

    def _answer(self, by_key: Mapping[outline.Key, Section], locale: str) -> Answer:
        parts: dict[str, tuple[str, ...]] = {"short": ()}
        for (kind, of, part), section in by_key.items():
            if kind != "half" or of != locale or part is None:
                continue
            parts[part] = self._part(section, part, locale)
            if not section.body and part == "short":
                self._fault("short_missing", section.heading, half=HALVES[locale])
            elif not section.body:
                self._fault("part_empty", section.heading, name=section.name)
        return Answer(**parts)

    def _part(self, section: Section, part: str, locale: str) -> tuple[str, ...]:
        texts: list[str] = []
        for index, line in enumerate(section.body):
            text = self._line(line, part, index + 1)
            self._check_placeholders(line)
            self._check_links(line)
            self.places[part, locale, len(texts)] = line.number, line.column + len(line.text) - len(text)
            texts.append(text)
        return tuple(texts)

    def _line(self, line: Line, part: str, number: int) -> str:
        """The words of a line without the mark that its part asks for."""
        if part == "steps":
            numbered = _NUMBERED.fullmatch(line.text)
            if numbered is None:
                self._fault("step_unnumbered", line, number=number)
                return line.text
            if int(numbered[1]) != number:
                self._fault("step_number", line, found=int(numbered[1]), number=number)
            return self._marked(line, numbered[2])
        dashed = _DASHED.fullmatch(line.text)
        if dashed is None and part == "documents":
            self._fault("dash_missing", line)
        return line.text if dashed is None else self._marked(line, dashed[1])

    def _marked(self, line: Line, text: str) -> str:
        if not text:
            self._fault("line_empty", line)
        return text

    def _compare_parts(self, by_key: Mapping[outline.Key, Section]) -> None:
        for locale, other in (LOCALES, LOCALES[::-1]):
            home = by_key.get(("half", locale, "short"))
            if home is None:
                continue
            for part, names in form.PART_HEADINGS.items():
                if ("half", other, part) in by_key and (
                    "half",
                    locale,
                    part,
                ) not in by_key:
                    self._fault(
                        "part_missing",
                        home.heading,
                        half=HALVES[locale],
                        part=Both(names["en"], names["zh"]),
                    )

    def _check_placeholders(self, line: Line) -> None:
        rest = form.PLACEHOLDER.sub("", line.text)
        if "{" in rest or "}" in rest:
            self._fault("placeholder_brace", line)
        for found in form.PLACEHOLDER.finditer(line.text):
            name = found[1]
            place = Line(line.number, line.column + found.start(), line.text)
            if name not in form.PLACEHOLDERS:
                near = get_close_matches(name, form.PLACEHOLDERS, n=1) or ["station.name"]
                self._fault(
                    "placeholder_unknown",
                    place,
                    name=name,
                    hint=did_you_mean(f"{{{near[0]}}}"),
                )
            elif name in form.DETAILS:
                before, after = line.text[: found.start()], line.text[found.end() :]
                if not _AFTER_COLON.search(before) or not _LINE_END.fullmatch(after):
                    self._fault("placeholder_place", place, name=name)

    def _without_placeholder(self, line: Line) -> None:
        at = max(line.text.find("{"), line.text.find("}"))
        if at >= 0:
            self._fault("placeholder_outside", Line(line.number, line.column + at, line.text))

    def _check_links(self, line: Line) -> None:
        for found in _LINK_LIKE.finditer(line.text):
            if not _LINK.fullmatch(found[0].rstrip(".,;:)]'\"")):
                self._fault(
                    "link_form",
                    Line(line.number, line.column + found.start(), line.text),
                    link=found[0],
                )

    def _listed(self, section: Section | None, name: str) -> list[tuple[Line, str]]:
        """The lines of a section of `- ` lines. A line without its dash is most often the second half of a broken one."""
        if section is None:
            self._fault("section_missing", self.lines[-1], name=name)
            return []
        if not section.body:
            self._fault("part_empty", section.heading, name=section.name)
        listed = []
        for line in section.body:
            dashed = _DASHED.fullmatch(line.text)
            if dashed is None:
                self._fault("dash_missing", line)
            elif self._marked(line, dashed[1]):
                listed.append((line, dashed[1]))
            self._without_placeholder(line)
        return listed

    def _sources(self, section: Section | None) -> tuple[Source, ...]:
        sources: list[Source] = []
        for line, text in self._listed(section, "Sources 来源"):
            names = [part.strip() for part in _BETWEEN_NAMES.split(text)]
            link = names.pop() if len(names) > 1 and _LINK_LIKE.match(names[-1]) else None
            if link is not None:
                link = link.replace("：//", "://")
                if not _LINK.fullmatch(link):
                    self._fault("link_form", line, link=link)
            if len(names) != 2 or not all(names) or any("://" in name for name in names):
                self._fault("source_form", line)
                continue
            if _CHINESE.search(names[0]) and not _CHINESE.search(names[1]):
                names.reverse()
            self.places["source", len(sources)] = line.number, line.column
            sources.append(Source({"en": names[0], "zh": names[1]}, link))
        return tuple(sources)

    def _questions(self, section: Section | None, locale: str) -> tuple[str, ...]:
        texts: list[str] = []
        first: dict[str, int] = {}
        for line, text in self._listed(section, form.QUESTION_NAMES[locale][0]):
            folded = text.casefold()
            if folded in first:
                self._fault("question_twice", line, first=first[folded])
                continue
            first[folded] = line.number
            self.places["question", locale, len(texts)] = line.number, line.column
            texts.append(text)
        return tuple(texts)


def did_you_mean(name: str) -> Both:
    """The hint that offers the nearest right name."""
    return Both(f"Did you mean “{name}”?", f"是不是“{name}”？")
