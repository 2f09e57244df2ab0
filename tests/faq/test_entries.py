"""The shipped FAQ itself: every entry is sound, and each of its figures is found in the facts that it names."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

import faq
from faq import checks, form, halves, reader, writer
from faq.catalogue import Loaded, load
from faq.entry import LOCALES, PARTS
from faq.facts import Confidence

#: The day on which the shipped answers were checked.
CHECKED = date(2026, 11, 22)

FOLDER = Path(faq.__file__).parent
IDS = sorted(path.stem for path in (FOLDER / "entries").rglob("*.md"))


@cache
def loaded() -> Loaded:
    return load(FOLDER)


def test_the_whole_faq_has_no_fault_and_no_warning() -> None:
    assert [found.render() for found in checks.check(loaded(), CHECKED)] == []


def test_every_entry_of_the_topics_is_there() -> None:
    catalogue = loaded().catalogue
    assert len(catalogue.order) >= 111
    assert list(catalogue.topics) == sorted(
        ["civil", "community", "daily", "driving", "education", "healthcare", "housing", "registration", "safety", "tax", "visa", "work"]
    )


@pytest.mark.parametrize("entry_id", IDS)
def test_each_figure_of_an_answer_stands_in_a_fact_that_the_entry_names(entry_id: str) -> None:
    catalogue = loaded().catalogue
    document = loaded().document(entry_id)
    entry = catalogue.entries[entry_id]
    assert document is not None
    founded = {figure for fact in entry.facts for figure in checks.evidence(catalogue.facts[fact])}
    shown = {figure.value for locale in LOCALES for line in halves.half(document, entry, locale).lines for figure in line.figures}
    assert shown <= founded


@pytest.mark.parametrize("entry_id", IDS)
def test_an_entry_is_asked_for_in_many_ways_and_written_back_equal(entry_id: str) -> None:
    entry = loaded().catalogue.entries[entry_id]
    assert all(len(entry.questions[locale]) >= form.FEWEST_QUESTIONS for locale in LOCALES)
    path = FOLDER / "entries" / entry.topic / f"{entry_id}.md"
    assert reader.read(writer.write(entry).encode(), path).entry == entry


def test_the_voice_keeps_to_its_rules() -> None:
    for entry in loaded().catalogue.entries.values():
        for locale, never in (("en", ("!", "alien", "kindly", "please be advised")), ("zh", ("老外", "！", "亲，", '"'))):
            words = "\n".join(line for part in PARTS for line in entry.answers[locale].part(part)).lower()
            assert not [word for word in never if word in words], entry.id


def test_the_register_holds_what_is_cited_and_nothing_else() -> None:
    catalogue = loaded().catalogue
    assert {fact for entry in catalogue.entries.values() for fact in entry.facts} == set(catalogue.facts)
    assert all(fact.caution for fact in catalogue.facts.values() if fact.confidence is Confidence.unverified)


def test_the_sample_community_says_that_it_is_one() -> None:
    sample = loaded().catalogue.communities["sample"]
    assert "sample" in sample.note.lower()
    assert "样例" in sample.note
    assert "sample" in sample.values["community.name"]["en"]


def test_every_answer_can_be_filled_without_a_profile() -> None:
    catalogue = loaded().catalogue
    for entry in catalogue.entries.values():
        for locale in LOCALES:
            for community in (None, "sample"):
                filled = catalogue.fill([line for part in PARTS for line in entry.answers[locale].part(part)], community, locale)
                assert not [line for line in filled if "{" in line or ".." in line or "。。" in line], entry.id
