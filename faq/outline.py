"""Lines of an entry's file → its sections by heading, in either language, in any order."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from faq import form
from faq.fault import Both, Fault, fault
from faq.textfile import Line

#: Kind (`head`, `half`, `sources`, `questions`), locale and part; the last two are `None` where they say nothing.
Key = tuple[str, str | None, str | None]

_HEADING = re.compile(r"([#＃]{1,6})\s*(.*?)\s*#*")
_TITLED = re.compile(r"\s*([^:：]+?)\s*(?:[:：]\s*(.*))?")

_SECTIONS: dict[str, Key] = {
    **{form.folded(name): ("half", locale, "short") for locale, names in form.HALF_NAMES.items() for name in names},
    **{form.folded(name): ("questions", locale, None) for locale, names in form.QUESTION_NAMES.items() for name in names},
    **{form.folded(name): ("sources", None, None) for name in form.SOURCE_NAMES},
}
_PARTS = {form.folded(name): part for part, names in form.PART_HEADINGS.items() for name in names.values()}
_KNOWN = (
    *(name for names in form.HALF_NAMES.values() for name in names),
    "Questions",
    "问题",
    "Sources 来源",
)
_KNOWN_PARTS = tuple(name for names in form.PART_HEADINGS.values() for name in names.values())


@dataclass(slots=True)
class Section:
    """A heading and the lines below it. `title` is what follows the colon of a half's heading, or the id of the head."""

    key: Key
    heading: Line
    name: str
    title: str = ""
    body: list[Line] = field(default_factory=list)


def sections(lines: tuple[Line, ...], path: Path) -> tuple[list[Section], list[Fault]]:
    """The sections in the order of the file; the lines before the first `##` belong to the section `head`."""
    outline = _Outline(path, lines[0])
    for line in lines:
        if "<!--" in line.text:
            outline.fault("comment_open", line)
        heading = _HEADING.fullmatch(line.text)
        if heading is None:
            outline.current.body.append(line)
        else:
            outline.enter(line, len(heading[1]), heading[2])
    return outline.sections, outline.faults


class _Outline:
    def __init__(self, path: Path, first: Line) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.head = Section(("head", None, None), first, "")
        self.current = self.head
        self.sections = [self.head]
        self.half: str | None = None

    def fault(self, code: str, line: Line, **values: object) -> None:
        self.faults.append(fault(code, self.path, line.number, line.column, **values))

    def enter(self, line: Line, level: int, words: str) -> None:
        """Begins the section that the heading names. An unknown one keeps its lines to itself, so that they hurt nobody."""
        if part := _PARTS.get(form.folded(words)):
            self._level(line, level, 3, words)
            if self.half is None:
                self.fault("part_outside", line, name=words)
            self._begin(Section(("half", self.half, part), line, words))
            return
        titled = _TITLED.fullmatch(words)
        name, title = (titled[1], titled[2] or "") if titled else (words, "")
        key = _SECTIONS.get(form.folded(name))
        if key is not None:
            self._level(line, level, 2, words)
            self.half = key[1] if key[0] == "half" else None
            self._begin(Section(key, line, words, title))
        elif level == 1 and not self.head.name and self.current is self.head:
            self.head.heading, self.head.name, self.head.title = line, words, words
        elif level == 1:
            self.fault("id_twice", line, first=self.head.heading.number)
            self.current = Section(("unknown", None, None), line, words)
        else:
            self.fault("heading_unknown", line, name=words, hint=_hint(name, level))
            self.current = Section(("unknown", None, None), line, words)

    def _level(self, line: Line, level: int, right: int, words: str) -> None:
        if level != right:
            self.fault("heading_level", line, name=words, right=f"{'#' * right} {words}")

    def _begin(self, section: Section) -> None:
        first = next((one for one in self.sections if one.key == section.key), None)
        if first is not None:
            self.fault(
                "heading_twice",
                section.heading,
                name=section.name,
                first=first.heading.number,
            )
        elif section.key != ("half", None, section.key[2]):
            self.sections.append(section)
        self.current = section


def _hint(name: str, level: int) -> Both:
    known = _KNOWN if level == 2 else _KNOWN_PARTS
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return Both(f"Did you mean “{near[0]}”?", f"是不是“{near[0]}”？")
    return Both(f"There are: {', '.join(known)}.", f"可用的有：{'、'.join(known)}。")
