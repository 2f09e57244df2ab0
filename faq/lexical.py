"""Nearness by letters and words, without any model: weighted groups of letters, drawn together into one short row of numbers."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.encoders import Vectors

_WORD: Final = re.compile(r"[㐀-鿿]+|[^\W㐀-鿿]+")
_HAN: Final = re.compile(r"[㐀-鿿]")
#: Each letter group goes to this many places of the row: the nearness of two rows is then that of the full counts within ~4 %.
_PLACES: Final = 4

#: Odd numbers that spread bits (splitmix64, Steele et al. 2014).
_MIX, _SALT = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


class Sketch:
    """tf-idf of words and of groups of 2 to 4 letters (1 to 3 Chinese characters), hashed (Charikar et al. 2002) to `dim` numbers.

    It is an encoder that needs to see the examples first, to know which groups are rare: `groups` with the `weights` (groups,) of each.
    A group that no example holds weighs as much as the rarest, and lies apart from all others.
    """

    name = "letters"

    def __init__(self, groups: Sequence[str], weights: Vectors, dim: int = 512) -> None:
        self.dim = dim
        self.groups = groups
        self.weights = weights
        self._number = {group: number for number, group in enumerate(groups)}
        self._places, self._values = _hashed(groups, dim)
        self._unseen = float(weights.max(initial=1.0))

    @classmethod
    def of(cls, texts: Sequence[str], dim: int = 512) -> "Sketch":
        """A sketch whose weights are those of the texts: a group that stands in few of them weighs more."""
        seen = Counter(group for text in texts for group in set(_groups(text)))
        total = len(texts) + 1
        return cls(list(seen), np.array([1 + log(total / (count + 1)) for count in seen.values()], np.float32), dim)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1, or shorter by what the examples do not know, shape (number of texts, `dim`)."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            counts = Counter(_groups(text))
            numbers = np.fromiter((self._number.get(group, -1) for group in counts), np.intp, len(counts))
            often = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
            known = numbers >= 0
            numbers = numbers[known]
            share = (self.weights[numbers] * often[known])[:, None] * self._values[numbers]
            row[:] = np.bincount(self._places[numbers].ravel(), share.ravel(), self.dim)
            foreign = self._unseen * often[~known]
            length = float(row @ row) + _PLACES * float(foreign @ foreign)
            if length:
                row /= length**0.5
        return rows


def _hashed(groups: Sequence[str], dim: int) -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """Where each group goes and with which sign, shapes (groups, places)."""
    numbers = np.array([zlib.crc32(group.encode("utf-8", "surrogatepass")) for group in groups], np.uint64)
    salted = numbers[:, None] * _MIX + np.arange(_PLACES, dtype=np.uint64) * _SALT
    mixed = salted >> np.uint64(17)
    return (mixed // np.uint64(2) % np.uint64(dim)).astype(np.int32), np.where(mixed % np.uint64(2), 1, -1).astype(np.int8)


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
