"""Whether the two halves of an entry say the same: figures, links, placeholders, lines and the glossary's terms."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from faq import form
from faq.entry import LOCALES, PARTS, Entry
from faq.fault import Both, Fault, fault
from faq.figures import Figure, figures, links, said
from faq.glossary import Term
from faq.reader import HALVES, Document, Place

#: Parts whose lines answer one another, one by one.
_COUNTED = ("steps", "documents")


@dataclass(frozen=True, slots=True)
class Half:
    """One language of an answer: its lines with their places, the title first, and the figures in them with theirs."""

    locale: str
    text: str
    lines: tuple[tuple[str, Place], ...]
    figures: tuple[tuple[Figure, Place], ...]


def half(document: Document, entry: Entry, locale: str) -> Half:
    """The half of a document in one language."""
    lines = [(entry.titles[locale], document.place("title", locale))]
    for part in PARTS:
        for index, text in enumerate(entry.answers[locale].part(part)):
            lines.append((text, document.place(part, locale, index)))
    return Half(locale, "\n".join(text for text, _ in lines), tuple(lines), tuple(_found(lines, figures)))


def _found(lines: Iterable[tuple[str, Place]], read: Callable[[str], tuple[Figure, ...]]) -> Iterator[tuple[Figure, Place]]:
    for text, (line, column) in lines:
        for one in read(text):
            yield one, (line, column + one.at)


def check(document: Document, entry: Entry, halves: Mapping[str, Half], glossary: Mapping[str, Term]) -> Iterator[Fault]:
    """Every difference between the halves, at the place of what stands in one only."""
    links_of, placeholders_of = (
        {locale: tuple(_found(one.lines, read)) for locale, one in halves.items()} for read in (links, _placeholders)
    )
    for one, other in (LOCALES, LOCALES[::-1]):
        yield from _missing(document, halves[one].figures, halves[other].figures, "figure_differs", halves[other].text)
        yield from _missing(document, links_of[one], links_of[other], "link_differs")
        yield from _missing(document, placeholders_of[one], placeholders_of[other], "placeholder_differs")
    yield from _counts(document, entry)
    yield from _terms(document, halves, glossary)
    yield from _articles(document, entry)


def _missing(
    document: Document, here: Iterable[tuple[Figure, Place]], there: Iterable[tuple[Figure, Place]], code: str, words: str = ""
) -> Iterator[Fault]:
    """What stands here and not there, each once, where the other half does not say it in words either."""
    told = {figure.value for figure, _ in there}
    missing = [(figure, place) for figure, place in here if figure.value not in told]
    excused = said(words) if missing else frozenset()
    for figure, (line, column) in missing:
        if figure.value not in told and figure.value not in excused:
            told.add(figure.value)
            yield fault(code, document.path, line, column, figure=figure.written, link=figure.value, name=figure.value)


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
            line, column = next((line, column + text.find(zh)) for text, (line, column) in halves["zh"].lines if zh in text)
            yield fault("term_missing", document.path, line, column, zh=zh, en=term.en, half=HALVES["en"])
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
