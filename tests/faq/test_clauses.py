"""Two questions in one message, found by form and by meaning."""

import pytest

from faq.clauses import asks, cuts, read_questions
from faq.encoders import HashEncoder
from faq.matcher import Matcher
from tests.faq.test_matcher import EXAMPLES, NONE


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher.fit(EXAMPLES, NONE, encoders=[HashEncoder()])


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("When does the pool open? Also, who cuts a new key?", ["pool", "keys"]),
        ("泳池几点开门？另外电池扔哪里", ["pool", "bins"]),
        ("can i swim on sunday, and which bin is for glass?", ["pool", "bins"]),
    ],
)
def test_both_questions_are_read_in_their_order(matcher: Matcher, text: str, entries: list[str]) -> None:
    assert [ranking.matches[0].entry for _, ranking in read_questions(matcher, text)] == entries


@pytest.mark.parametrize(
    "text",
    ["I lost my keys. Where do I get a new one?", "The lift is stuck, and I cannot get out", "泳池几点开门？周日也开吗？", "pool", ""],
)
def test_one_matter_stays_one_question(matcher: Matcher, text: str) -> None:
    assert [half for half, _ in read_questions(matcher, text)] == [text]


@pytest.mark.parametrize("half", ["where is it", "泳池几点开", "can I swim", "¿dónde está?", "как это сделать", "어디예요"])
def test_a_question_is_known_by_its_form(half: str) -> None:
    assert asks(half)


@pytest.mark.parametrize("half", ["I moved in on Friday", "我上周搬来的"])
def test_a_statement_does_not_ask(half: str) -> None:
    assert not asks(half)


def test_an_announced_second_matter_is_a_place_to_cut() -> None:
    assert [(cut.first, cut.second) for cut in cuts("I love swimming. By the way, my key broke")][-1] == (
        "I love swimming.",
        "By the way, my key broke",
    )


def test_no_more_than_eight_cuts_are_tried() -> None:
    assert len(list(cuts("where is it now? " * 40))) == 8
