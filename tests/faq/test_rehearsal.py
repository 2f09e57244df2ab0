"""Examples are judged without knowing themselves, and entries whose examples are all alike are noticed."""

from dataclasses import replace
from pathlib import Path

from faq.diversity import spread
from faq.encoders import HashEncoder
from faq.knowledge import Knowledge
from faq.matcher import Matcher
from tests.desks import CATALOGUE
from tests.faq.test_matcher import EXAMPLES, NONE


def test_each_example_is_left_out_once() -> None:
    found = [one for fold in Matcher.fit(EXAMPLES, NONE, encoders=[HashEncoder()]).rehearse() for one in fold]
    told = [(entry, locale, text) for entry, rows in EXAMPLES.items() for locale, text in rows] + [("", "", text) for text in NONE]
    assert sorted((one.entry, one.locale, one.text) for one in found) == sorted(told)
    assert all(0 <= one.confidence <= 1 and one.found in EXAMPLES for one in found)
    assert all((one.rank == 1) == (one.found == one.entry) for one in found)


def test_an_example_that_stands_alone_in_its_words_is_not_found_without_itself() -> None:
    lonely = "xylophone quagmire"
    matcher = Matcher.fit({**EXAMPLES, "pool": [*EXAMPLES["pool"], ("en", lonely)]}, NONE)
    found = next(one for fold in matcher.rehearse() for one in fold if one.text == lonely)
    assert matcher.rank(lonely).matches[0].entry == "pool"
    assert found.confidence < 0.9


def test_an_faq_without_examples_has_nothing_to_rehearse() -> None:
    assert [one for fold in Matcher.fit({"pool": [("en", "pool")]}).rehearse() for one in fold] == []


def test_one_sentence_turned_many_ways_is_one_situation() -> None:
    knowledge = Knowledge(CATALOGUE, encoders=[HashEncoder(1024)])
    entry = next(iter(knowledge.catalogue.entries.values()))
    alike = tuple(f"where is the office of the landlord{sign}" for sign in ("", "?", " please", "??", " now", "!"))
    apart = ("rain", "my dog", "zoo ticket", "who pays", "1234567", "lift QQQQ", "下雨了", "狗证在哪办")
    found = list(spread([replace(entry, questions={"en": alike, "zh": apart})], knowledge.vectors))
    assert [(one.locale, one.situations < 3, one.narrow) for one in found] == [("en", True, True), ("zh", False, False)]
    assert found[0].mean > found[1].mean
    assert found[0].nearest > found[1].nearest


def test_one_question_alone_is_one_situation() -> None:
    knowledge = Knowledge(Path(CATALOGUE), matching=False)
    entry = next(iter(knowledge.catalogue.entries.values()))
    (only,) = spread([replace(entry, questions={"en": ("where",), "zh": ()})], knowledge.vectors)
    assert (only.situations, only.mean) == (1, 1.0)
