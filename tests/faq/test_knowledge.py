"""Reading as a whole: danger without any model, candidates always, context, and rules that are reloaded."""

import shutil
from pathlib import Path

import pytest

from faq.alarms import SHIPPED
from faq.knowledge import Knowledge
from faq.reading import Context, FollowUp, FollowUpKind


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    entries = SHIPPED.parent / "entries" / "registration"
    (tmp_path / "entries").mkdir()
    for name in ("registration-how", "registration-late", "registration-documents"):
        shutil.copy(entries / f"{name}.md", tmp_path / "entries" / f"{name}.md")
    return tmp_path


@pytest.fixture
def knowledge(folder: Path) -> Knowledge:
    return Knowledge(folder)


def test_reading_always_has_a_question_with_candidates(knowledge: Knowledge) -> None:
    for text in ("how do I register my address", "hello", "my wife is not breathing", "？"):
        assert knowledge.read(text).questions


def test_small_talk_and_danger_are_told(knowledge: Knowledge) -> None:
    assert knowledge.read("thank you!").smalltalk is not None
    reading = knowledge.read("thank you, but my wife is not breathing")
    assert reading.smalltalk is None
    assert reading.urgency is not None
    assert knowledge.alarm(reading.urgency.kind).words["en"].startswith("Ring 120")


def test_danger_is_noticed_without_a_matcher(folder: Path) -> None:
    bare = Knowledge(folder, matching=False)
    reading = bare.read("there is a fire in the kitchen")
    assert reading.urgency is not None
    assert reading.questions[0].matches == ()
    assert bare.urgent("there is a fire in the kitchen")
    assert not bare.urgent("where do I register")


def test_follow_up_and_thanks_after_an_answer(knowledge: Knowledge) -> None:
    context = Context(entry="registration-how", turns=("how do I register",))
    assert knowledge.read("and how much is it?", context).follow_up == FollowUp(FollowUpKind.part, "registration-how", "cost")
    assert knowledge.read("ok, thanks", context).follow_up is None


def test_rule_that_was_saved_is_live(folder: Path, knowledge: Knowledge) -> None:
    assert not knowledge.urgent("the dragon woke up")
    shutil.copytree(SHIPPED, folder / "urgency")
    fire = folder / "urgency" / "fire.md"
    fire.write_text(fire.read_text("utf-8").replace("## Danger 危险\n", "## Danger 危险\ndragon woke\n"), "utf-8")
    assert not knowledge.reload()
    assert knowledge.urgent("the dragon woke up")


def test_broken_rule_is_told_once(folder: Path, knowledge: Knowledge) -> None:
    shutil.copytree(SHIPPED, folder / "urgency")
    fire = folder / "urgency" / "fire.md"
    fire.write_text(fire.read_text("utf-8").replace("## Danger 危险\n", "## Danger 危险\nfire + <nothing>\n"), "utf-8")
    assert [fault.code for fault in knowledge.reload()] == ["urgency_list_unknown"]
    assert not knowledge.reload()
    assert knowledge.urgent("our kitchen is on fire")
