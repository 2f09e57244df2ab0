"""A small FAQ of an invented town for tests: two entries, a register, a glossary and a profile."""

from pathlib import Path

LIBRARY = """\
# library-card

Topic: library
Facts: LIB-001, LIB-002
Checked: 2026-11-22
Review by: 2027-02-20
Related: library-late

## English: Getting a library card

Bring your passport to the desk; the library card (借书证) costs 1,200 yuan. It is ready within 24 hours.

### Steps
1. Fill in the form at {station.name}.
2. Pay before 5 May 2027.

### Documents
- Passport
- One photo

### Where
The desk on the ground floor.
Address: {station.address}

### If it goes wrong
Ring 0571-1234 5678, or read https://library.example.org/card.

## 中文：怎么办借书证

带护照到服务台办，借书证收费 1200 元，24 小时内办好。

### 步骤
1. 到{station.name}填表。
2. 在2027年5月5日前付款。

### 材料
- 护照
- 一张照片

### 地点
一楼服务台。
地址：{station.address}

### 遇到问题
拨打 0571-12345678，或看 https://library.example.org/card。

## Sources 来源
- Library Rules, Article 3 · 图书馆规则第三条 · https://library.example.org/rules

## Questions
- how do I get a card for the library
- borrow books as a foreigner

## 问题
- 怎么办借书证
- 外国人能借书吗
"""

LATE = (
    LIBRARY.replace("# library-card", "# library-late")
    .replace("Related: library-late", "Related: library-card")
    .replace("- how do I get a card for the library\n- borrow books as a foreigner", "- my book is overdue\n- forgot to return a book")
    .replace("- 怎么办借书证\n- 外国人能借书吗", "- 书过期了\n- 忘了还书")
)

FACTS = """\
# Library

## LIB-001
Claim: A card costs 1,200 yuan and is made within 24 hours; pay before 5 May 2027.
Chinese term: 借书证
Source: Library Rules, Article 3
Link: https://library.example.org/rules
Source date: 2026-01-01
Confidence: official
Checked: 2026-11-22

## LIB-002
Claim: The desk's number is 0571-1234 5678.
Chinese term: 服务台
Source: Library leaflet
Link: none
Source date: 2026
Confidence: secondary
Caution: Confirm the number at the desk.
Checked: 2026-11-22
"""

GLOSSARY = """\
# Glossary 词汇表

- 借书证 = library card
- 护照 = passport / travel document
"""

PROFILE = """\
# sample

Note: invented
Name: Mill Lane (sample) · 磨坊巷（样例）
Station name: the Mill Lane desk · 磨坊巷服务台
Station phone: 0571-0000 0000
"""


def line_of(text: str, words: str) -> int:
    """The number of the first line that begins with `words`."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(words))


def path_of(entry_id: str, folder: Path = Path("faq")) -> Path:
    """Where the file of an entry of the sample lies."""
    return folder / "entries" / "library" / f"{entry_id}.md"


def write(folder: Path) -> Path:
    """Writes the small FAQ into a folder and returns it."""
    (folder / "entries" / "library").mkdir(parents=True)
    (folder / "communities").mkdir()
    path_of("library-card", folder).write_text(LIBRARY, encoding="utf-8")
    path_of("library-late", folder).write_text(LATE, encoding="utf-8")
    (folder / "facts.md").write_text(FACTS, encoding="utf-8")
    (folder / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    (folder / "none.txt").write_text("# nobody answers these\nwhat is the weather like\n今天天气怎么样\n", encoding="utf-8")
    (folder / "communities" / "sample.md").write_text(PROFILE, encoding="utf-8")
    return folder
