"""Chinese written in Latin letters ("wo de huzhao diu le"): found, and turned into the characters that these letters most likely stand for."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib.resources import files
from math import log
from typing import Final

_HAN_RUN: Final = re.compile(r"[㐀-鿿]+")
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*\d?|\d+|[^\w\s]")
_LATIN: Final = re.compile(r"[a-z]+")
_LONGEST: Final = 6
#: At least this share of the words must be syllables, and at most this share English words that we know.
_SYLLABLES: Final = 0.82
_ENGLISH, _ENGLISH_LONG = 0.34, 0.6
#: Shares of what follows a character: as in our own texts, as in common words, as characters are in our texts, as in Chinese at large.
_OWN_TRIPLE, _OWN_PAIR, _WORD, _OWN, _COMMON = 0.4, 0.26, 0.2, 0.1, 0.04
#: Candidates for a syllable besides those of our own texts, and ways that are followed up.
_CANDIDATES: Final = 8
_BEAM: Final = 24


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """All syllables of standard Chinese without tones (`v` for ü), from the tables of Pinyin2Hanzi."""
    from Pinyin2Hanzi import all_pinyin, is_pinyin

    return frozenset(syllable for syllable in all_pinyin() if is_pinyin(syllable) and len(syllable) <= _LONGEST)


@lru_cache(maxsize=1)
def _characters() -> Mapping[str, str]:
    """Syllable → characters, the commonest first."""
    table = json.loads((files("Pinyin2Hanzi") / "data" / "dag_char.json").read_text(encoding="utf-8"))
    return {syllable: "".join(character for character, _ in table.get(syllable, ())) for syllable in syllables()}


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    """Two syllables → the two-character words written so, the commonest first, without a space between."""
    table = json.loads((files("Pinyin2Hanzi") / "data" / "dag_phrase.json").read_text(encoding="utf-8"))
    return {key: "".join(word for word, _ in words[:4]) for key, words in table.items() if key.count(",") == 1}


def plain(word: str) -> str:
    """A word without tone marks or a tone's number, ü as v: "lǜ4" → "lv"."""
    letters = unicodedata.normalize("NFD", word.lower().rstrip("12345")).replace("u\u0308", "v")
    letters = "".join(c for c in letters if not unicodedata.combining(c) and c != "'")
    return re.sub(r"(?<=[lnjqxy])ue", "ve", letters)


def split(word: str) -> tuple[str, ...]:
    """The syllables of a plain word, in as few as possible; () where it is not made of syllables."""
    known = syllables()
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST), end):
            before, piece = best[start], word[start:end]
            if before is not None and piece in known and (best[end] is None or len(before) + 1 < len(best[end] or ())):
                best[end] = (*before, piece)
    return best[-1] or (split(word[:-1]) if len(word) > 2 and word.endswith("r") else ())  # the r of Beijing: "nar", "yidianr"


class Pinyin:
    """Reads pinyin with the words of our own texts in mind: what people ask here is what our examples speak of."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    @cached_property
    def _groups(self) -> Counter[str]:
        """How often each character stands in our texts, each pair, and each three together; ^ begins a run of them."""
        seen: Counter[str] = Counter()
        for text in self._texts:
            for run in _HAN_RUN.findall(text):
                marked = f"^{run}"
                for size in (1, 2, 3):
                    seen.update(marked[at : at + size] for at in range(len(marked) - size + 1))
        return seen

    @cached_property
    def _english(self) -> frozenset[str]:
        """Latin words of our texts, where the text is not itself pinyin."""
        seen: Counter[str] = Counter()
        for text in self._texts:
            words = _LATIN.findall(text)
            if sum(bool(split(word)) for word in words) < _SYLLABLES * len(words):
                seen.update(words)
        return frozenset(word for word, count in seen.items() if count > 1)

    def finds(self, text: str) -> bool:
        """Whether a tidied text is Chinese in Latin letters."""
        if _HAN_RUN.search(text):
            return False
        words = [plain(token) for token in _TOKEN.findall(text) if token[0].isalpha()]
        words = [word for word in words if len(word) > 2 or split(word)]  # "IB", "HR", "Z" stand in Chinese sentences too
        parts = [split(word) for word in words]
        made = sum(bool(part) for part in parts)
        count = sum(map(len, parts))
        if len(words) < 2 or count < 4 or made < _SYLLABLES * len(words):
            return False
        long = made == len(words) and count > 7  # no other language goes on like this for long
        return sum(word in self._english for word in words) <= (_ENGLISH_LONG if long else _ENGLISH) * len(words)

    def resolve(self, text: str) -> str:
        """A tidied text with pinyin turned into characters; any other text as it is."""
        return self.read(text) if self.finds(text) else text

    def read(self, text: str) -> str:
        """The text in characters; words that are not made of syllables, figures and signs stay."""
        pieces: list[str] = []
        run: list[str] = []
        for token in (*_TOKEN.findall(text), "."):
            parts = split(plain(token)) if token[0].isalpha() else ()
            if parts:
                run.extend(parts)
                continue
            if run:
                pieces.append(self._decode(run))
                run = []
            pieces.append(token if not token[0].isalpha() else f" {token} ")
        return "".join(pieces)[:-1].strip()

    def _decode(self, run: list[str]) -> str:
        """The likeliest characters, by the pairs and triples of our texts, common words, and how common a character is (Viterbi with a beam)."""
        seen = self._groups
        total = sum(count for group, count in seen.items() if len(group) == 1) + 1
        ways: dict[str, tuple[float, str]] = {"^": (0.0, "^")}
        before = ""
        for syllable in run:
            words = _words().get(f"{before},{syllable}", "") if before else ""
            nexts: dict[str, tuple[float, str]] = {}
            for place, candidate in enumerate(_candidates(syllable, seen)):
                rest = _OWN * seen[candidate] / total + _COMMON * 0.01 / (place + 1)
                for last, (score, done) in ways.items():
                    one = last[-1]
                    at = words.find(one + candidate)
                    chance = (
                        rest
                        + _OWN_TRIPLE * seen[last + candidate] / (seen[last] + 1) * (len(last) > 1)
                        + _OWN_PAIR * seen[one + candidate] / (seen[one] + 2)
                        + (_WORD * 0.5 / (at // 2 + 1) if at >= 0 and at % 2 == 0 else 0.0)
                    )
                    found = (score + log(chance), done + candidate)
                    if one + candidate not in nexts or found > nexts[one + candidate]:
                        nexts[one + candidate] = found
            ways = dict(sorted(nexts.items(), key=lambda way: -way[1][0])[:_BEAM])
            before = syllable
        return max(ways.values())[1][1:]


def _candidates(syllable: str, ours: Counter[str]) -> Iterator[str]:
    common = _characters()[syllable]
    yield from common[:_CANDIDATES]
    yield from (character for character in common[_CANDIDATES:] if ours[character])
