"""Replies to use again are read whole or told."""

from pathlib import Path

import pytest

import faq
from faq import canned

WHOLE = """\
# Replies
For people.

## which-district
Title: Which district? · 在哪个区？
English: Which district,
{resident}?
中文：{resident}，在哪个区？
"""


def codes(text: str) -> list[str]:
    return [found.code for found in canned.read(text.encode(), Path("replies.md"))[1]]


def test_a_reply_has_a_title_and_both_languages() -> None:
    found, faults = canned.read(WHOLE.encode(), Path("replies.md"))
    assert faults == ()
    assert found["which-district"].titles == {"en": "Which district?", "zh": "在哪个区？"}
    assert found["which-district"].texts == {"en": "Which district,\n{resident}?", "zh": "{resident}，在哪个区？"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("中文：{resident}，在哪个区？\n", "", "reply_half"),
        ("Which district? · 在哪个区？", "Which district?", "reply_half"),
        ("{resident}，", "{passport}，", "reply_placeholder"),
        ("## which-district", "## Which district", "reply_name"),
        ("Title: Which", "Which", "reply_part"),
    ],
)
def test_what_is_not_whole_is_told(old: str, new: str, code: str) -> None:
    assert code in codes(WHOLE.replace(old, new))


def test_a_name_that_stands_twice_is_told() -> None:
    assert "reply_name" in codes(WHOLE + WHOLE)


def test_the_shipped_replies_are_whole() -> None:
    path = Path(faq.__file__).parent / "replies.md"
    found, faults = canned.read(path.read_bytes(), path)
    assert faults == ()
    assert {"which-district", "photo-of-letter", "not-our-field"} <= set(found)
