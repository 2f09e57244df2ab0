"""Danger is noticed, in many languages and however it is written; idioms, courses and old stories are not."""

from pathlib import Path

import pytest

from faq import alarms
from faq.alarms import SHIPPED
from faq.language import detect
from faq.urgency import Lookout, urgency

#: What danger sounds like, told with its own words, and what only sounds so. Those told without them are the second look's business.
_SECTIONS = [section.split("\n") for section in (SHIPPED / "examples.txt").read_text("utf-8").split("\n[")[1:]]
URGENT = [text for head, *texts in _SECTIONS if "indirect" not in head and not head.startswith("calm") for text in texts if text]
CALM = [text for head, *texts in _SECTIONS if head.startswith("calm") for text in texts if text]


def test_nearly_every_danger_is_noticed() -> None:
    missed = [text for text in URGENT if urgency(text) is None]
    assert len(missed) <= 0.01 * len(URGENT), missed


def test_what_only_sounds_like_danger_is_let_be() -> None:
    alarmed = [text for text in CALM if urgency(text) is not None]
    assert len(alarmed) <= 0.03 * len(CALM), alarmed


@pytest.mark.parametrize(
    "change", [str.upper, str.lower, lambda text: text.rstrip(".!?！？。"), lambda text: f"hello, sorry to ask. {text} thank you"]
)
def test_danger_is_noticed_however_it_is_written(change: object) -> None:
    assert callable(change)
    texts = [text for text in URGENT if detect(text).code == "en"]
    missed = [text for text in texts if urgency(change(text)) is None]
    assert len(missed) <= 0.02 * len(texts), missed


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("there is a fire in our kitchen", "fire"),
        ("strong smell of gas in the hallway", "gas"),
        ("my father is unconscious", "medical"),
        ("my toddler swallowed a battery", "poisoning"),
        ("her water broke", "childbirth"),
        ("a man is drowning", "drowning"),
        ("my husband is beating me", "violence"),
        ("I want to kill myself", "suicide"),
        ("we can't find our little boy", "missing"),
        ("we are stuck in the elevator, please help", "trapped"),
        ("I just sent 5000 yuan to a scammer", "fraud"),
        ("police took my husband", "detained"),
        ("my boss locked us in and took our passports", "captivity"),
        ("car accident, the driver is bleeding", "accident"),
        ("救命", "help"),
    ],
)
def test_kind_of_danger_is_named(text: str, kind: str) -> None:
    found = urgency(text)
    assert found is not None
    assert found.kind == kind


def test_every_kind_has_words_in_both_languages_with_the_number_and_a_chinese_sentence() -> None:
    loaded = alarms.load(SHIPPED)
    assert not loaded.faults
    for alarm in loaded.kinds.values():
        assert all(line for line in alarm.words.values())
        assert any("一" <= sign <= "鿿" for sign in alarm.words["en"]), alarm.kind


def test_folder_without_rules_is_served_by_the_ones_that_come_with_linli(tmp_path: Path) -> None:
    assert alarms.load(tmp_path / "urgency") == alarms.load(SHIPPED)


def test_broken_rule_is_told_and_the_others_serve(tmp_path: Path) -> None:
    (tmp_path / "fire.md").write_text(
        "# fire\n\nEntry: safety-fire\n\n## English\nRing 119.\n\n## 中文\n打 119。\n\n## Danger 危险\non fire\nsmoke + <nothing>\n",
        "utf-8",
    )
    loaded = alarms.load(tmp_path)
    assert [(fault.code, fault.line) for fault in loaded.faults] == [("urgency_list_unknown", 13)]
    assert Lookout(loaded).look("the house is on fire") is not None


def test_errors_leave_the_last_good_rules_in_service(tmp_path: Path) -> None:
    good = alarms.load(SHIPPED)
    (tmp_path / "fire.md").write_text("# fire\n\n## English\nRing 119.\n", "utf-8")
    now = alarms.load(tmp_path, good)
    assert now.kinds == good.kinds
    assert {fault.code for fault in now.faults} == {"urgency_entry", "urgency_half"}


@pytest.mark.parametrize("text", ["", " ", "\0", "a" * 100_000, "\ud800", "火" * 50_000])
def test_odd_texts_are_no_danger_to_linli(text: str) -> None:
    urgency(text)
