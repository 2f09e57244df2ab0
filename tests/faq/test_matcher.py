"""The matcher, with a small FAQ of its own and an encoder without a model."""

from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from faq.encoders import HashEncoder, Vectors
from faq.matcher import Matcher, Ranking

QUESTIONS = {
    "pool": ("When does the pool open?", "swimming pool hours", "can i swim on sunday", "泳池几点开门", "周日能游泳吗"),
    "keys": ("I lost my keys", "who cuts a new key", "locked out of my room", "钥匙丢了怎么办", "在哪配钥匙"),
    "bins": ("Where do old batteries go", "which bin is for glass", "rubbish collection", "电池扔哪里", "玻璃放哪个桶"),
    "garden": ("May I plant tomatoes?", "rules for the garden", "watering the plants", "可以种菜吗", "花园有什么规定"),
    "music": ("Can I practise the piano at night?", "drums at home", "loud music rules", "晚上能弹琴吗", "在家打鼓"),
    "lift": ("The lift is stuck", "elevator out of order", "lift for moving furniture", "电梯坏了", "搬家用电梯"),
}
EXAMPLES = {entry: [("en" if text.isascii() else "zh", text) for text in texts] for entry, texts in QUESTIONS.items()}
NONE = ["what is the capital of France", "今天股票怎么样", "write me a poem", "who won the match"]


class Counting(HashEncoder):
    """Counts the texts it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return super().encode(texts)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.fit(EXAMPLES, NONE, encoders=[HashEncoder()])


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("when is the swimming pool open", "pool"),
        ("Hello! I have lost my key, thanks", "keys"),
        ("玻璃要放哪個桶呀", "bins"),
        ("ELEVATOR IS STUCK!!", "lift"),
    ],
)
def test_the_entry_that_answers_comes_first(matcher: Matcher, text: str, entry: str) -> None:
    assert matcher.rank(text).matches[0].entry == entry


def test_scores_are_probabilities_that_fall_with_rank(matcher: Matcher) -> None:
    ranking = matcher.rank("old key for the lift")
    scores = [match.score for match in ranking.matches]
    assert len(scores) >= 5
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert ranking.confidence == scores[0]


def test_a_match_names_the_nearest_example_and_its_language(matcher: Matcher) -> None:
    match = matcher.rank("钥匙丢了 怎么办呢").matches[0]
    assert (match.question, match.locale) == ("钥匙丢了怎么办", "zh")


def test_an_example_itself_is_answered_for_certain(matcher: Matcher) -> None:
    assert matcher.rank("  WHO cuts a new KEY ").confidence >= 0.95


def test_without_encoders_near_exact_questions_are_still_found() -> None:
    letters = Matcher.fit(EXAMPLES, NONE)
    assert [letters.rank(text).matches[0].entry for text in ("whens does the pool open", "钥匙丢了 怎么办")] == ["pool", "keys"]


def test_the_same_text_gives_the_same_ranking_from_many_threads(matcher: Matcher) -> None:
    first = matcher.rank("is there a rule for music")
    seen: list[Ranking] = []
    threads = [Thread(target=lambda: seen.append(matcher.rank("is there a rule for music"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [first] * 8


@pytest.mark.parametrize("text", ["", "   ", "😀", "?!?!", "\0", "a" * 5000, "好" * 3000])
def test_any_text_gets_a_ranking(matcher: Matcher, text: str) -> None:
    assert len(matcher.rank(text).matches) >= 5


@pytest.mark.parametrize("examples", [{}, {"pool": []}])
def test_an_empty_faq_matches_nothing(examples: dict[str, list[tuple[str, str]]]) -> None:
    assert Matcher.fit(examples, NONE, encoders=[HashEncoder()]).rank("pool") == Ranking((), 0.0)


def test_one_entry_with_one_example_is_found() -> None:
    assert Matcher.fit({"pool": [("en", "pool hours")]}).rank("hours of the pool").matches[0].entry == "pool"


def test_a_second_start_encodes_nothing_and_ranks_alike(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    before = Matcher.fit(EXAMPLES, NONE, encoders=[first], cache_dir=tmp_path).rank("lost keys to the lift")
    after = Matcher.fit(EXAMPLES, NONE, encoders=[second], cache_dir=tmp_path).rank("lost keys to the lift")
    assert first.asked > 30
    assert second.asked == 1
    assert before == after


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not a zip", b"\x00" * 100])
def test_broken_files_of_the_cache_are_made_again(tmp_path: Path, damage: bytes) -> None:
    whole = Matcher.fit(EXAMPLES, NONE, encoders=[HashEncoder()], cache_dir=tmp_path).rank("drums")
    for file in tmp_path.iterdir():
        file.write_bytes(damage)
    assert Matcher.fit(EXAMPLES, NONE, encoders=[HashEncoder()], cache_dir=tmp_path).rank("drums") == whole


def test_rows_have_length_one() -> None:
    rows = HashEncoder().encode(["abc", "", "好"])
    assert np.allclose(np.linalg.norm(rows[[0, 2]], axis=1), 1)
