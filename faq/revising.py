"""A change of the examples put into what was fitted before, at once: only new texts are encoded, only the changed entries are learnt anew.

The judge and what the letters weigh stay as they are until everything is fitted again.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.encoders import Vectors
from faq.fitting import EVIDENCE, Stage, joined
from faq.head import PENALTY, Head, minimise
from faq.index import Layer, Texts

#: More changed entries than this wait for the whole fit: each costs about a tenth of a second.
_MOST: Final = 12
#: A changed entry is learnt against this many other texts, the nearest; those farther away are told apart anyway.
_AGAINST: Final = 1500
#: The offset of an entry without any other beside it.
_ALONE: Final = 30.0


def revised_layers(
    before: Texts, layers: Sequence[Layer], now: Texts, encode: Sequence[Callable[[Sequence[str]], Vectors]]
) -> tuple[Layer, ...]:
    """The layers with a row for each text of `now`. `encode` are the layers' own ways of making rows, asked for new texts alone."""
    known = {text: row for row, text in enumerate(before.texts)}
    new = [text for text in dict.fromkeys(now.texts) if text not in known]
    at = {text: len(before.texts) + place for place, text in enumerate(new)}
    order = np.array([known[text] if text in known else at[text] for text in now.texts], np.intp)
    made = []
    for layer, reader in zip(layers, encode, strict=True):
        rows = np.concatenate([layer.rows, layer.place(reader(new))]) if new else layer.rows
        made.append(replace(layer, rows=rows[order]))
    return tuple(made)


def revised_stage(stage: Stage, before: Texts, now: Texts, layers: Sequence[Layer]) -> Stage:
    """The stage for the classes of `now`: columns of entries that are the same stay, a changed entry's is learnt against them."""
    rows = joined([layers[at].rows for at in stage.layers], [layers[at].weight for at in stage.layers])
    column = {name: number for number, name in enumerate(before.classes)}
    head = stage.head
    weights = np.zeros((head.weights.shape[0], len(now.classes)), np.float32)
    bias = np.full(len(now.classes), head.bias.min(initial=0.0), np.float32)
    for number, name in enumerate(now.classes):
        if name in column:
            weights[:, number], bias[number] = head.weights[:, column[name]], head.bias[column[name]]
    head = Head(weights, bias, head.mean)
    for number in changed(before, now)[:_MOST]:
        head = _learnt(head, rows, now, number)
    return replace(stage, head=head)


def changed(before: Texts, now: Texts) -> list[int]:
    """The classes of `now` that are new or whose texts are others than `before`."""
    had = {name: _texts(before, number) for number, name in enumerate(before.classes)}
    return [number for number, name in enumerate(now.classes) if had.get(name) != _texts(now, number)]


def _texts(texts: Texts, number: int) -> frozenset[tuple[str, bool]]:
    start, end = texts.starts[number], texts.starts[number + 1]
    return frozenset(zip(texts.texts[start:end], texts.told[start:end].tolist(), strict=True))


def _learnt(head: Head, rows: Vectors, texts: Texts, number: int) -> Head:
    """One column fitted while the others stand still: a logistic regression against the nearest other texts, their part an offset."""
    own = texts.owner == number
    near = np.where(own, np.inf, rows @ rows[own].mean(axis=0))
    chosen = np.argsort(-near, kind="stable")[: int(own.sum()) + _AGAINST]
    centred = np.asarray(rows[chosen] - head.mean, np.float32)
    others = np.asarray(centred @ np.delete(head.weights, number, 1) + np.delete(head.bias, number), np.float32)
    top = others.max(axis=1, initial=-np.inf)
    rest = np.where(np.isfinite(top), top + np.log(np.exp(others - top[:, None]).sum(axis=1)), -_ALONE).astype(np.float32)
    side: NDArray[np.float32] = np.where(own[chosen], 1.0, -1.0).astype(np.float32)
    weight = np.where(texts.told[chosen], 1.0, EVIDENCE).astype(np.float32)

    def loss(column: Vectors) -> tuple[float, Vectors]:
        margin = side * (centred @ column[:-1] + column[-1] - rest)
        value = float((weight * np.logaddexp(0, -margin)).sum()) + 0.5 * PENALTY * float(column[:-1] @ column[:-1])
        pull = -(weight * side / (1 + np.exp(np.clip(margin, -30, 30))))
        slope = np.append(centred.T @ pull + PENALTY * column[:-1], pull.sum())
        return value, np.asarray(slope, np.float32)

    column = minimise(loss, np.append(head.weights[:, number], head.bias[number]).astype(np.float32))
    weights, bias = head.weights.copy(), head.bias.copy()
    weights[:, number], bias[number] = column[:-1], column[-1]
    return Head(weights, bias, head.mean)
