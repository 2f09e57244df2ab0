"""Example questions that mean the same, found by their vectors: the `similar` of the checks where an encoder is there."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from faq.questions import Similar

#: Cosine from which two questions of different entries are shown to an admin: of the shipped FAQ's 14 million pairs fewer than ten.
ALIKE = 0.9

_ROWS = 512


def by_meaning(encode: Callable[[Sequence[str]], NDArray[np.float32]], least: float = ALIKE) -> Similar:
    """Compares by an encoder's vectors (rows of length 1); finds pairs whose cosine is `least` or more, the nearest first."""

    def similar(texts: Sequence[str]) -> list[tuple[int, int, float]]:
        if not texts:
            return []
        return sorted(_pairs(encode(texts), least), key=lambda pair: -pair[2])

    return similar


def _pairs(rows: NDArray[np.float32], least: float) -> Iterator[tuple[int, int, float]]:
    for start in range(0, len(rows), _ROWS):
        scores = rows[start : start + _ROWS] @ rows[start:].T
        for here, there in zip(*np.nonzero(np.triu(scores, 1) >= least), strict=True):
            yield start + int(here), start + int(there), float(scores[here, there])
