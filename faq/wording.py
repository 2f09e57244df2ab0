"""Rules written in words: "cannot / can't + breathe". How a text is cut into words and signs, and which rules it meets.

A rule stands on one line. ` / ` parts ways of saying the same, ` + ` asks for both near each other in either order, ` > ` for the second
soon after the first, ` & ` for both anywhere in the message. `word*` stands for all words that begin so, `~word` also for misspelt ones,
`<name>` for a list of that name. Words of languages that put no blanks between them are looked for as they stand, inside the text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from faq.text import simplify, tidy

#: A word of a script that writes blanks, one sign of any other script, or what ends a sentence.
_TOKEN: Final = re.compile(r"[a-z0-9\u00df-\u024f\u0370-\u052f]+|[\u0620-\u064a\u066e-\u06d3]+|[.!?;؟\n]|[^\W\d_]")
_ENDS: Final = frozenset(".!?;؟\n")
#: Arabic: marks that many leave out, letters that are written in two ways, and what is written together with the word behind it.
_ARABIC: Final = re.compile(r"[\u0621-\u06d3]")
_ARABIC_MARKS: Final = re.compile(r"[\u0640\u064b-\u0652\u0670]")
_ARABIC_ALIKE: Final = str.maketrans("أإآىةؤئ", "ااايهوي")
_ARABIC_JOINED: Final = re.compile(r"(?<![\u0621-\u06d3])(?:وال|بال|فال|لل|ال|و)(?=[\u0621-\u06d3]{3})")
_CONTRACTED: Final = re.compile(r"(?<=\w)'(?=(?:t|s|m|re|ve|ll|d)\b)")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_KANA: Final = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
#: How wide a token counts: a word says as much as two Chinese characters, and a full stop parts more than a word.
_WORD, _SIGN, _END = 2, 1, 4
#: How far apart, in that measure, the parts of a rule may stand: for ` + ` and for ` > `.
_NEAR, _SOON = 16, 8
#: A rule is told of so many times a text at most, and so many ways are followed up.
_WAYS, _MOST = 6, 60
#: Misspelt words are looked for from this length on.
_LONG_ENOUGH = 6


class Span(NamedTuple):
    """Tokens `start` to `end`, the last one not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """A text cut up: `tokens`, where each begins (`places`, in widths) and in which sentence it stands (`sentences`)."""

    tokens: tuple[str, ...]
    places: tuple[int, ...]
    sentences: tuple[int, ...]

    def gap(self, first: Span, second: Span) -> int:
        """How far the second begins after the end of the first; negative where it stands before or they overlap."""
        return self.places[second.start] - self.places[first.end - 1] - _width(self.tokens[first.end - 1])

    def phrase(self, span: Span) -> str:
        """The words of a span as they were compared."""
        return " ".join(self.tokens[span.start : span.end])


def _width(token: str) -> int:
    return _SIGN if len(token) == 1 and not token.isascii() else _WORD


def cut(text: str) -> Words:
    """A text, in any language, as words and signs in one spelling."""
    tokens, places, sentences = [], [], []
    place = sentence = 0
    lines = (normal(line) for line in text.splitlines())
    for found in _TOKEN.finditer("\n".join(lines)):
        if found[0] in _ENDS:
            place += _END
            sentence += 1
            continue
        tokens.append(found[0])
        places.append(place)
        sentences.append(sentence)
        place += _width(found[0])
    return Words(tuple(tokens), tuple(places), tuple(sentences))


@lru_cache(maxsize=2048)
def normal(text: str) -> str:
    """One spelling, in which rules and texts are compared."""
    text = _CONTRACTED.sub("", tidy(text)).replace("著", "着")
    if _ARABIC.search(text):
        text = _ARABIC_JOINED.sub("", _ARABIC_MARKS.sub("", text).translate(_ARABIC_ALIKE))
    return "".join(map(_simple, text)) if _KANA.search(text) else text


@lru_cache(maxsize=4096)
def _simple(sign: str) -> str:
    return simplify(sign)


class Term(NamedTuple):
    """What a rule looks for: tokens in a row; the last may be a beginning (`open`), each may be misspelt (`loose`)."""

    tokens: tuple[str, ...]
    open: bool = False
    loose: bool = False


def term(text: str) -> Term:
    """A term as it stands in a rule."""
    bare = text.strip()
    return Term(cut(bare.strip("~*")).tokens, bare.endswith("*"), bare.startswith("~"))


@dataclass(frozen=True, slots=True)
class Rule:
    """Groups of terms, and before each but the first the sign that joins it. `strong`: holds whatever else is said (`!` before the rule)."""

    label: str
    groups: tuple[tuple[Term, ...], ...]
    joints: tuple[str, ...]
    strong: bool = False


class Malformed(ValueError):
    """A rule that cannot be read; `reason` is one of `list_unknown`, `nothing_between`."""

    def __init__(self, reason: str, part: str) -> None:
        super().__init__(f"{reason}: {part}")
        self.reason = reason
        self.part = part


def rule(line: str, label: str, lists: Mapping[str, Sequence[Term]]) -> Rule:
    """A rule as it stands on its line. Raises `Malformed`."""
    strong = line.startswith("!")
    parts = re.split(r"\s+([+>&])(?:\s+|$)", line.lstrip("! ").strip())
    groups = tuple(tuple(_terms(part, lists)) for part in parts[::2])
    return Rule(label, groups, tuple(parts[1::2]), strong)


