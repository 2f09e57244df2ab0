"""Whether the two halves of an entry say the same: figures, links, placeholders, lines and the glossary's terms."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from faq import form
from faq.entry import LOCALES, PARTS, Entry
from faq.fault import Both, Fault, fault
from faq.figures import Figure, figures, links, said
from faq.glossary import Term
from faq.reader import HALVES, Document, Place

#: Parts whose lines answer one another, one by one.
_COUNTED = ("steps", "documents")


class Said(NamedTuple):
    """A line of an answer: the part it belongs to, its words, where they stand, and the figures in them."""

    part: str
    text: str
    place: Place
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Half:
    """One language of an answer, line by line; the title counts as the first line of the short answer."""

    locale: str
    lines: tuple[Said, ...]

    @property
    def text(self) -> str:
        """All lines together."""
        return "\n".join(line.text for line in self.lines)


def half(document: Document, entry: Entry, locale: str) -> Half:
    """The half of a document in one language."""
    lines = [("short", entry.titles[locale], document.place("title", locale))]
    for part in PARTS:
        for index, text in enumerate(entry.answers[locale].part(part)):
            lines.append((part, text, document.place(part, locale, index)))
    return Half(locale, tuple(Said(part, text, place, figures(text)) for part, text, place in lines))


def check(document: Document, entry: Entry, halves: Mapping[str, Half], glossary: Mapping[str, Term]) -> Iterator[Fault]:
    """Every difference between the halves, at the place of what stands in one only."""
    for en, zh in _answering(halves["en"], halves["zh"]):
        for here, there in ((en, zh), (zh, en)):
            yield from _missing(document, here, there, lambda line: line.figures, "figure_differs", excused=said)
            yield from _missing(document, here, there, lambda line: links(line.text), "link_differs")
            yield from _missing(document, here, there, lambda line: _placeholders(line.text), "placeholder_differs")
    yield from _counts(document, entry)
    yield from _terms(document, halves, glossary)
    yield from _articles(document, entry)


def _answering(en: Half, zh: Half) -> Iterator[tuple[Sequence[Said], Sequence[Said]]]:
    """The lines that must say the same: part by part, and one by one where steps and documents are as many in both halves."""
    for part in PARTS:
        english, chinese = ([line for line in half.lines if line.part == part] for half in (en, zh))
        if part in _COUNTED and len(english) == len(chinese):
            yield from zip(([line] for line in english), ([line] for line in chinese), strict=True)
        else:
            yield english, chinese


def _missing(
    document: Document,
    here: Sequence[Said],
    there: Sequence[Said],
    read: Callable[[Said], tuple[Figure, ...]],
    code: str,
    excused: Callable[[str], frozenset[str]] = lambda _: frozenset(),
) -> Iterator[Fault]:
    """What stands here and not there, each once, where the other half does not say it in words either."""
    told = {figure.value for line in there for figure in read(line)}
    missing = [(figure, line.place) for line in here for figure in read(line) if figure.value not in told]
    if missing:
        told |= excused("\n".join(line.text for line in there))
    for figure, (line_number, column) in missing:
        if figure.value not in told:
            told.add(figure.value)
            values = {"figure": figure.written, "link": figure.value, "name": figure.value}
            yield fault(code, document.path, line_number, column + figure.at, **values)


def _placeholders(text: str) -> tuple[Figure, ...]:
    return tuple(Figure(found[1], found[0], found.start()) for found in form.PLACEHOLDER.finditer(text))


def _counts(document: Document, entry: Entry) -> Iterator[Fault]:
    for part in _COUNTED:
        here, there = (len(entry.answers[locale].part(part)) for locale in LOCALES)
        if here != there:
            line, column = document.place(part, "en", 0)
            names = Both(form.PART_HEADINGS[part]["en"], form.PART_HEADINGS[part]["zh"])
            yield fault("count_differs", document.path, line, column, part=names, here=here, there=there)


def _terms(document: Document, halves: Mapping[str, Half], glossary: Mapping[str, Term]) -> Iterator[Fault]:
    """A term counts where it is no part of a longer one; the English half may say the English term or show the Chinese one."""
    if not glossary:
        return
    chinese, english = halves["zh"].text, halves["en"].text
    plain = _plain(english)
    for zh in sorted(glossary, key=len, reverse=True):
        if zh not in chinese:
            continue
        term = glossary[zh]
        if zh not in english and not any(_plain(word) in plain for word in (term.en, *term.also)):
            number, column = next((line.place[0], line.place[1] + line.text.find(zh)) for line in halves["zh"].lines if zh in line.text)
            yield fault("term_missing", document.path, number, column, zh=zh, en=term.en, half=HALVES["en"])
        chinese = chinese.replace(zh, " ")


def _plain(english: str) -> str:
    return re.sub(r"[-\s]+", " ", english.casefold()).replace("license", "licence")


def _articles(document: Document, entry: Entry) -> Iterator[Fault]:
    """The two names of a source cite the same articles and years."""
    for index, source in enumerate(entry.sources):
        line, column = document.place("source", index)
        for one, other in (("en", "zh"), ("zh", "en")):
            there = {figure.value for figure in figures(source.titles[other])}
            missing = [figure for figure in figures(source.titles[one]) if figure.value not in there]
            excused = said(source.titles[other]) if missing else frozenset()
            for figure in missing:
                if figure.value in excused:
                    continue
                yield fault("article_differs", document.path, line, column, figure=figure.written)
