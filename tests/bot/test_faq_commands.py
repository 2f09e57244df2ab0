"""The admin's commands say what is wrong in a sentence, in the admin's language, and leave the right exit code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.faq import app
from tests.faq.samples import line_of, path_of, write

#: Fewer example questions than an entry needs are the one fault that the small sample always has.
RUNNER = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    faq = write(tmp_path / "faq")
    for entry_id in ("library-card", "library-late"):
        path = path_of(entry_id, faq)
        text = path.read_text(encoding="utf-8")
        english = "\n".join(f"- {entry_id} asked in way {number}" for number in range(14))
        chinese = "\n".join(f"- {entry_id} 的第 {number} 种问法" for number in range(14))
        path.write_text(text.replace("\n\n## 问题", f"\n{english}\n\n## 问题") + f"{chinese}\n", encoding="utf-8")
    return faq


def run(*arguments: str | Path) -> Result:
    return RUNNER.invoke(app, [str(argument) for argument in arguments])


def check(folder: Path, *arguments: str | Path) -> Result:
    return run("check", "--faq", folder, "--no-meaning", *arguments)


def break_card(folder: Path) -> int:
    path = path_of("library-card", folder)
    text = path.read_text(encoding="utf-8").replace("### Steps", "### Stepz")
    path.write_text(text, encoding="utf-8")
    return line_of(text, "### Stepz")


def test_a_clean_faq_is_told_in_one_line(folder: Path) -> None:
    result = check(folder, "--lang", "en")
    assert (result.exit_code, result.output) == (0, "2 entries, nothing is wrong.\n")


def test_a_fault_is_told_with_file_line_and_hint_and_exit_code_one(folder: Path) -> None:
    line = break_card(folder)
    result = check(folder, "--lang", "en")
    assert result.exit_code == 1
    assert f"library-card.md:{line}:1: “Stepz” is not a heading that an entry has. Did you mean “Steps”? [mend]" in result.output
    assert "2 entries: 3 to mend, 0 to look at." in result.output


def test_the_language_is_the_one_asked_for_or_the_terminals(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    break_card(folder)
    assert "是不是“Steps”？ [要改]" in check(folder, "--lang", "zh").output
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "2 个条目：要改的 3 处" in check(folder).output


def test_programs_get_the_faults_as_json(folder: Path) -> None:
    line = break_card(folder)
    result = check(folder, "--json")
    faults = json.loads(result.output)
    assert result.exit_code == 1
    assert [fault["code"] for fault in faults] == ["part_missing", "heading_unknown", "related_unknown"]
    assert faults[1] == {
        "file": "entries/library/library-card.md",
        "line": line,
        "column": 1,
        "severity": "error",
        "code": "heading_unknown",
        "message": {"en": "“Stepz” is not a heading that an entry has.", "zh": "条目里没有“Stepz”这个标题。"},
        "hint": {"en": "Did you mean “Steps”?", "zh": "是不是“Steps”？"},
    }


def test_one_file_is_checked_within_its_faq(folder: Path) -> None:
    break_card(folder)
    other = run("check", "--no-meaning", "--lang", "en", path_of("library-late", folder))
    assert other.exit_code == 1
    assert "library-card.md:" not in other.output
    assert "There is no entry “library-card”." in other.output


def test_a_folder_without_entries_is_told(tmp_path: Path) -> None:
    result = check(tmp_path, "--lang", "en")
    assert result.exit_code == 1
    assert "There are no entries here." in result.output


def test_the_report_beside_the_entries_says_it_in_both_languages(folder: Path) -> None:
    line = break_card(folder)
    check(folder)
    report = (folder / "entries" / "检查结果-check.txt").read_bytes()
    text = report.decode("utf-8-sig")
    assert report.startswith(b"\xef\xbb\xbf")
    assert "\r\n" in text
    assert "3 to mend, 0 to look at." in text
    assert f"✗ entries/library/library-card.md:{line}:1: 条目里没有“Stepz”这个标题。 是不是“Steps”？" in text
    assert "“Stepz” is not a heading that an entry has. Did you mean “Steps”?" in text


def test_questions_that_mean_the_same_are_compared_where_an_encoder_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from faq.encoders import HashEncoder

    monkeypatch.setattr("faq.encoders.available", lambda _: (HashEncoder(),))
    monkeypatch.setenv("LINLI_DATA_DIR", str(folder.parent / "data"))
    path = path_of("library-late", folder)
    path.write_text(
        path.read_text(encoding="utf-8").replace("- my book is overdue", "- so how do I get a card for the library"), encoding="utf-8"
    )
    result = run("check", "--faq", folder, "--lang", "en")
    assert result.exit_code == 0
    assert "A question with the same meaning stands in library-card.md" in result.output


def test_a_new_entry_is_a_skeleton_that_is_refused_until_it_is_filled_in(folder: Path) -> None:
    result = run("new", "market", "market-hours", "--faq", folder, "--lang", "en")
    path = folder / "entries" / "market" / "market-hours.md"
    assert result.exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("# market-hours\n\nTopic: market\n")
    assert check(folder, path).exit_code == 1
    again = run("new", "market", "market-hours", "--faq", folder, "--lang", "en")
    assert again.exit_code == 1
    assert "exists already" in again.output


def test_a_name_that_cannot_be_an_id_is_refused(folder: Path) -> None:
    result = run("new", "market", "../Hours", "--faq", folder, "--lang", "en")
    assert result.exit_code == 1
    assert "small letters" in result.output


def test_an_entry_is_shown_with_both_halves(folder: Path) -> None:
    output = run("show", "library-card", "--faq", folder, "--community", "sample").output
    assert "Getting a library card" in output
    assert "怎么办借书证" in output
    assert "Mill Lane" in output


def test_a_misspelt_id_gets_the_nearest_ones(folder: Path) -> None:
    result = run("show", "libary-card", "--faq", folder, "--lang", "en")
    assert result.exit_code == 1
    assert "Did you mean library-card" in result.output


def test_the_export_holds_every_entry_in_the_agreed_form(folder: Path) -> None:
    exported = json.loads(run("export", "--json", "--faq", folder).output)
    card = exported[0]
    assert [entry["id"] for entry in exported] == ["library-card", "library-late"]
    assert list(card) == ["id", "topic", "title", "questions", "answer", "facts", "sources", "checked", "review_by", "related"]
    assert card["title"] == {"en": "Getting a library card", "zh": "怎么办借书证"}
    assert list(card["answer"]["en"]) == ["short", "steps", "documents", "where", "if_it_goes_wrong"]
    assert card["answer"]["zh"]["documents"] == ["护照", "一张照片"]
    assert card["sources"] == [
        {"title": {"en": "Library Rules, Article 3", "zh": "图书馆规则第三条"}, "link": "https://library.example.org/rules"}
    ]
    assert (card["checked"], card["review_by"], card["related"]) == ("2026-11-22", "2027-02-20", ["library-late"])
    assert "asked in way 3" in card["questions"]["en"][5]


def test_stale_entries_are_listed_with_their_age(folder: Path) -> None:
    path = path_of("library-card", folder)
    text = path.read_text(encoding="utf-8").replace("2026-11-22", "2020-01-01").replace("2027-02-20", "2020-03-31")
    path.write_text(text, encoding="utf-8")
    output = run("stale", "--faq", folder, "--lang", "en").output
    assert output.startswith("2020-03-31  library-card  (")
    assert "Getting a library card" in output
