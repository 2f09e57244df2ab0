"""Fitting: from the examples alone to a head, an order and a probability. Nothing here runs while a message waits."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.encoders import Vectors
from faq.head import Head, fit_head
from faq.index import Layer, Texts, nearness
from faq.judge import FLOOR, Calibration, Judge, fit_gate, fit_order, signs_of

#: Candidates that are compared closely.
SHORTLIST: Final = 12
#: Examples left out in turn, to see how texts fare that are not among the examples.
FOLDS: Final = 5
#: Fewer examples held out than this tell nothing: the defaults hold.
_ENOUGH: Final = 60
#: A title or a name counts this much of an example.
EVIDENCE: Final = 0.5
#: What people are assumed to ask: questions that an entry answers, questions near to one that none answers, and all else.
_KNOWN, _REMOVED, _REFUSED = 0.75, 0.08, 0.17
#: An answer is given outright from a probability between these, where of the left-out examples at most this share would be
#: answered wrongly, and of the left-out texts that nothing answers at most this share answered at all.
_LOWEST, _HIGHEST, _WRONG, _STRANGE = 0.6, 0.85, 0.025, 0.06
#: The weight of a trial whose entry was left out, as against a text that nothing answers.
_NEW: Final = 0.5


@dataclass(frozen=True, slots=True)
class Stage:
    """A head and a judge over some of the layers (by place)."""

    layers: tuple[int, ...]
    head: Head
    judge: Judge


@dataclass(frozen=True, slots=True)
class Trial:
    """Texts that were left out of the examples, and how they fared. `right` is the place of the right candidate, -1 where it is absent."""

    marks: Vectors
    is_none: NDArray[np.bool_]
    right: NDArray[np.intp]
    answerable: NDArray[np.bool_]
    weight: Vectors
    lengths: Vectors


def fit_stage(texts: Texts, layers: Sequence[Layer], use: tuple[int, ...]) -> Stage:
    """The head over these layers, and the judge that trials with left-out examples make."""
    rows = joined([layers[at].rows for at in use], [layers[at].weight for at in use])
    weight = np.where(texts.told, 1.0, EVIDENCE).astype(np.float32)
    head = fit_head(rows, texts.owner, len(texts.classes), weight=weight)
    return Stage(use, head, _judge(texts, [layers[at] for at in use], rows, weight))


def joined(rows: Sequence[Vectors], weights: Sequence[float]) -> Vectors:
    """What the head reads: the layers' rows side by side."""
    return np.concatenate([weight * part for part, weight in zip(rows, weights, strict=True)], axis=1).astype(np.float32)


def length_of(text: str) -> float:
    """The sign that a text's length is: about 0 for one word, 1 for a sentence, 2 for a story."""
    return float(np.log1p(len(text.encode())) / 2 - 1)


def default_judge(layers: int) -> Judge:
    """What holds where there are too few examples to learn it from: sensible for one to three layers."""
    order, gate = _DEFAULTS[layers]
    return Judge(np.array(order, np.float32), 0.0, np.array(gate, np.float32), Calibration())


#: Weights found on our own entries and on public data, for the letters alone, with one encoder, with two.
_DEFAULTS: Final = {
    1: ([1.0, 3.0, 3.0], [0.6, 0.3, 0.1, 0.1, 2.0, 2.0, 0.5, 0.0, -1.0]),
    2: ([0.7, 1.0, 2.0, 1.0, 8.0], [0.6, 0.2, 0.1, 0.1, 0.0, 0.0, 1.0, 4.0, 0.5, 0.0, -2.0]),
    3: ([0.7, 0.5, 2.0, 1.0, 1.0, 5.0, 4.0], [0.6, 0.2, 0.1, 0.1, 0.0, 0.0, 0.0, 1.0, 3.0, 3.0, 0.5, 0.0, -2.0]),
}


def _judge(texts: Texts, layers: Sequence[Layer], rows: Vectors, weight: Vectors) -> Judge:
    held_out = list(_trials(texts, layers, rows, weight))
    default = default_judge(len(layers))
    if not held_out:
        return default
    trial = Trial(*(np.concatenate([getattr(part, name) for part in held_out]) for name in Trial.__slots__))
    if trial.answerable.sum() < _ENOUGH:
        return default
    share = _shares(trial)
    found = trial.right >= 0
    prior = np.append(default.weights, 0.0).astype(np.float32)
    order, none = fit_order(trial.marks[found], trial.is_none[found], trial.right[found], share[found], prior)
    ranking = Judge(order, none, default.gate, default.calibration)
    logs = ranking.order(trial.marks, trial.is_none)
    best = np.where(trial.is_none, -np.inf, logs).argmax(axis=1)
    right = trial.answerable & (best == trial.right)
    signs = signs_of(logs, trial.marks, trial.is_none, trial.lengths)
    gate = fit_gate(signs, right, share)
    judge = Judge(order, none, gate, default.calibration)
    return replace(judge, calibration=_calibration(judge.confidence(signs), right, trial))


