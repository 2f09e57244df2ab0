"""`linli faq test`, `dry-run` and `gaps`: figures that an admin can act on, from the very decisions that residents get."""

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import Settings
from bot.wiring import open_desk
from handlers.policy import Policy
from handlers.staff import exam, reply
from handlers.staff.exam import Kind, Measure
from tests.desks import CATALOGUE, Person, hire, small_knowledge

RUNNER = CliRunner()
QUESTIONS = """utterance\tlang\tstyle\texpected\tacceptable
how do i find a nanny\ten\tshort\thousing-nanny\t
怎么找阿姨\tzh\tnatural\thousing-nanny\t
open an account at the bank\ten\tshort\thousing-nanny\tmoney-bank
how do i find a nanny\ten\tnatural\tmoney-bank\t
"""
REFUSALS = """utterance\tlang\tstyle\texpected\twhy
gondolas in july\ten\tshort\tescalate\tfar: boats
how do i find a nanny\ten\tshort\tescalate\tnear: is answered, wrongly so
hello\ten\tshort\tchitchat\tchitchat: greeting
"""
URGENT = """utterance\tlang\texpected
there is a fire in my kitchen help\ten\turgent
how do i find a nanny\ten\tnot_urgent
"""
MULTI = "utterance\tlang\texpected_ids\nhow do i find a nanny\ten\thousing-nanny,zoo-tickets\n"
GROUP = json.dumps(
    {
        "messages": [
            {"n": 1, "from": "Ana", "text": "lunch anyone", "reply_to": None, "mentions_bot": False, "expect": "silent"},
            {"n": 2, "from": "Bo", "text": "@Linli gondolas in july?", "reply_to": None, "mentions_bot": True, "expect": "escalate"},
        ]
    }
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A FAQ, a data folder and no encoders; the terminal speaks English."""
    faq = Path(shutil.copytree(CATALOGUE, tmp_path / "faq"))
    for name, value in {"FAQ_DIR": faq, "DATA_DIR": tmp_path / "data", "ENCODERS": "none"}.items():
        monkeypatch.setenv(f"LINLI_{name}", str(value))
    monkeypatch.setenv("LC_ALL", "C")
    return faq


def paper(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    result = RUNNER.invoke(app, ["faq", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def marks(tmp_path: Path, text: str, name: str = "set.tsv") -> tuple[Kind, list[exam.Mark]]:
    read = exam.read(paper(tmp_path, name, text))
    return read.kind, [mark for part in exam.sit(small_knowledge(), Policy(answer_at=0.6, suggest_at=0.3), read) for mark in part]


def test_questions_are_counted_strictly_and_with_what_else_would_serve(tmp_path: Path) -> None:
    kind, found = marks(tmp_path, QUESTIONS)
    figures = exam.tally(found)
    assert kind is Kind.questions
    assert (figures[Measure.first].hits, figures[Measure.strict].hits, figures[Measure.first].of) == (3, 2, 4)
    assert exam.confusions(found) == [("money-bank", "housing-nanny", 1)]
    by_language = exam.tallies(found, lambda row: row.language)
    assert (by_language["zh"][Measure.first].share, by_language["en"][Measure.first].of) == (1.0, 3)


def test_refusals_alarms_and_two_questions_have_measures_of_their_own(tmp_path: Path) -> None:
    kind, found = marks(tmp_path, REFUSALS)
    assert kind is Kind.refusals
    assert {
        name: {measure: one.hits for measure, one in part.items()} for name, part in exam.tallies(found, lambda row: row.style).items()
    } == {
        "chitchat": {Measure.small_talk: 1},
        "far": {Measure.refused: 1},
        "near": {Measure.refused: 0},
    }
    kind, found = marks(tmp_path, URGENT)
    assert (kind, exam.tally(found)[Measure.false_alarm].hits) == (Kind.urgent, 0)
    kind, found = marks(tmp_path, MULTI)
    assert (kind, {measure: one.hits for measure, one in exam.tally(found).items()}) == (Kind.multi, {Measure.both: 0, Measure.one: 1})


def test_a_group_is_counted_by_when_linli_spoke_and_when_it_should_have(tmp_path: Path) -> None:
    kind, found = marks(tmp_path, GROUP, "chats.jsonl")
    assert kind is Kind.group
    assert exam.tally(found)[Measure.acted_when_due].of == 1


@pytest.mark.parametrize(
    ("name", "text"), [("a.tsv", "a\tb\n1\t2\n"), ("a.tsv", ""), ("a.jsonl", "[]"), ("a.jsonl", '{"messages": [{"n": 1}]}')]
)
def test_a_file_that_is_no_set_is_told(folder: Path, tmp_path: Path, name: str, text: str) -> None:
    result = run("test", paper(tmp_path, name, text))
    assert result.exit_code == 1
    assert "is no set of labelled messages" in result.output
    assert "cannot be read" in run("test", tmp_path / "nowhere.tsv").output


def test_sets_are_told_as_tables_and_as_json(folder: Path, tmp_path: Path) -> None:
    given = paper(tmp_path, "mine.tsv", QUESTIONS)
    output = run("test", given).output
    assert "mine.tsv (4)" in output
    assert "75.0% (3/4)" in output
    (result,) = json.loads(run("test", given, "--json").output)
    assert (result["kind"], result["all"]["first"]) == ("questions", {"hits": 3, "of": 4, "share": 0.75})


def test_the_own_examples_come_with_confusions_and_narrow_entries(folder: Path) -> None:
    output = run("test").output
    assert "Own examples, each asked without itself" in output
    assert "Fewer than six situations" in output
    (result,) = json.loads(run("test", "--json").output)
    assert set(result["entries"]) == {path.stem for path in folder.rglob("entries/**/*.md")}
    assert {one["language"] for one in result["diversity"]} == {"en", "zh"}


async def _ask(*texts: str) -> None:
    async with open_desk(Settings(), policy=Policy(answer_at=0.9, suggest_at=0.6)) as desk:
        for name, text in zip(("Ana", "Bo", "Cleo"), texts, strict=False):
            await Person(desk, name=name).receive(text)


def test_a_dry_run_tells_whose_answer_changes_and_changes_nothing(folder: Path, tmp_path: Path) -> None:
    asyncio.run(_ask("how do i find a nanny", "open a bank account", "gondolas in july"))
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    nanny, bank = (next(changed.rglob(f"{name}.md")) for name in ("housing-nanny", "money-bank"))
    nanny.unlink()
    bank.write_text(bank.read_text(encoding="utf-8").replace("## Questions\n", "## Questions\n- gondolas in july\n"), encoding="utf-8")
    before = {path: path.read_bytes() for path in sorted(folder.rglob("*.md"))}
    found = {one["text"]: one for one in json.loads(run("dry-run", changed, "--json").output)}
    assert found["gondolas in july"]["effect"] == "gained"
    assert found["gondolas in july"]["after"]["entry"] == "money-bank"
    assert found["how do i find a nanny"]["effect"] in {"lost", "other"}
    assert {path: path.read_bytes() for path in sorted(folder.rglob("*.md"))} == before
    assert "Answered at last (1)" in run("dry-run", changed).output
    assert "There is no folder" in run("dry-run", tmp_path).output


def test_a_dry_run_before_anybody_asked_says_so(folder: Path) -> None:
    assert "No resident has asked anything yet." in run("dry-run", folder).output


def test_gaps_are_listed_and_one_becomes_a_draft(folder: Path) -> None:
    assert "Nothing was asked that stayed without an answer." in run("gaps").output
    asyncio.run(_ask("gondolas in july", "are there gondolas in july", "my passport is E12345678, who tunes a piano?"))
    output = run("gaps").output
    assert "1. Asked: 2, by residents: 2 (en)" in output
    assert "E12345678" not in output
    (first, _second) = json.loads(run("gaps", "--json").output)
    assert (first["count"], first["residents"]) == (2, 2)
    assert "There are 2 gaps." in run("gaps", "--draft", "9").output
    assert "drafts" in run("gaps", "--draft", "1").output
    (draft,) = (folder / "drafts").glob("*.md")
    assert "- are there gondolas in july" in draft.read_text(encoding="utf-8")


def test_the_answer_of_a_worker_is_in_the_draft(folder: Path) -> None:
    async def answer() -> None:
        async with open_desk(Settings()) as desk:
            chen = await hire(desk)
            await reply.reply(desk, chen.id, 1, "Gondolas are on the lake from 9:00.")

    asyncio.run(_ask("gondolas in july"))
    asyncio.run(answer())
    assert run("gaps", "--draft", "1").exit_code == 0
    (draft,) = (folder / "drafts").glob("*.md")
    assert "Gondolas are on the lake from 9:00." in draft.read_text(encoding="utf-8")
