"""Slips of the keyboard are repaired by our own words; what is a word stays."""

import pytest

from faq.spelling import Spelling

TEXTS = [
    "where is the swimming pool",
    "swimming pool on sunday",
    "swimming with the landlord",
    "the landlord of the pool",
    "my landlord has the pool",
]
ENGLISH = {"swimsuit", "landslide", "pole", "poor"}


@pytest.fixture
def spelling() -> Spelling:
    return Spelling(TEXTS, ENGLISH.__contains__)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("where is the swiming poool", "where is the swimming pool"),
        ("my landlrod and the pool", "my landlord and the pool"),
        ("is the landllord in", "is the landlord in"),
    ],
)
def test_slips_become_our_words(spelling: Spelling, written: str, meant: str) -> None:
    assert spelling.repair(written) == meant


@pytest.mark.parametrize(
    "text", ["where is my swimsuit", "the pole at the poor landslide", "is it xylophone on sunday", "泳池 poool", "la piscina del hotel"]
)
def test_other_words_stay(spelling: Spelling, text: str) -> None:
    assert spelling.repair(text) == text


def test_without_a_vocabulary_nothing_is_repaired() -> None:
    assert Spelling(TEXTS, None).repair("swiming poool") == "swiming poool"
