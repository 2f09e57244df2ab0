"""The plain text of a reply taken apart for a page: halves by language, headings, steps, lists, the source below."""

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.resident.transcript import Line
from handlers.voice import RULE

_STEP = re.compile(r"\d{1,2}\. ")
_LINK = re.compile(r"https?://[^\s<>\"“”，。；、）)]+")
_SOURCE = "📄"


class Shape(StrEnum):
    """How a run of lines is shown."""

    text = "text"
    heading = "heading"
    steps = "steps"
    items = "items"
    source = "source"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line; `link` is the address it leads to, None for plain words."""

    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of one shape; each line is a tuple of pieces."""

    shape: Shape
    lines: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Half:
    """What is said in one language; `lang` is its BCP 47 tag."""

    lang: str
    runs: tuple[Run, ...]


def laid_out(line: Line) -> tuple[Half, ...]:
    """The halves of a turn. What a resident wrote is shown as it stands."""
    if line.author == "resident":
        return (Half(tag(line.locale), (Run(Shape.text, tuple(pieces(one) for one in line.text.split("\n"))),)),)
    text = line.text
    if line.name is not None:
        text = re.sub(f"^{re.escape(line.name)}[:：]\n", "", text)
    first, *rest = text.split(RULE)
    other = "zh" if line.locale == "en" else "en"
    return (Half(tag(line.locale), runs(first)), *(Half(tag(other), runs(half)) for half in rest))


def tag(locale: str) -> str:
    """The `lang` attribute for a locale; empty where nobody knows."""
    return {"zh": "zh-Hans", "und": "", "mixed": "", "en+zh": ""}.get(locale, locale)


def runs(text: str) -> tuple[Run, ...]:
    """The blocks of one half."""
    found: list[Run] = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if lines[0].startswith(_SOURCE):
            found.append(Run(Shape.source, tuple(pieces(one) for one in lines)))
            continue
        if len(lines) > 1 and lines[0].endswith((":", "：")):
            found.append(Run(Shape.heading, (pieces(lines[0][:-1]),)))
            lines = lines[1:]
        found.extend(_alike(lines))
    return tuple(found)


def _alike(lines: list[str]) -> list[Run]:
    """Neighbouring lines of one shape together."""
    groups: list[tuple[Shape, list[tuple[Piece, ...]]]] = []
    for line in lines:
        shape, words = _shape(line)
        if not groups or groups[-1][0] is not shape:
            groups.append((shape, []))
        groups[-1][1].append(pieces(words))
    return [Run(shape, tuple(words)) for shape, words in groups]


def _shape(line: str) -> tuple[Shape, str]:
    if step := _STEP.match(line):
        return Shape.steps, line[step.end() :]
    return (Shape.items, line[2:]) if line.startswith("- ") else (Shape.text, line)


def pieces(line: str) -> tuple[Piece, ...]:
    """A line with its links apart."""
    found = []
    at = 0
    for link in _LINK.finditer(line):
        address = link[0].rstrip(".,;:!?")
        found += [Piece(line[at : link.start()]), Piece(address, address)]
        at = link.start() + len(address)
    return tuple(piece for piece in (*found, Piece(line[at:])) if piece.text) or (Piece(""),)
