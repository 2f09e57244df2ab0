"""Checks over the whole FAQ, all faults at once: what an admin must know before residents do."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from faq import form, halves, questions, reader
from faq.catalogue import Catalogue, Loaded
from faq.entry import LOCALES, Entry
from faq.facts import Confidence, Fact
from faq.fault import Both, Fault, fault, ordered
from faq.figures import figures, said
from faq.halves import Half
from faq.questions import Similar
from faq.reader import HALVES, Document, did_you_mean

#: Words by which an answer says that something is not certain.
_HEDGES = {
    "en": re.compile(r"confirm|commonly|verif|check with|ask |not sure|said to|listed as", re.IGNORECASE),
    "zh": re.compile(r"核实|确认|核对|常见|一般|通常|据|请问|问一|问清|先问|询问|查证"),
}


def check(loaded: Loaded, today: date, similar: Similar | None = None) -> tuple[Fault, ...]:
    """The faults of reading and those between the files, in the order of the files.

    `similar` finds questions of different entries that mean the same; without it they are compared by their letters alone.
    """
    faults = list(loaded.faults)
    documents = [document for document in loaded.documents.values() if document.entry is not None]
    for document in documents:
        faults += check_document(document, loaded.catalogue, today)
    faults += questions.check(questions.asked(documents), similar)
    return ordered(faults)


def check_document(document: Document, catalogue: Catalogue, today: date) -> tuple[Fault, ...]:
    """The faults of one entry among the others; for a file that could not be read, the faults of reading."""
    entry = document.entry
    if entry is None:
        return document.faults
    by_locale = {locale: halves.half(document, entry, locale) for locale in LOCALES}
    faults = list(document.faults)
    faults += halves.check(document, entry, by_locale, catalogue.glossary)
    faults += _related(document, entry, catalogue)
    faults += _facts(document, entry, by_locale, catalogue.facts)
    faults += _days(document, entry, today)
    faults += _few(document, entry)
    return ordered(faults)


def check_draft(text: str, path: Path, loaded: Loaded, today: date) -> tuple[Document, tuple[Fault, ...]]:
    """A text as it would stand in the file `path` of a loaded FAQ: what it reads as, and the faults that it would bring."""
    document = reader.read(text.encode("utf-8", "surrogatepass"), path)
    faults = list(check_document(document, loaded.catalogue, today))
    others = [other for other in loaded.documents.values() if other.path != path]
    faults += (found for found in questions.check(questions.asked([*others, document])) if found.path == path)
    return document, ordered(faults)


def stale(catalogue: Catalogue, today: date) -> tuple[Entry, ...]:
    """The entries whose review is due, the longest due first."""
    due = [entry for entry in catalogue.entries.values() if entry.review_by < today]
    return tuple(sorted(due, key=lambda entry: (entry.review_by, entry.id)))


def _related(document: Document, entry: Entry, catalogue: Catalogue) -> Iterator[Fault]:
    for index, name in enumerate(entry.related):
        if name not in catalogue.entries:
            near = get_close_matches(name, catalogue.order, n=1)
            hint = did_you_mean(near[0]) if near else Both("Take it out of the line.", "请从这一行去掉。")
            yield fault("related_unknown", document.path, *document.place("related", index), id=name, hint=hint)


def _facts(document: Document, entry: Entry, by_locale: Mapping[str, Half], register: Mapping[str, Fact]) -> Iterator[Fault]:
    """Facts that are not there, unverified ones told as certain, and figures that no named fact holds."""
    if not register:
        return
    founded: set[str] = set()
    for index, fact_id in enumerate(entry.facts):
        fact = register.get(fact_id)
        place = document.place("facts", index)
        if fact is None:
            yield fault("fact_unknown", document.path, *place, id=fact_id)
            continue
        founded |= evidence(fact)
        for locale in LOCALES:
            if fact.confidence is Confidence.unverified and not _HEDGES[locale].search(by_locale[locale].text):
                yield fault("fact_unverified", document.path, *place, id=fact_id, half=HALVES[locale])
    told = set()
    for locale in LOCALES:
        for line in by_locale[locale].lines:
            for figure in line.figures:
                if figure.value not in founded and figure.value not in told:
                    told.add(figure.value)
                    number, column = line.place
                    yield fault("figure_unfounded", document.path, number, column + figure.at, figure=figure.written)


@cache
def evidence(fact: Fact) -> frozenset[str]:
    """The figures that a fact stands for: those of its claim and caution, and those by which its source is called."""
    text = f"{fact.claim}\n{fact.term}\n{fact.source}\n{fact.source_date}\n{fact.caution}"
    return frozenset(figure.value for figure in figures(text)) | said(text)


def _days(document: Document, entry: Entry, today: date) -> Iterator[Fault]:
    if entry.review_by < today:
        yield fault("stale", document.path, *document.place("review_by"), review_by=entry.review_by)
    if entry.checked > today:
        yield fault("checked_future", document.path, *document.place("checked"), checked=entry.checked)


def _few(document: Document, entry: Entry) -> Iterator[Fault]:
    for locale in LOCALES:
        count = len(entry.questions[locale])
        if count < form.FEWEST_QUESTIONS:
            line, column = document.place("question", locale, 0)
            yield fault("questions_few", document.path, line, column, half=HALVES[locale], count=count, fewest=form.FEWEST_QUESTIONS)