def _terms(group: str, lists: Mapping[str, Sequence[Term]]) -> Iterator[Term]:
    for way in re.split(r"\s+/\s+", group):
        name = re.fullmatch(r"<([^<>]+)>", way.strip())
        if name is None:
            one = term(way)
            if not one.tokens or way.lstrip().startswith("/"):
                raise Malformed("nothing_between", way)
            yield one
        elif name[1] in lists:
            yield from lists[name[1]]
        else:
            raise Malformed("list_unknown", name[1])


class Met(NamedTuple):
    """A rule that a text meets, and where: each group's own words."""

    rule: Rule
    spans: tuple[Span, ...]

    @property
    def hull(self) -> Span:
        """From the first of its words to the last."""
        return Span(min(span.start for span in self.spans), max(span.end for span in self.spans))


@dataclass(frozen=True, slots=True)
class _Start:
    """Terms that begin with one token."""

    whole: list[Term] = field(default_factory=list)
    open: list[Term] = field(default_factory=list)


class Rulebook:
    """Many rules, looked up together: a text is walked through once for all terms, then only the rules of the terms found are asked."""

    def __init__(self, rules: Iterable[Rule], known: Iterable[str] = ()) -> None:
        self._rules = tuple(rules)
        self._uses: dict[Term, list[tuple[int, int]]] = {}
        for number, each in enumerate(self._rules):
            for place, group in enumerate(each.groups):
                for one in dict.fromkeys(group):
                    self._uses.setdefault(one, []).append((number, place))
        self._starts: dict[str, _Start] = {}
        for one in self._uses:
            start = self._starts.setdefault(one.tokens[0], _Start())
            (start.open if one.open and len(one.tokens) == 1 else start.whole).append(one)
        self._known = {token for one in self._uses for token in one.tokens} | {token for word in known for token in cut(word).tokens}
        self._loose: dict[str, list[str]] = {}
        for token in sorted({token for one in self._uses if one.loose for token in one.tokens if len(token) >= _LONG_ENOUGH}):
            self._loose.setdefault(token[0], []).append(token)

    @property
    def characters(self) -> tuple[str, ...]:
        """The terms that are written in Chinese characters."""
        return tuple("".join(one.tokens) for one in self._uses if all(_HAN.match(token) for token in one.tokens))

    def met(self, words: Words) -> Iterator[Met]:
        """The rules that a text meets, in the order of the book, each at most a few times."""
        groups: dict[int, list[list[Span]]] = {}
        for one, spans in self._found(words).items():
            for number, place in self._uses[one]:
                groups.setdefault(number, [[] for _ in self._rules[number].groups])[place].extend(spans)
        for number in sorted(groups):
            if all(groups[number]):
                for way in islice(_ways(self._rules[number], groups[number], words), _WAYS):
                    yield Met(self._rules[number], way)

    def _found(self, words: Words) -> dict[Term, list[Span]]:
        tokens = tuple(map(self._spelt, words.tokens))
        found: dict[Term, list[Span]] = {}
        for at, (own, meant) in enumerate(zip(words.tokens, tokens, strict=True)):
            for one in self._beginning(own, meant):
                end = at + len(one.tokens)
                given = tokens[at:end] if one.loose else words.tokens[at:end]
                if len(given) == len(one.tokens) and given[1:-1] == one.tokens[1:-1] and _same(given[-1], one):
                    found.setdefault(one, []).append(Span(at, end))
        return found

    def _beginning(self, own: str, meant: str) -> Iterator[Term]:
        start = self._starts.get(own)
        if start is not None:
            yield from start.whole
        if meant != own and (start := self._starts.get(meant)) is not None:
            yield from (one for one in start.whole if one.loose)
        for length in range(1, len(own) + 1):
            start = self._starts.get(own[:length])
            if start is not None:
                yield from start.open

    def _spelt(self, token: str) -> str:
        """The word that was meant, where a long word is unknown and one letter away from one that may be misspelt."""
        if len(token) < _LONG_ENOUGH - 1 or token in self._known or not token.isalpha():
            return token
        near = (word for word in self._loose.get(token[0], ()) if OSA.distance(word, token, score_cutoff=1) <= 1)
        return next(near, token)


def _ways(each: Rule, groups: Sequence[Sequence[Span]], words: Words) -> list[tuple[Span, ...]]:
    """The ways in which the parts of a rule stand in a text."""
    ways: list[tuple[Span, ...]] = [(span,) for span in groups[0]]
    for joint, group in zip(each.joints, groups[1:], strict=True):
        ways = list(islice(((*way, span) for way in ways for span in group if _joined(joint, way, span, words)), _MOST))
    return ways


def _same(token: str, one: Term) -> bool:
    return token.startswith(one.tokens[-1]) if one.open else token == one.tokens[-1]


def _joined(joint: str, way: tuple[Span, ...], span: Span, words: Words) -> bool:
    if any(span.start < other.end and other.start < span.end for other in way):
        return False
    if joint == "&":
        return True
    if joint == ">":
        return 0 <= words.gap(way[-1], span) <= _SOON
    return any(0 <= gap <= _NEAR for other in way for gap in (words.gap(other, span), words.gap(span, other)))
