"""Rules in words: which texts meet them."""

import pytest

from faq.wording import Malformed, Rulebook, cut, rule, term


def met(line: str, text: str) -> bool:
    lists = {"person": (term("father"), term("mother"), term("妈"))}
    return any(True for _ in Rulebook([rule(line, "x", lists)]).met(cut(text)))


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("on fire", "The house is ON  FIRE!", True),
        ("on fire", "on a fire", False),
        ("can't + breathe", "he can’t really breathe", True),
        ("can't + breathe", "breathe? he can't", True),
        ("can't > breathe", "breathe? he can't", False),
        ("smoke & inside", "There is smoke. It came an hour ago when we were still asleep and nobody knew. My son is inside", True),
        ("smoke + inside", "There is smoke. It came an hour ago when we were still asleep and nobody knew. My son is inside", False),
        ("faint*", "he fainted", True),
        ("faint", "he fainted", False),
        ("~unconscious", "she is unconcious", True),
        ("unconscious", "she is unconcious", False),
        ("<person> + fell", "my mother fell", True),
        ("着火", "我家著火了", True),
        ("着火", "房子着火了", True),
        ("煙 + 部屋", "部屋から煙が出ています", True),
        ("пожар", "У нас ПОЖАР", True),
        ("حريق", "الحريق في البيت", True),
    ],
)
def test_text_meets_a_rule(line: str, text: str, expected: bool) -> None:
    assert met(line, text) is expected


@pytest.mark.parametrize("line", ["smoke + <nobody>", "smoke + ", "smoke /  / fire"])
def test_rule_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(Malformed):
        rule(line, "x", {})
