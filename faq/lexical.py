"""Nearness by letters and words, without any model: weighted groups of letters, drawn together into one short row of numbers."""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import log, sqrt
from typing import Final

import numpy as np

from faq.encoders import Vectors

_WORD: Final = re.compile(r"[㐀-鿿]+|[^\W㐀-鿿]+")
_HAN: Final = re.compile(r"[㐀-鿿]")
#: Each letter group goes to this many places of the row: the nearness of two rows is then that of the full counts within ~4 %.
_PLACES: Final = 4


class Sketch:
    """tf-idf of words and of groups of 2 to 4 letters (1 to 3 Chinese characters), hashed (Charikar et al. 2002) to `dim` numbers.

    It is an encoder that needs to see the examples first, to know which groups are rare.
    """

    name = "letters"

    def __init__(self, weights: dict[str, float], unseen: float, dim: int = 512) -> None:
        self.dim = dim
        self._weights = weights
        self._unseen = unseen
        self._places: dict[str, tuple[tuple[int, float], ...]] = {}

    @classmethod
    def of(cls, texts: Sequence[str], dim: int = 512) -> "Sketch":
        """A sketch whose weights are those of the texts: a group that stands in few of them weighs more."""
        seen = Counter(group for text in texts for group in set(_groups(text)))
        total = len(texts) + 1
        return cls({group: 1 + log(total / (count + 1)) for group, count in seen.items()}, 1 + log(total), dim)

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for group, count in Counter(_groups(text)).items():
                weight = self._weights.get(group, self._unseen) * (1 + log(count))
                for place, sign in self._at(group):
                    row[place] += sign * weight
            length = sqrt(float(row @ row))
            if length:
                row /= length
        return rows

    def _at(self, group: str) -> Iterable[tuple[int, float]]:
        known = self._places.get(group)
        if known is None:
            known = tuple(_hashed(group, self.dim))
            if group in self._weights:  # what only messages hold is not kept: memory stays bounded
                self._places[group] = known
        return known


def _hashed(group: str, dim: int) -> Iterator[tuple[int, float]]:
    for salt in range(_PLACES):
        number = zlib.crc32(f"{salt}{group}".encode())
        yield number // 2 % dim, 1.0 if number % 2 else -1.0


def _groups(text: str) -> Iterator[str]:
    before = ""
    for word in _WORD.findall(text):
        if _HAN.match(word):
            for size in (1, 2, 3):
                yield from (word[at : at + size] for at in range(len(word) - size + 1))
            continue
        yield f"={word}"
        if before:
            yield f"{before} {word}"
        before = word
        padded = f" {word} "
        for size in (2, 3, 4):
            yield from (padded[at : at + size] for at in range(len(padded) - size + 1))
