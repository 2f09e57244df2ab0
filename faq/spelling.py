"""Slips of the keyboard in English words: repaired by the FAQ's own words, where the word as written is none that anybody knows."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

_WORD: Final = re.compile(r"[^\W\d_]+")
#: Shorter words have too many neighbours.
_SHORTEST: Final = 4
#: Words of this length may hold two slips.
_LONG: Final = 8
#: A word of our texts is one to repair by when they hold it so often: what stands there once may be a slip itself.
_OFTEN: Final = 3
#: At least this share of a text's longer words must be ours: it is English then.
_OURS: Final = 0.4


class Spelling:
    """Knows the words of our texts; `known` tells of any other word whether it is one (a model's vocabulary; without it nothing is repaired)."""

    def __init__(self, texts: Sequence[str], known: Callable[[str], bool] | None) -> None:
        self._texts = texts
        self._known = known

    def repair(self, text: str) -> str:
        """A cleaned text with its slips repaired; a text in another language as it is."""
        if self._known is None or not text.isascii():
            return text
        words = [word for word in _WORD.findall(text) if len(word) >= _SHORTEST]
        strange = [word for word in words if word not in self._seen and not self._is_word(word)]
        if not strange or sum(word in self._seen for word in words) + len(_SHORT_ENGLISH.intersection(text.split())) < _OURS * len(words):
            return text
        repaired = {word: self._nearest(word) for word in strange}
        return _WORD.sub(lambda found: repaired.get(found[0], found[0]), text)

    def _is_word(self, word: str) -> bool:
        """Whether the word is known, or is a known one with an English ending."""
        stems = (word[: -len(ending)] for ending in ("s", "es", "d", "ed", "ing", "ly", "er", "ers") if word.endswith(ending))
        return self._known is None or any(self._known(stem) for stem in (word, *stems) if len(stem) >= _SHORTEST)

    @cached_property
    def _seen(self) -> Counter[str]:
        return Counter(word for text in self._texts for word in _WORD.findall(text) if word.isascii() and len(word) >= _SHORTEST)

    @cached_property
    def _words(self) -> dict[str, list[str]]:
        """Words to repair by, under their first letter: hardly anybody slips there."""
        words: dict[str, list[str]] = {}
        for word, count in self._seen.most_common():
            if count >= _OFTEN:
                words.setdefault(word[0], []).append(word)
        return words

    def _nearest(self, word: str) -> str:
        slips = 2 if len(word) >= _LONG else 1
        found = process.extractOne(word, self._words.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips)
        return found[0] if found else word


#: Little words by which English is known where the longer ones are all slips.
_SHORT_ENGLISH: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "my",
        "me",
        "we",
        "to",
        "in",
        "on",
        "of",
        "is",
        "it",
        "am",
        "are",
        "do",
        "can",
        "how",
        "who",
        "for",
        "and",
        "or",
        "not",
        "no",
        "if",
        "at",
        "so",
        "be",
    ]
)
