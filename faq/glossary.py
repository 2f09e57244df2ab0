"""The glossary (`glossary.md`): one approved English term for each Chinese term, `- 居留许可 = residence permit`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from faq.fault import Fault, fault
from faq.textfile import decode

_TERM = re.compile(r"[-–—−－•*]\s*([^=＝]+?)\s*[=＝]\s*(.+)")


@dataclass(frozen=True, slots=True)
class Term:
    """A Chinese term, the English one that answers use, and the others that are let pass (after slashes)."""

    zh: str
    en: str
    also: tuple[str, ...]


def read(data: bytes, path: Path) -> tuple[Mapping[str, Term], tuple[Fault, ...]]:
    """The terms by their Chinese, and the faults. Headings and plain sentences between the terms are for people."""
    text = decode(data, path)
    faults = list(text.faults)
    terms: dict[str, Term] = {}
    first: dict[str, int] = {}
    for line in text.lines:
        found = _TERM.fullmatch(line.text)
        if found is None:
            if line.text.startswith(("-", "－", "*", "•")):
                faults.append(fault("glossary_line", path, line.number, line.column))
            continue
        zh = found[1]
        if zh in terms:
            faults.append(
                fault(
                    "glossary_twice",
                    path,
                    line.number,
                    line.column,
                    term=zh,
                    first=first[zh],
                )
            )
            continue
        en, *also = (word.strip() for word in re.split(r"\s+/\s+", found[2]))
        first[zh] = line.number
        terms[zh] = Term(zh, en, tuple(also))
    return terms, tuple(faults)
