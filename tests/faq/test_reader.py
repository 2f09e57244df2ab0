"""A file is read whatever an office computer did to it, and refused at the right line where it says too little or something wrong."""

from collections.abc import Callable
from datetime import date

import pytest

from faq import reader
from faq.fault import Severity
from tests.faq.samples import LIBRARY, line_of, path_of

PATH = path_of("library-card")


def read(text: str, encoding: str = "utf-8") -> reader.Document:
    return reader.read(text.encode(encoding), PATH)


def test_a_good_file_gives_the_entry_without_faults() -> None:
    document = read(LIBRARY)
    entry = document.entry
    assert document.faults == ()
    assert entry is not None
    assert (entry.id, entry.topic, entry.facts, entry.related) == ("library-card", "library", ("LIB-001", "LIB-002"), ("library-late",))
    assert (entry.checked, entry.review_by) == (date(2026, 11, 22), date(2027, 2, 20))
    assert entry.titles == {"en": "Getting a library card", "zh": "怎么办借书证"}
    assert entry.answers["en"].steps == ("Fill in the form at {station.name}.", "Pay before 5 May 2027.")
    assert entry.answers["zh"].documents == ("护照", "一张照片")
    assert entry.answers["en"].where == ("The desk on the ground floor.", "Address: {station.address}")
    assert entry.sources[0].titles == {"en": "Library Rules, Article 3", "zh": "图书馆规则第三条"}
    assert entry.sources[0].link == "https://library.example.org/rules"
    assert entry.questions["zh"] == ("怎么办借书证", "外国人能借书吗")


def test_each_item_knows_its_place() -> None:
    document = read(LIBRARY)
    assert document.place("question", "en", 1) == (line_of(LIBRARY, "- borrow books"), 1)
    assert document.place("steps", "zh", 0) == (line_of(LIBRARY, "1. 到"), 4)
    assert document.place("title", "zh") == (line_of(LIBRARY, "## 中文"), 7)
    assert document.place("facts", 1) == (line_of(LIBRARY, "Facts:"), 17)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings_of_office_computers_are_understood(encoding: str) -> None:
    document = read(LIBRARY, encoding)
    assert document.entry == read(LIBRARY).entry
    assert all(found.severity is Severity.warning for found in document.faults)


