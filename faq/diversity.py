"""How different an entry's example questions are: many situations are worth more than one sentence turned many ways."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from faq.encoders import Vectors
from faq.entry import LOCALES, Entry
from faq.grouping import groups

#: Fewest situations in each language from which an entry is understood when people ask in ways that nobody wrote down.
FEWEST: Final = 6
#: Two groups of questions nearer than this, by meaning or by letters alone, tell of one situation.
SITUATION: Final = {True: 0.3, False: 0.2}


@dataclass(frozen=True, slots=True)
class Spread:
    """The example questions of an entry in one language: `mean` and `nearest` cosine of two of them (the mean of each one's nearest)."""

    entry: str
    locale: str
    questions: int
    mean: float
    nearest: float
    situations: int

    @property
    def narrow(self) -> bool:
        """Whether there are fewer situations than an entry needs."""
        return self.situations < FEWEST


def spread(entries: Sequence[Entry], vectors: Callable[[Sequence[str]], tuple[Vectors, bool]]) -> Iterator[Spread]:
    """Entry after entry, English and Chinese. `vectors` gives rows of length 1 and whether they tell meaning."""
    for entry in entries:
        for locale in LOCALES:
            texts = entry.questions[locale]
            if texts:
                yield _spread(entry.id, locale, *vectors(texts))


def _spread(entry: str, locale: str, rows: Vectors, by_meaning: bool) -> Spread:
    count = len(rows)
    likeness = rows @ rows.T
    np.fill_diagonal(likeness, np.nan)
    mean, nearest = (float(np.nanmean(likeness)), float(np.nanmax(likeness, axis=1).mean())) if count > 1 else (1.0, 1.0)
    return Spread(entry, locale, count, mean, nearest, len(groups(rows, SITUATION[by_meaning])))
