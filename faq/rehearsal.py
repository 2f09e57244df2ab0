"""How the examples fare when they are left out: what a resident would have been told who asked so before the example was written down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from faq.fitting import EVIDENCE, FOLDS, Stage, folds, joined, length_of, shortlist
from faq.head import fit_head
from faq.index import NONE, Layer, Texts, nearness
from faq.judge import FLOOR, signs_of


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """An example that was left out. `entry` is where it stands ("": nothing answers it), `found` the best entry without it.

    `confidence`, 0–1: the probability that `found` settles it; `rank` the place of the right entry among the candidates from 1, 0 for none.
    """

    entry: str
    locale: str
    text: str
    found: str
    confidence: float
    rank: int


def rehearse(texts: Texts, layers: Sequence[Layer], stage: Stage) -> Iterator[tuple[Rehearsed, ...]]:
    """Fold after fold (`FOLDS` of them) a fifth of each entry's examples left out together, the rest learnt anew.

    Vectors stay what they are and the judge stays the fitted one, so that this takes a minute instead of an hour; leaving out a fifth is a
    little harder on the examples than leaving out one.
    """
    layers = [layers[at] for at in stage.layers]
    rows = joined([layer.rows for layer in layers], [layer.weight for layer in layers])
    weight = np.where(texts.told, 1.0, EVIDENCE).astype(np.float32)
    fold = folds(texts)
    none = -1 if texts.none is None else texts.none
    for number in range(FOLDS):
        train, asked = fold != number, np.flatnonzero(fold == number)
        if not len(asked) or len(texts.classes) < 2:
            yield ()
            continue
        head = fit_head(rows[train], texts.owner[train], len(texts.classes), weight=weight[train])
        logs = head.logs(rows[asked])
        chosen = shortlist(logs, none)
        best, mean = [], []
        for layer in layers:
            likeness = layer.rows[asked] @ layer.rows.T
            likeness[:, ~train] = -np.inf
            top, middle = nearness(likeness, texts.starts, np.arange(len(texts.classes)))
            best.append(top)
            mean.append(middle)
        marks = np.stack([np.take_along_axis(part, chosen, 1) for part in (np.maximum(logs, FLOOR), *mean, *best)], axis=2)
        is_none = chosen == none
        order = stage.judge.order(marks, is_none)
        lengths = np.array([length_of(texts.texts[row]) for row in asked], np.float32)
        sure = stage.judge.confidence(signs_of(order, marks, is_none, lengths))
        ranked = np.take_along_axis(chosen, np.argsort(np.where(is_none, np.inf, -order), axis=1, kind="stable"), 1)
        yield tuple(_rehearsed(texts, int(row), ranked[at], float(sure[at])) for at, row in enumerate(asked))


def _rehearsed(texts: Texts, row: int, ranked: np.ndarray[tuple[int], np.dtype[np.intp]], sure: float) -> Rehearsed:
    owner = int(texts.owner[row])
    entry, (locale, text) = texts.classes[owner], texts.shown[row]
    at = np.flatnonzero(ranked == owner) if entry != NONE else np.empty(0, np.intp)
    return Rehearsed(entry, locale, text, texts.classes[int(ranked[0])], sure, int(at[0]) + 1 if len(at) else 0)
