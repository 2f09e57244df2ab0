"""What a translator must leave alone: names, numbers, dates, addresses and links stand aside while it works; approved terms are put in.

Nothing that stands aside leaves this machine.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from faq.glossary import Term
from handlers.privacy import find
from handlers.translator import NotTranslated

_LINK = re.compile(r"https?://\S+|www\.\S+")
_DATE = re.compile(
    r"\d{4}\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号])?)?|\d{1,2}\s?月\s?\d{1,2}\s?[日号]|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|\d{1,2}:\d{2}(?:\s?[-–—~至到]\s?\d{1,2}:\d{2})?"
)
_NUMBER = re.compile(r"[¥$€£]?\d[\d.,–-]*\d|\d")
#: A Chinese address: road, lane, number, building, room; and an English one that gives them in its order.
_ADDRESS = re.compile(
    r"(?:(?![到在去往从来于是])[\u4e00-\u9fff]){1,8}(?:路|街|弄|巷|里|大道)\s?\d+\s?号(?:\s?\d+\s?(?:号楼|幢|栋|单元|室|层|楼))*"
    r"|(?:Room|Building|Unit|No\.?)\s?\d+(?:,\s?(?:Room|Building|Unit|No\.?)\s?\d+)*(?:,?\s\d*\s?[A-Z][a-z]+(?:\s[A-Z][a-z]+)*\s(?:Road|Street|Lane|Avenue))?"
    r"|\d+\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)*\s(?:Road|Street|Lane|Avenue)"
)
_MARK = re.compile(r"⟦\s*(\d+)\s*⟧")


@dataclass(frozen=True, slots=True)
class Protected:
    """A text with marks ⟦0⟧, ⟦1⟧ … and what each will be in the translation."""

    text: str
    values: tuple[str, ...]

    def restore(self, translated: str) -> str:
        """The translation with everything in its place. Raises `NotTranslated` where a mark is lost, doubled or new."""
        marks = [int(found) for found in _MARK.findall(translated)]
        if sorted(marks) != list(range(len(self.values))) or not translated.strip():
            raise NotTranslated
        return _MARK.sub(lambda found: self.values[int(found[1])], translated).strip()


def protect(text: str, *, target: str, names: Iterable[str] = (), glossary: Mapping[str, Term] | None = None) -> Protected:
    """Put aside what must stay, the first and longest first; a term of the glossary becomes the approved one in the target language."""
    text = text.replace("⟦", "[").replace("⟧", "]")
    spans: list[tuple[int, int, str]] = [(one.start, one.end, text[one.start : one.end]) for one in find(text)]
    for pattern in (_LINK, _ADDRESS, _DATE):
        spans += [(found.start(), found.end(), found[0]) for found in pattern.finditer(text)]
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        spans += [(found.start(), found.end(), found[0]) for found in re.finditer(_word(name), text)]
    spans += list(_terms(text, target, glossary or {}))
    spans += [(found.start(), found.end(), found[0]) for found in _NUMBER.finditer(text)]
    kept: list[tuple[int, int, str]] = []
    for start, end, value in spans:
        if all(end <= first or last <= start for first, last, _value in kept):
            kept.append((start, end, value))
    parts, done = [], 0
    kept.sort()
    for place, (start, end, _value) in enumerate(kept):
        parts += [text[done:start], f"⟦{place}⟧"]
        done = end
    return Protected("".join([*parts, text[done:]]), tuple(value for _start, _end, value in kept))


def _terms(text: str, target: str, glossary: Mapping[str, Term]) -> Iterable[tuple[int, int, str]]:
    """The longest terms first, so that a part of one does not take its place."""
    if target.startswith("zh"):
        pairs = {said: term.zh for term in glossary.values() for said in (term.en, *term.also)}
    else:
        pairs = {term.zh: term.en for term in glossary.values()} if target == "en" else {}
    for said in sorted(pairs, key=len, reverse=True):
        for found in re.finditer(_word(said), text, re.IGNORECASE):
            yield found.start(), found.end(), pairs[said]


def _word(words: str) -> str:
    """A pattern that finds Latin words whole, and Chinese ones wherever they stand."""
    edge = r"(?![A-Za-z])" if words[-1:].isascii() else ""
    return (r"(?<![A-Za-z])" if words[:1].isascii() else "") + re.escape(words) + edge
