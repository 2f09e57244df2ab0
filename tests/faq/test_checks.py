"""The checks over the whole FAQ tell every fault at its place."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from faq import checks
from faq.catalogue import load
from faq.fault import Fault, Severity
from tests.faq.samples import FACTS, LATE, LIBRARY, line_of, path_of, write

TODAY = date(2026, 12, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


def check(folder: Path, today: date = TODAY) -> list[Fault]:
    """The faults without that of too few example questions, which the small sample always has."""
    return [found for found in checks.check(load(folder), today) if found.code != "questions_few"]


def test_a_good_faq_has_no_faults(folder: Path) -> None:
    assert check(folder) == []


def test_too_few_questions_are_told_for_each_language(folder: Path) -> None:
    found = [found for found in checks.check(load(folder), TODAY) if found.path == path_of("library-card", folder)]
    assert [(one.code, one.line) for one in found] == [
        ("questions_few", line_of(LIBRARY, "- how do")),
        ("questions_few", line_of(LIBRARY, "- 怎么")),
    ]


#: What was changed → old words, new words, the code, and the line at which the fault must stand (its beginning).
DRIFT = {
    "a fee": ("收费 1200 元", "收费 12000 元", "figure_differs", "带护照"),
    "a fee in English": ("1,200 yuan", "1,300 yuan", "figure_differs", "Bring"),
    "a time": ("24 小时内", "48 小时内", "figure_differs", "带护照"),
    "a day": ("2027年5月5日", "2027年5月6日", "figure_differs", "2. 在"),
    "a month": ("2027年5月5日", "2027年6月5日", "figure_differs", "2. 在"),
    "a phone number": ("0571-12345678", "0571-12345679", "figure_differs", "拨打"),
    "a link": ("看 https://library.example.org/card", "看 https://library.example.org/cards", "link_differs", "拨打"),
    "a placeholder": ("1. 到{station.name}填表", "1. 到服务台填表", "placeholder_differs", "1. Fill"),
    "another placeholder": ("1. 到{station.name}填表", "1. 到{police.name}填表", "placeholder_differs", "1. 到"),
    "a document more": ("- 一张照片", "- 一张照片\n- 房产证", "count_differs", "- Passport"),
    "a step more": ("2. Pay", "2. Wait.\n3. Pay", "count_differs", "1. Fill"),
    "the article of a source": ("图书馆规则第三条", "图书馆规则第四条", "article_differs", "- Library Rules"),
    "a term of the glossary": ("the library card (借书证)", "the pass", "term_missing", "## 中文"),
}


@pytest.mark.parametrize("name", DRIFT)
def test_drift_between_the_halves_is_told_at_its_line(folder: Path, name: str) -> None:
    old, new, code, beginning = DRIFT[name]
    text = LIBRARY.replace("Getting a library card", "Joining").replace(old, new, 1)
    path_of("library-card", folder).write_text(text, encoding="utf-8")
    assert old in LIBRARY
    assert (code, line_of(text, beginning)) in [(found.code, found.line) for found in check(folder)]


def test_figures_that_changed_places_are_told_at_both(folder: Path) -> None:
    text = LIBRARY.replace("1. 到{station.name}填表。", "1. 在2027年5月5日前付款。").replace(
        "2. 在2027年5月5日前付款。", "2. 到{station.name}填表。"
    )
    path_of("library-card", folder).write_text(text, encoding="utf-8")
    lines = [(found.code, found.line, found.column) for found in check(folder) if found.code == "figure_differs"]
    assert ("figure_differs", line_of(text, "2. Pay"), 15) in lines
    assert ("figure_differs", line_of(text, "1. 在2027"), 5) in lines


def test_spelling_and_words_for_numbers_are_no_drift(folder: Path) -> None:
    text = LIBRARY.replace("1200 元", "1,200 元").replace("- One photo", "- 1 photo").replace("24 小时内", "二十四小时内")
    path_of("library-card", folder).write_text(text, encoding="utf-8")
    assert check(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "beginning"),
    [
        ("Related: library-late", "Related: library-latte", "related_unknown", "Related:"),
        ("LIB-002", "LIB-009", "fact_unknown", "Facts:"),
        ("Checked: 2026-11-22", "Checked: 2027-01-22", "checked_future", "Checked:"),
        ("Facts: LIB-001, LIB-002", "Facts: LIB-001", "figure_unfounded", "Ring"),
        ("Facts: LIB-001, LIB-002", "Facts: LIB-002", "figure_unfounded", "Bring"),
    ],
)
def test_what_rests_on_nothing_is_told(folder: Path, old: str, new: str, code: str, beginning: str) -> None:
    text = LIBRARY.replace(old, new)
    path_of("library-card", folder).write_text(text, encoding="utf-8")
    assert (code, line_of(text, beginning)) in [(found.code, found.line) for found in check(folder)]


def test_an_unverified_fact_needs_words_that_say_so_in_each_language(folder: Path) -> None:
    (folder / "facts.md").write_text(FACTS.replace("Confidence: secondary", "Confidence: unverified"), encoding="utf-8")
    assert [found.code for found in check(folder)] == ["fact_unverified"] * 4
    for entry_id, text in (("library-card", LIBRARY), ("library-late", LATE)):
        text = text.replace("Ring 0571", "Commonly listed as 0571").replace("拨打 0571-12345678", "据公开资料是 0571-12345678")
        path_of(entry_id, folder).write_text(text, encoding="utf-8")
    assert check(folder) == []


def test_a_stale_entry_is_a_warning_and_is_listed(folder: Path) -> None:
    later = date(2027, 2, 21)
    found = check(folder, later)
    assert [(one.code, one.severity, one.line) for one in found] == [("stale", Severity.warning, line_of(LIBRARY, "Review by:"))] * 2
    assert [entry.id for entry in checks.stale(load(folder).catalogue, later)] == ["library-card", "library-late"]
    assert checks.stale(load(folder).catalogue, date(2027, 2, 20)) == ()


def test_the_same_question_in_two_entries_is_told_at_the_second(folder: Path) -> None:
    text = LATE.replace("- my book is overdue", "- How do I get a card, for the library?")
    path_of("library-late", folder).write_text(text, encoding="utf-8")
    (found,) = check(folder)
    assert (found.code, found.path.name, found.line) == ("question_shared", "library-late.md", line_of(text, "- How do I get"))
    assert f"library-card.md, line {line_of(LIBRARY, '- how do')}" in found.en


def test_the_same_words_in_another_order_are_a_warning(folder: Path) -> None:
    text = LATE.replace("- 书过期了", "- 借书证怎么办")
    path_of("library-late", folder).write_text(text, encoding="utf-8")
    assert [(found.code, found.severity) for found in check(folder)] == [("question_near", Severity.warning)]


def test_a_matcher_finds_questions_that_mean_the_same(folder: Path) -> None:
    def similar(texts: Sequence[str]) -> list[tuple[int, int, float]]:
        return [(texts.index("my book is overdue"), texts.index("borrow books as a foreigner"), 0.97), (0, 1, 0.99)]

    found = [one for one in checks.check(load(folder), TODAY, similar) if one.code == "question_alike"]
    assert [(one.path.name, one.line) for one in found] == [("library-late.md", line_of(LATE, "- my book"))]


def test_faults_of_reading_are_told_with_the_others(folder: Path) -> None:
    path_of("library-card", folder).write_text(LIBRARY.replace("### Steps", "### Stepz"), encoding="utf-8")
    assert [found.code for found in check(folder)] == ["part_missing", "heading_unknown", "related_unknown"]


def test_a_draft_is_checked_among_the_others_before_it_is_saved(folder: Path) -> None:
    path = path_of("library-card", folder)
    text = LIBRARY.replace("- 外国人能借书吗", "- 书过期了").replace("1200 元", "1300 元")
    document, found = checks.check_draft(text, path, load(folder), TODAY)
    assert document.entry is not None
    assert [one.code for one in found if one.code != "questions_few"] == [
        "figure_differs",
        "figure_differs",
        "figure_unfounded",
        "question_shared",
    ]
    assert path.read_text(encoding="utf-8") == LIBRARY
