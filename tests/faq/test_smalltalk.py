"""Small talk is known by its pieces; a question inside it is not swallowed."""

import pytest

from faq.smalltalk import smalltalk
from tests.faq.tables import rows

CASES = rows("smalltalk_cases.tsv")


@pytest.mark.parametrize(("text", "kind"), [(row["text"], row["kind"]) for row in CASES if row["kind"] != "-"])
def test_small_talk_is_told_by_kind(text: str, kind: str) -> None:
    found = smalltalk(text)
    assert found is not None
    assert found.kind == kind or (found.kind, kind) == ("praise", "laugh")


@pytest.mark.parametrize("text", [row["text"] for row in CASES if row["kind"] == "-"])
def test_matter_is_no_small_talk(text: str) -> None:
    assert smalltalk(text) is None


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_nothing_is_no_small_talk(text: str) -> None:
    assert smalltalk(text) is None


def test_long_text_is_no_small_talk() -> None:
    assert smalltalk("hello " * 100) is None
