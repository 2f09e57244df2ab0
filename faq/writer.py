"""An entry → the text of its file. What is written reads back as the same entry."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from faq import form
from faq.entry import LOCALES, PARTS, Entry

_HALF_HEADINGS = {"en": "## English: ", "zh": "## 中文："}
_SECTION_ENDS = {"en": "## Questions", "zh": "## 问题"}


def write(entry: Entry) -> str:
    """The file's text, ending with a line break. Lines are written as they stand; the reader says where they break the form."""
    blocks = [f"# {entry.id}", _head(entry)]
    for locale in LOCALES:
        blocks.append(f"{_HALF_HEADINGS[locale]}{entry.titles[locale]}")
        blocks += [_part(entry, locale, part) for part in PARTS if entry.answers[locale].part(part)]
    sources = (" · ".join(filter(None, (source.titles["en"], source.titles["zh"], source.link))) for source in entry.sources)
    blocks.append(_dashed(f"## {form.SOURCE_NAMES[0]}", sources))
    blocks += [_dashed(_SECTION_ENDS[locale], entry.questions[locale]) for locale in LOCALES]
    return "\n\n".join(blocks) + "\n"


def skeleton(topic: str, entry_id: str, checked: str, review_by: str) -> str:
    """A new entry's file with a comment at each place that says what to write there. It is not an entry before it is filled in."""
    return _SKELETON.format(topic=topic, id=entry_id, checked=checked, review_by=review_by, **_HINTS)


def draft(
    topic: str,
    entry_id: str,
    checked: str,
    review_by: str,
    *,
    answers: Mapping[str, Sequence[str]],
    questions: Mapping[str, Sequence[str]],
    origins: Sequence[int],
) -> str:
    """A skeleton that holds already what is known, by language: the lines of an answer and questions as they were asked.

    `origins` are the numbers of whatever it was made from; `origins_of` finds them again in the text.
    """
    known = dict(_HINTS)
    for locale in LOCALES:
        if lines := list(filter(None, map(_harmless, answers.get(locale, ())))):
            known[f"short_{locale}"] = "\n".join(lines)
        if asked := list(filter(None, (" ".join(_harmless(text).split()) for text in questions.get(locale, ())))):
            known[f"questions_{locale}"] = "\n- ".join([*asked, known[f"questions_{locale}"]])
    text = _SKELETON.format(topic=topic, id=entry_id, checked=checked, review_by=review_by, **known)
    return f"<!-- {_FROM} {', '.join(map(str, origins))} -->\n{text}"


def origins_of(text: str) -> frozenset[int]:
    """The numbers that `draft` was given."""
    first = text.partition("\n")[0]
    return frozenset(int(number) for number in re.findall(r"\d+", first)) if _FROM in first else frozenset()


def without_origins(text: str) -> str:
    """The same text without the line that tells where it comes from."""
    return text.partition("\n")[2] if origins_of(text) else text


def _harmless(line: str) -> str:
    """Words that nobody reads as a heading, a comment or a placeholder."""
    return line.replace("<!--", "").replace("-->", "").replace("{", "(").replace("}", ")").strip().lstrip("#-–— ")


def _head(entry: Entry) -> str:
    values = {
        "topic": entry.topic,
        "facts": ", ".join(entry.facts),
        "checked": entry.checked.isoformat(),
        "review_by": entry.review_by.isoformat(),
        "related": ", ".join(entry.related),
    }
    return "\n".join(f"{names[0]}: {values[field]}".rstrip() for field, names in form.FIELDS.items())


def _part(entry: Entry, locale: str, part: str) -> str:
    lines = entry.answers[locale].part(part)
    if part == "short":
        return "\n".join(lines)
    heading = f"### {form.PART_HEADINGS[part][locale]}"
    if part == "steps":
        return "\n".join([heading, *(f"{number}. {line}" for number, line in enumerate(lines, start=1))])
    return _dashed(heading, lines) if part == "documents" else "\n".join([heading, *lines])


def _dashed(heading: str, lines: Iterable[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines)])


#: Begins the comment that tells where a draft comes from.
_FROM: Final = "Draft from · 草稿来自"

_HINTS: Final = {
    "short_en": "<!-- One or two sentences that settle the question. A Chinese term stands in brackets where it is first used. -->",
    "short_zh": "<!-- 先用一两句话把问题说清楚。 -->",
    "questions_en": f"<!-- at least {form.FEWEST_QUESTIONS} ways in which different people would ask, one a line -->",
    "questions_zh": f"<!-- 至少 {form.FEWEST_QUESTIONS} 种不同的人会用的问法，一行一个 -->",
}

_SKELETON: Final = """\
# {id}

Topic: {topic}
Facts: <!-- the facts of facts.md on which the answer rests, such as VIS-001, VIS-002 · 答案所依据的事实编号 -->
Checked: {checked}
Review by: {review_by}
Related: <!-- two to five other entries, such as visa-extend, visa-office · 相关条目编号 -->

## English: <!-- the title, as a resident would ask -->

{short_en}

<!-- Keep the parts that help, the same in both halves, and delete the others:
     Steps, Documents, Cost, Time, Where, Caution, If it goes wrong -->

### Steps
1. <!-- one line a step -->

### Documents
- <!-- one line each -->

### Where
<!-- What differs by community is a placeholder, such as {{station.name}}, or "Address: {{station.address}}" at the end of a line. -->

### If it goes wrong
<!-- what to do, and whom to ask -->

## 中文：<!-- 标题，照居民会问的说法写 -->

{short_zh}

<!-- 需要哪几部分就留哪几部分，两种语言要一样：步骤、材料、费用、时间、地点、注意、遇到问题 -->

### 步骤
1. <!-- 一步一行 -->

### 材料
- <!-- 一条一行 -->

### 地点
<!-- 各社区不同的内容用占位符，例如 {{station.name}}，或放在行末：“地址：{{station.address}}” -->

### 遇到问题
<!-- 怎么办，问谁 -->

## Sources 来源
- <!-- English name, Article 3 · 中文名第三条 · https://the-official-page (the link only where there is one · 没有就不写) -->

## Questions
- {questions_en}

## 问题
- {questions_zh}
"""