def _calibration(sure: Vectors, right: NDArray[np.bool_], trial: Trial) -> Calibration:
    """The lowest threshold that keeps wrong answers as rare as we want them, within sensible bounds."""
    refused = ~trial.answerable & (trial.weight > _NEW)
    for answer in np.arange(_LOWEST, _HIGHEST, 0.01):
        wrong = (sure >= answer) & trial.answerable & ~right
        if wrong.sum() <= _WRONG * trial.answerable.sum() and ((sure >= answer) & refused).sum() <= _STRANGE * refused.sum():
            return Calibration(answer=round(float(answer), 2))
    return Calibration(answer=_HIGHEST)


def _shares(trial: Trial) -> Vectors:
    """How much each trial counts, so that together they are like what people ask."""
    kind = np.where(trial.answerable, 0, np.where(trial.weight > _NEW, 1, 2))
    wanted = np.array([_KNOWN, _REFUSED, _REMOVED])
    counts = np.bincount(kind, minlength=3)
    each = np.where(counts > 0, wanted / np.maximum(counts, 1), 0)
    return np.asarray(each[kind] * len(kind) / each[kind].sum(), np.float32)


def _trials(texts: Texts, layers: Sequence[Layer], rows: Vectors, weight: Vectors) -> Iterator[Trial]:
    """Fold after fold: a fifth of the examples left out, and a fifth of the entries with all that they have."""
    fold = folds(texts)
    group = np.arange(len(texts.classes)) % FOLDS
    if texts.none is not None:
        group[texts.none] = -1
    for number in range(FOLDS):
        removed = group == number
        train = (fold != number) & ~removed[texts.owner]
        asked = np.flatnonzero((fold == number) & texts.told)
        kept = np.flatnonzero(np.bincount(texts.owner[train], minlength=len(texts.classes)) > 0)
        if not len(asked) or len(kept) < 3:
            continue
        place = np.full(len(texts.classes), -1, np.intp)
        place[kept] = np.arange(len(kept))
        head = fit_head(rows[train], place[texts.owner[train]], len(kept), weight=weight[train])
        yield _fare(texts, layers, head.logs(rows[asked]), train, asked, kept, place)


def _fare(
    texts: Texts,
    layers: Sequence[Layer],
    logs: Vectors,
    train: NDArray[np.bool_],
    asked: NDArray[np.intp],
    kept: NDArray[np.intp],
    place: NDArray[np.intp],
) -> Trial:
    best, mean = [], []
    for layer in layers:
        likeness = layer.rows[asked] @ layer.rows.T
        likeness[:, ~train] = -np.inf
        top, middle = nearness(likeness, texts.starts, kept)
        best.append(top)
        mean.append(middle)
    chosen = shortlist(logs, place[texts.none] if texts.none is not None else -1)
    marks = np.stack([np.take_along_axis(part, chosen, 1) for part in (np.maximum(logs, FLOOR), *mean, *best)], axis=2)
    absent = SHORTLIST + 1 - chosen.shape[1]  # folds of a small FAQ have fewer candidates; all trials get one shape
    marks = np.concatenate([marks, np.broadcast_to([FLOOR, *[-1.0] * (2 * len(layers))], (len(asked), absent, marks.shape[2]))], axis=1)
    chosen = np.pad(chosen, ((0, 0), (0, absent)), constant_values=-2)
    owner = place[texts.owner[asked]]
    none = place[texts.none] if texts.none is not None else -1
    is_none = chosen == (none if none >= 0 else -3)
    answerable = (owner >= 0) & (owner != none)
    aim = np.where(owner >= 0, owner, none)
    hit = (chosen == aim[:, None]) & (aim >= 0)[:, None]
    return Trial(
        marks=marks.astype(np.float32),
        is_none=is_none,
        right=np.where(hit.any(axis=1), hit.argmax(axis=1), -1),
        answerable=answerable,
        weight=np.where(owner >= 0, 1.0, 0.2).astype(np.float32),
        lengths=np.array([length_of(texts.texts[row]) for row in asked], np.float32),
    )


def shortlist(logs: Vectors, none: int) -> NDArray[np.intp]:
    """The most likely classes of each row, best first, shape (rows, at most `SHORTLIST` + 1); the class `none` is always among them."""
    chosen = np.argsort(-logs, axis=1, kind="stable")[:, :SHORTLIST]
    if none < 0:
        return chosen
    has = (chosen == none).any(axis=1)
    spare = np.argsort(-logs, axis=1, kind="stable")[:, SHORTLIST : SHORTLIST + 1]
    last = np.where(has[:, None], spare, none) if spare.shape[1] else np.full((len(logs), 0), none, np.intp)
    return np.concatenate([chosen, last], axis=1)


def folds(texts: Texts) -> NDArray[np.intp]:
    """The fold of each text: those of an entry spread evenly, in an order that only their letters decide; -1 for what is not told."""
    fold = np.full(len(texts.texts), -1, np.intp)
    for number in range(len(texts.classes)):
        rows = [row for row in range(texts.starts[number], texts.starts[number + 1]) if texts.told[row]]
        rows.sort(key=lambda row: hashlib.blake2b(texts.texts[row].encode("utf-8", "surrogatepass"), digest_size=8).digest())
        fold[rows] = (np.arange(len(rows)) + number) % FOLDS
    return fold
