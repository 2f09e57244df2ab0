"""Two questions in one message: found where both halves ask, each of another entry, and the whole message knows both."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import Final

from faq.matcher import Matcher, Ranking
from faq.text import tidy

_HAN: Final = re.compile(r"[㐀-鿿]")
_WORD: Final = re.compile(r"[㐀-鿿]|[^\W㐀-鿿]+")
#: A half with fewer words (Chinese: characters) than this says nothing of its own.
_FEWEST_WORDS: Final = 3
#: Places to cut that are tried; each costs two quick rankings.
_MOST_CUTS: Final = 8
#: A split is made from this probability on. The weights are a logistic regression on pairs of questions written one after another.
_SURE: Final = 0.45
_WEAKER, _STRONGER, _WHOLE_WEAKER, _WHOLE_STRONGER, _LINKED, _BIAS = 1.8, 2.0, 0.8, -0.1, 1.3, 4.1
#: How far the whole message decides what a half of it asks.
_WHOLE: Final = 0.8
#: What the whole message gives an entry that it does not rank.
_UNRANKED: Final = 0.012


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where a message may be cut in two; `linked`: the second half begins with "also", "2)" or the like."""

    first: str
    second: str
    linked: bool


def read_questions(matcher: Matcher, text: str) -> tuple[tuple[str, Ranking], ...]:
    """The one or two questions of a message, each with its ranking, in the order in which they are asked."""
    whole = matcher.rank(text)
    known = {match.entry: match.score + 0.01 for match in whole.matches}
    best, chosen = _SURE, None
    for cut in cuts(text):
        chance = _chance(matcher, known, cut)
        if chance > best:
            best, chosen = chance, cut
    if chosen is not None:
        first, second = (_led(matcher.rank(half), known) for half in (chosen.first, chosen.second))
        if first.matches[0].entry != second.matches[0].entry:
            return ((chosen.first, first), (chosen.second, second))
    return ((text, whole),)


def cuts(text: str) -> Iterator[Cut]:
    """Places where a message may be cut so that both halves say something and both ask, or the second is announced as another matter."""
    patterns = _patterns()
    tried = 0
    for place in patterns["cut"].finditer(text):
        first, second = text[: place.start()].strip(" ,，、"), text[place.end() :].strip(" ,，、")
        if min(len(_WORD.findall(first)), len(_WORD.findall(second))) < _FEWEST_WORDS:
            continue
        linked = patterns["link"].match(second) is not None
        if (linked or (asks(first) and asks(second))) and tried < _MOST_CUTS:
            tried += 1
            yield Cut(first, second, linked)


def asks(half: str) -> bool:
    """Whether a part of a message has the form of a question."""
    return _patterns()["asking han" if _HAN.search(half) else "asking latin"].search(tidy(half)) is not None


def _chance(matcher: Matcher, known: Mapping[str, float], cut: Cut) -> float:
    """How probable it is that the halves ask of two entries."""
    first, second = (_led(matcher.rank(half, quick=True), known) for half in (cut.first, cut.second))
    if not first.matches or not second.matches or first.matches[0].entry == second.matches[0].entry:
        return 0.0
    scores = sorted((max(first.confidence, 1e-6), max(second.confidence, 1e-6)))
    shares = sorted(known.get(half.matches[0].entry, _UNRANKED) for half in (first, second))
    evidence = _WEAKER * log(scores[0]) + _STRONGER * log(scores[1]) + _WHOLE_WEAKER * log(shares[0]) + _WHOLE_STRONGER * log(shares[1])
    return 1 / (1 + exp(-evidence - _BIAS - _LINKED * cut.linked))


def _led(half: Ranking, known: Mapping[str, float]) -> Ranking:
    """The ranking of a half, led by the entry that the half and the whole message point to together."""
    if not half.matches:
        return half
    blended = [match.score * known.get(match.entry, _UNRANKED) ** _WHOLE for match in half.matches]
    leader = half.matches[max(range(len(blended)), key=blended.__getitem__)]
    others = (match for match in half.matches if match is not leader)
    return Ranking((leader, *(replace(match, score=min(match.score, leader.score)) for match in others)), leader.score)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    """The sections of `clauses.txt` beside this file, each as one pattern."""
    sections: dict[str, list[str]] = {}
    for line in (Path(__file__).parent / "clauses.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]") and line[1:-1].replace(" ", "").isalpha():
            sections[line[1:-1]] = patterns = []
        elif line.strip() and not line.startswith("#"):
            patterns.append(line)
    return {
        name: re.compile(rf"\W*(?:{'|'.join(lines)})(?![a-z])" if name == "link" else "|".join(lines), re.IGNORECASE)
        for name, lines in sections.items()
    }
