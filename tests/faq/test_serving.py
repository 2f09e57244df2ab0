"""A changed FAQ serves at once; the matcher is fitted again behind it."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest

from faq.catalogue import load
from faq.encoders import HashEncoder, Vectors
from faq.knowledge import Knowledge
from faq.matcher import Matcher
from faq.serving import Serving
from tests.desks import CATALOGUE
from tests.faq.test_matcher import EXAMPLES, NONE, Counting

NEW = "who repairs the purple windmill"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CATALOGUE, tmp_path / "faq"))


def entry(folder: Path, entry_id: str) -> Path:
    return next(folder.rglob(f"{entry_id}.md"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def best(knowledge: Knowledge, text: str) -> tuple[str, float]:
    match = knowledge.read(text).questions[0].matches[0]
    return match.entry, match.score


class Slow(HashEncoder):
    """Once told to, waits for leave before it encodes many texts at once, as a fit does."""

    def __init__(self) -> None:
        super().__init__()
        self.slow = False
        self.leave = Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.slow and len(texts) > 20:
            self.leave.wait(30)
        return super().encode(texts)


def test_a_new_question_is_matched_before_everything_is_fitted(folder: Path) -> None:
    encoder = Slow()
    knowledge = Knowledge(folder, encoders=[encoder])
    assert best(knowledge, NEW)[1] < 0.9
    encoder.slow = True
    edit(entry(folder, "housing-nanny"), "## Questions\n", f"## Questions\n- {NEW}\n")
    knowledge.reload()
    assert not knowledge.settled(0)
    entry_id, score = best(knowledge, NEW)
    assert (entry_id, score >= 0.94) == ("housing-nanny", True)
    encoder.leave.set()
    assert knowledge.settled(30)
    assert best(knowledge, NEW)[0] == "housing-nanny"


def test_a_changed_answer_needs_no_fit(folder: Path) -> None:
    encoder = Counting()
    knowledge = Knowledge(folder, encoders=[encoder])
    asked = encoder.asked
    edit(entry(folder, "housing-nanny"), "Checked: 2026-01-10", "Checked: 2026-01-11")
    knowledge.reload()
    found = knowledge.entry("housing-nanny")
    assert found is not None
    assert found.checked.day == 11
    assert knowledge.settled(0)
    assert encoder.asked == asked


def test_the_last_of_several_quick_changes_is_what_is_fitted(folder: Path) -> None:
    encoder = Slow()
    knowledge = Knowledge(folder, encoders=[encoder])
    encoder.slow = True
    edit(entry(folder, "housing-nanny"), "## Questions\n", f"## Questions\n- {NEW}\n")
    knowledge.reload()
    edit(entry(folder, "housing-nanny"), f"- {NEW}\n", "")
    edit(entry(folder, "money-bank"), "## Questions\n", f"## Questions\n- {NEW}\n")
    knowledge.reload()
    assert best(knowledge, NEW)[0] == "money-bank"
    encoder.leave.set()
    assert knowledge.settled(30)
    assert best(knowledge, NEW)[0] == "money-bank"


def test_an_entry_that_was_taken_away_matches_no_more_and_a_new_one_does(folder: Path) -> None:
    knowledge = Knowledge(folder, encoders=[HashEncoder()])
    path = entry(folder, "housing-nanny")
    text = path.read_text(encoding="utf-8")
    path.unlink()
    (path.parent / "housing-cook.md").write_text(text.replace("housing-nanny", "housing-cook"), encoding="utf-8")
    knowledge.reload()
    matches = knowledge.read("how do I find an ayi").questions[0].matches
    assert "housing-nanny" not in [match.entry for match in matches]
    assert matches[0].entry == "housing-cook"
    assert knowledge.settled(30)


def test_an_update_encodes_only_what_is_new_and_leaves_the_old_matcher_alone() -> None:
    encoder = Counting()
    before = Matcher.fit(EXAMPLES, NONE, encoders=[encoder])
    told = before.rank("lost keys to the lift")
    encoder.asked = 0
    after = before.update({**EXAMPLES, "mill": [("en", NEW), ("zh", "谁修风车")]}, NONE)
    assert encoder.asked <= 3
    assert after.rank(NEW).matches[0].entry == "mill"
    assert before.rank("lost keys to the lift") == told
    assert after.rank("lost keys to the lift").matches[0].entry == told.matches[0].entry


def test_an_update_without_any_change_ranks_alike() -> None:
    matcher = Matcher.fit(EXAMPLES, NONE, encoders=[HashEncoder()])
    assert matcher.update(EXAMPLES, NONE).rank("drums at night") == matcher.rank("drums at night")


def test_texts_that_nothing_answers_may_change_too() -> None:
    matcher = Matcher.fit(EXAMPLES, NONE, encoders=[HashEncoder()])
    for none in ([], [*NONE, "when does the circus open"]):
        assert matcher.update(EXAMPLES, none).rank("who cuts a new key").matches[0].entry == "keys"
    assert (
        matcher.update(EXAMPLES, [*NONE, "pool side circus"]).rank("pool side circus").confidence
        < matcher.rank("pool side circus").confidence
    )


def test_the_first_encoder_serves_until_all_have_read_the_examples(tmp_path: Path) -> None:
    catalogue = load(CATALOGUE).catalogue
    serving = Serving(catalogue, encoders=(HashEncoder(64), HashEncoder(32)), cache_dir=tmp_path, soon=True)
    assert serving.matcher is not None
    assert serving.matcher.rank("How do I register my address?").matches[0].entry == "registration-how"
    assert serving.settled(30)
    whole = Serving(catalogue, encoders=(HashEncoder(64), HashEncoder(32)), cache_dir=tmp_path)
    assert whole.matcher is not None
    assert serving.matcher.rank("bank account") == whole.matcher.rank("bank account")
