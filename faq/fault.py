"""A fault in a file of the FAQ, told in a plain sentence of either language, with the place where it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from faq.sentences import SENTENCES


class Severity(StrEnum):
    """Whether a fault must be mended (`error`) or should be looked at (`warning`)."""

    error = "error"
    warning = "warning"


class Both(NamedTuple):
    """A word inside a sentence that differs by language, such as the name of a part."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where, and what to do about it. Lines and columns count from 1, in characters."""

    path: Path
    line: int
    column: int
    code: str
    severity: Severity
    en: str
    zh: str
    hint_en: str
    hint_zh: str

    def sentence(self, language: str = "en") -> str:
        """The sentence alone; `language` is `en` or `zh`."""
        return self.zh if language == "zh" else self.en

    def hint(self, language: str = "en") -> str:
        """What to do about it, or an empty text where the sentence says it all."""
        return self.hint_zh if language == "zh" else self.hint_en

    def render(self, language: str = "en", root: Path | None = None) -> str:
        """`file:line:column: sentence hint`, with the file's path shortened to below `root` where it lies there."""
        path = self.path.relative_to(root) if root is not None and self.path.is_relative_to(root) else self.path
        words = " ".join(filter(None, (self.sentence(language), self.hint(language))))
        return f"{path}:{self.line}:{self.column}: {words}"


def fault(code: str, path: Path, line: int = 1, column: int = 1, **values: object) -> Fault:
    """The fault with the sentence that `SENTENCES` holds for `code`; `Both` values are put in by language."""
    words = SENTENCES[code]
    en = {name: value.en if isinstance(value, Both) else value for name, value in values.items()}
    zh = {name: value.zh if isinstance(value, Both) else value for name, value in values.items()}
    return Fault(
        path,
        line,
        column,
        code,
        Severity(words.severity),
        words.en.format(**en),
        words.zh.format(**zh),
        words.hint_en.format(**en),
        words.hint_zh.format(**zh),
    )


def errors(faults: Iterable[Fault]) -> list[Fault]:
    """Those that must be mended."""
    return [found for found in faults if found.severity is Severity.error]


def ordered(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Each fault once, by file, line and column."""
    return tuple(
        sorted(
            set(faults),
            key=lambda found: (
                str(found.path),
                found.line,
                found.column,
                found.code,
                found.en,
            ),
        )
    )