UNDERSTOOD: dict[str, Callable[[str], str]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "ideographic blanks": lambda text: text.replace(": ", ":\u3000"),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "zero-width signs": lambda text: text.replace("Topic", "\ufeffTopic\u200b"),
    "full-width colons": lambda text: text.replace("Topic: ", "Topic：").replace("English: ", "English："),
    "plain colon in Chinese": lambda text: text.replace("中文：", "中文: "),
    "full-width digits": lambda text: text.replace("1,200", "１,２００").replace("2026-11-22", "２０２６-１１-２２"),
    "full-width letters": lambda text: text.replace("LIB-001", "ＬＩＢ-001"),
    "full-width hash": lambda text: text.replace("## 问题", "＃＃ 问题"),
    "full-width braces": lambda text: text.replace("{station.name}", "｛station.name｝"),
    "smart quotes around a date": lambda text: text.replace("2027-02-20", "“2027-02-20”"),
    "quotes around the topic": lambda text: text.replace("Topic: library", 'Topic: "library"'),
    "Chinese commas": lambda text: text.replace("LIB-001, LIB-002", "LIB-001，LIB-002"),
    "ideographic comma": lambda text: text.replace("LIB-001, LIB-002", "LIB-001、LIB-002"),
    "Chinese date": lambda text: text.replace("2026-11-22", "2026年11月22日"),
    "date with slashes": lambda text: text.replace("2026-11-22", "2026/11/22"),
    "English date": lambda text: text.replace("2026-11-22", "22 Nov 2026"),
    "headings in the other language": lambda text: text.replace("### Steps", "### 步骤").replace("## Questions", "## 英文问题"),
    "headings in capitals": lambda text: text.replace("### Where", "### WHERE").replace("## Questions", "## QUESTIONS"),
    "headings without a blank": lambda text: text.replace("### ", "###").replace("## ", "##"),
    "headings closed with signs": lambda text: text.replace("### Steps", "### Steps ###"),
    "bullets of a word processor": lambda text: text.replace("\n- ", "\n• "),
    "long dashes": lambda text: text.replace("\n- ", "\n– "),
    "dashes without a blank": lambda text: text.replace("\n- ", "\n-"),
    "steps numbered in Chinese": lambda text: text.replace("1. ", "1、").replace("2. ", "2．"),
    "steps in brackets": lambda text: text.replace("1. ", "（1）").replace("2. ", "(2) "),
    "indented lines": lambda text: text.replace("\n1. ", "\n   1. ").replace("\n- ", "\n\t- "),
    "empty lines between": lambda text: text.replace("\n", "\n\n"),
    "comments": lambda text: text.replace("## Questions", "<!-- how people\n- ask -->\n## Questions"),
    "fields in Chinese": lambda text: text.replace("Topic:", "主题：").replace("Facts:", "依据：").replace("Review by:", "复核日期："),
    "fields in another order": lambda text: text.replace("Topic: library\n", "").replace("Checked:", "Topic: library\nChecked:"),
    "a source with its names the other way round": lambda text: text.replace(
        "Library Rules, Article 3 · 图书馆规则第三条", "图书馆规则第三条 · Library Rules, Article 3"
    ),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_what_an_editor_does_to_a_file_is_understood(name: str) -> None:
    changed = UNDERSTOOD[name](LIBRARY)
    assert changed != LIBRARY
    document = read(changed)
    assert document.faults == ()
    assert document.entry == read(LIBRARY).entry


def replaced(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


#: What was done to the file → the change, the code of the fault, and the beginning of the line (after the change) at which it must stand.
REFUSED: dict[str, tuple[Callable[[str], str], str, str]] = {
    "no id": (replaced("# library-card\n", ""), "id_missing", ""),
    "an id with capitals": (replaced("# library-card", "# Library_Card"), "id_form", "# Library_Card"),
    "the id of another file": (replaced("# library-card", "# library-cards"), "id_file", "# library-cards"),
    "a second entry in the file": (replaced("## Sources", "# library-two\n\n## Sources"), "id_twice", "# library-two"),
    "no topic": (replaced("Topic: library\n", ""), "field_missing", "Related:"),
    "an empty topic": (replaced("Topic: library", "Topic:"), "field_empty", "Topic:"),
    "a topic with blanks": (replaced("Topic: library", "Topic: the library"), "topic_form", "Topic:"),
    "the topic of another folder": (replaced("Topic: library", "Topic: visa"), "topic_folder", "Topic:"),
    "no facts": (replaced("Facts: LIB-001, LIB-002\n", ""), "field_missing", "Related:"),
    "a fact that is none": (replaced("LIB-002", "LIB2"), "fact_form", "Facts:"),
    "a fact twice": (replaced("LIB-001, LIB-002", "LIB-001, LIB-001"), "fact_twice", "Facts:"),
    "no day of checking": (replaced("Checked: 2026-11-22\n", ""), "field_missing", "Related:"),
    "a day that does not exist": (replaced("Checked: 2026-11-22", "Checked: 2026-02-30"), "date_form", "Checked:"),
    "a day in words": (replaced("2027-02-20", "next spring"), "date_form", "Review by:"),
    "a review before the check": (replaced("2027-02-20", "2026-02-20"), "date_order", "Review by:"),
    "a field twice": (replaced("Related:", "Topic: library\nRelated:"), "field_twice", "Topic: library\nRelated"),
    "a misspelt field": (replaced("Checked:", "Chekced:"), "field_unknown", "Chekced:"),
    "a sentence among the fields": (replaced("Related:", "see below\nRelated:"), "field_line", "see below"),
    "itself as related": (replaced("Related: library-late", "Related: library-card"), "related_self", "Related:"),
    "a related entry with a capital": (replaced("library-late", "Library-late"), "related_form", "Related:"),
    "a related entry twice": (replaced("Related: library-late", "Related: library-late, library-late"), "related_twice", "Related:"),
    "no Chinese half": (lambda text: text[: text.index("## 中文")] + text[text.index("## Sources") :], "half_missing", "- 外国人能借书吗"),
    "no English title": (replaced("## English: Getting a library card", "## English:"), "title_missing", "## English:"),
    "no Chinese title": (replaced("## 中文：怎么办借书证", "## 中文："), "title_missing", "## 中文："),
    "no short answer": (lambda text: text[: text.index("Bring")] + text[text.index("### Steps") :], "short_missing", "## English:"),
    "the English half twice": (replaced("## 中文", "## English: Again\n\n## 中文"), "heading_twice", "## English: Again"),
    "a misspelt heading": (replaced("### Documents", "### Docments"), "heading_unknown", "### Docments"),
    "a heading of its own": (replaced("### Where", "### Whereabouts and parking"), "heading_unknown", "### Whereabouts"),
    "a part twice": (replaced("### Where", "### Steps\n1. Again.\n\n### Where"), "heading_twice", "### Steps\n1. Again"),
    "a part with two signs": (replaced("### Steps", "## Steps"), "heading_level", "## Steps"),
    "questions with three signs": (replaced("## Questions", "### Questions"), "heading_level", "### Questions"),
    "a part after the sources": (replaced("## Questions", "### Cost\nNothing.\n\n## Questions"), "part_outside", "### Cost"),
    "an empty part": (replaced("- Passport\n- One photo\n", ""), "part_empty", "### Documents"),
    "a part in English only": (replaced("### 步骤\n1. 到{station.name}填表。\n2. 在2027年5月5日前付款。\n", ""), "part_missing", "## 中文"),
    "a part in Chinese only": (replaced("### Documents\n- Passport\n- One photo\n", ""), "part_missing", "## English"),
    "a step without a number": (replaced("2. Pay", "Pay"), "step_unnumbered", "Pay"),
    "a step with the wrong number": (replaced("2. Pay", "3. Pay"), "step_number", "3. Pay"),
    "an empty step": (replaced("2. Pay before 5 May 2027.", "2."), "line_empty", "2.\n"),
    "a document without its dash": (replaced("- One photo", "One photo"), "dash_missing", "One photo"),
    "a question without its dash": (replaced("- borrow", "borrow"), "dash_missing", "borrow"),
    "a question broken into two lines": (replaced("for the library", "\nfor the library"), "dash_missing", "for the library"),
    "an empty question": (replaced("- borrow books as a foreigner", "-"), "line_empty", "-\n"),
    "a question twice": (replaced("- 外国人能借书吗", "- 怎么办借书证\n- 外国人能借书吗"), "question_twice", "- 怎么办借书证\n- 外"),
    "no questions": (
        replaced("## Questions\n- how do I get a card for the library\n- borrow books as a foreigner\n", ""),
        "section_missing",
        "- 外国人",
    ),
    "no sources": (lambda text: text[: text.index("## Sources")] + text[text.index("## Questions") :], "section_missing", "- 外国人"),
    "a source in one language": (replaced(" · 图书馆规则第三条", ""), "source_form", "- Library Rules"),
    "a source with a broken link": (replaced("https://library.example.org/rules", "https://library"), "link_form", "- Library Rules"),
    "a link with Chinese in it": (replaced("https://library.example.org/rules", "https://图书馆"), "link_form", "- Library Rules"),
    "a link in the answer without an address": (replaced("https://library.example.org/card.", "https://library ."), "link_form", "Ring"),
    "an unknown placeholder": (replaced("{station.name}", "{station.nmae}"), "placeholder_unknown", "1. Fill"),
    "half a placeholder": (replaced("{station.name}", "{station.name"), "placeholder_brace", "1. Fill"),
    "a detail in the middle of a sentence": (replaced("{station.name}", "{station.hours}"), "placeholder_place", "1. Fill"),
    "a placeholder in a question": (replaced("- borrow books", "- borrow {station.name} books"), "placeholder_outside", "- borrow"),
    "a placeholder in the title": (replaced("a library card\n", "a card at {station.name}\n"), "placeholder_outside", "## English"),
    "a comment that never ends": (replaced("## Questions", "<!-- later\n## Questions"), "comment_open", "<!-- later"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused_at_the_right_line(name: str) -> None:
    change, code, beginning = REFUSED[name]
    changed = change(LIBRARY)
    assert changed != LIBRARY
    document = read(changed)
    line = changed[: changed.index(beginning)].count("\n") + 1 if beginning != "" else line_of(changed, "Topic")
    assert document.entry is None
    assert (code, line) in [(found.code, found.line) for found in document.faults], [found.render() for found in document.faults]


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty_file", 1),
        (b" \r\n ", "empty_file", 1),
        (b"PK\x03\x04 a word processor's file", "not_text", 1),
        (b"{\\rtf1 text}", "not_text", 1),
        (LIBRARY.encode().replace("护照到".encode(), b"\xff\xfe\xfd"), "encoding_unknown", line_of(LIBRARY, "带护照")),
        (LIBRARY.encode().replace(b"Passport", b"Pass\x00port"), "encoding_unknown", line_of(LIBRARY, "- Passport")),
    ],
)
def test_what_is_no_text_is_named_in_one_sentence(data: bytes, code: str, line: int) -> None:
    document = reader.read(data, PATH)
    assert document.entry is None
    assert [(found.code, found.line) for found in document.faults] == [(code, line)]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    changed = LIBRARY.replace("Checked: 2026", "Checked: 20266").replace("### Steps", "### Stepz").replace("- borrow", "borrow")
    found = read(changed).faults
    assert [fault.code for fault in found] == ["date_form", "part_missing", "heading_unknown", "dash_missing"]
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)


def test_a_fault_is_told_with_its_place_in_both_languages() -> None:
    found = read(LIBRARY.replace("### Steps", "### Stepz")).faults[-1]
    assert found.render("en").endswith("library-card.md:13:1: “Stepz” is not a heading that an entry has. Did you mean “Steps”?")
    assert found.render("zh", PATH.parent) == "library-card.md:13:1: 条目里没有“Stepz”这个标题。 是不是“Steps”？"
