"""The examples laid out for comparison: one row a text, the rows of an entry side by side, one layer a way of looking at texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from faq.encoders import Vectors

#: The class of texts that no entry answers, beside the entries' own ids (which are never empty).
NONE: Final = ""
#: An entry's nearness is that of its best example, and the mean of this many best ones.
BEST: Final = 3

Example = tuple[str, str]
"""(locale, text)"""


class Reader(Protocol):
    """What turns texts into rows: an encoder, with or without a memory, or the letters' sketch."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of length 1."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One way of looking at texts: `rows` (examples, dim) of length 1, with the examples' `mean` (dim,) taken off before.

    The mean is what all our texts have in common; without it the differences show more clearly. None: nothing is taken off.
    `weight` is how far the head listens.
    """

    name: str
    rows: Vectors
    mean: Vectors | None
    weight: float

    def place(self, rows: Vectors) -> Vectors:
        """New rows in the same view as the examples' rows."""
        return rows if self.mean is None else centred(rows, self.mean)


def centred(rows: Vectors, mean: Vectors) -> Vectors:
    """Rows with the mean taken off and of length 1 again."""
    moved = rows - mean
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6), np.float32)


@dataclass(frozen=True, slots=True)
class Texts:
    """The examples of all entries, sorted by class; `owner` (texts,) is the class of each, `starts` (classes + 1,) where a class begins.

    `told` marks what a person would ask; the others (titles, names) are evidence about the entry and count half.
    """

    classes: tuple[str, ...]
    texts: tuple[str, ...]
    shown: tuple[Example, ...]
    owner: NDArray[np.intp]
    starts: NDArray[np.intp]
    told: NDArray[np.bool_]

    @property
    def none(self) -> int | None:
        """The number of the class `NONE`, where there is one; it is the last."""
        return len(self.classes) - 1 if self.classes and self.classes[-1] == NONE else None


def lay_out(
    examples: Mapping[str, Sequence[Example]],
    none_texts: Sequence[str],
    evidence: Mapping[str, Sequence[Example]],
    cleaned: Mapping[str, str],
) -> Texts:
    """All texts in a fixed order; `cleaned` holds the form in which each is compared. An entry without any text is left out."""
    kinds: list[tuple[str, list[tuple[Example, bool]]]] = []
    for entry in sorted({*examples, *evidence}):
        known: dict[str, tuple[Example, bool]] = {}
        for told, given in ((True, examples.get(entry, ())), (False, evidence.get(entry, ()))):
            for example in given:
                if cleaned[example[1]]:
                    known.setdefault(cleaned[example[1]], (example, told))
        if known:
            kinds.append((entry, list(known.values())))
    refused = {cleaned[text]: (("", text), True) for text in none_texts if cleaned[text]}
    if refused:
        kinds.append((NONE, list(refused.values())))
    sizes = [len(given) for _, given in kinds]
    rows = [row for _, given in kinds for row in given]
    return Texts(
        classes=tuple(entry for entry, _ in kinds),
        texts=tuple(cleaned[example[1]] for example, _ in rows),
        shown=tuple(example for example, _ in rows),
        owner=np.repeat(np.arange(len(kinds)), sizes),
        starts=np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp),
        told=np.array([told for _, told in rows], np.bool_),
    )


def nearness(likeness: Vectors, starts: NDArray[np.intp], classes: NDArray[np.intp]) -> tuple[Vectors, Vectors]:
    """Of the `classes`: likeness of the best row, and the mean of the best `BEST` rows (fewer where there are fewer).

    `likeness` (queries, rows) may hold -inf for rows that are not to be looked at; a class without any row gets 0.
    """
    best = np.zeros((len(likeness), len(classes)), np.float32)
    mean = np.zeros_like(best)
    for column, number in enumerate(classes):
        part = likeness[:, starts[number] : starts[number + 1]]
        if part.shape[1] > BEST:
            part = np.partition(part, part.shape[1] - BEST, axis=1)[:, -BEST:]
        top = -np.sort(-part, axis=1)
        seen = np.isfinite(top)
        top = np.where(seen, top, 0)
        if top.shape[1]:
            best[:, column] = top[:, 0]
            mean[:, column] = top.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return best, mean
