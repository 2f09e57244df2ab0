"""What a message means after an answer or after choices; a new matter leans on nothing."""

import pytest

from faq.followup import resolve
from faq.reading import Context, FollowUp, FollowUpKind, Match
from faq.smalltalk import smalltalk
from tests.faq.tables import rows


def told(context: str, text: str) -> str:
    given = Context(choices=tuple(context[1:].split(","))) if context.startswith("?") else Context(entry=context)
    found = resolve(text, given)
    if found is None or (found.kind is FollowUpKind.part and smalltalk(text)):
        return "new"
    if found.kind is FollowUpKind.none:
        return "none"
    return f"pick:{found.entry}" if found.kind is FollowUpKind.pick else f"part:{found.entry}:{found.part or ''}"


@pytest.mark.parametrize("kind", ["pick", "none", "part", "new"])
def test_nine_of_ten_follow_ups_are_understood(kind: str) -> None:
    cases = [row for row in rows("followups.tsv") if row["expected"].startswith(kind)]
    wrong = [row["text"] for row in cases if told(row["context"], row["text"]) != row["expected"]]
    assert len(wrong) <= 0.1 * len(cases), wrong


def test_nothing_was_shown_before() -> None:
    assert resolve("how much is it?", Context()) is None
    assert resolve("2", Context(entry="visa-extend")) is None


def test_number_beyond_the_choices_picks_nothing() -> None:
    assert resolve("4", Context(choices=("a", "b", "c"))) is None


def test_choice_is_named_by_what_it_is_about() -> None:
    matches = (Match("z", "", "en", 0.6), Match("b", "", "en", 0.3))
    assert resolve("the one about the deposit", Context(choices=("a", "b")), matches) == FollowUp(FollowUpKind.pick, "b")


def test_somebody_else_s_sure_matter_is_new() -> None:
    sure = (Match("edu-school", "", "en", 0.9),)
    assert resolve("where can my child go", Context(entry="visa-extend"), sure, sure=0.6) is None
