"""The judge: from the marks of each candidate to an order, and from the order to a probability that the first one is right."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.encoders import Vectors
from faq.head import log_softmax, minimise

#: Log probabilities below this all mean "no".
FLOOR: Final = -12.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """From which probability on an answer is given, and from which entries are offered. Fitted with the examples, see `faq.fitting`."""

    answer: float = 0.62
    suggest: float = 0.2


@dataclass(frozen=True, slots=True)
class Judge:
    """`weights` of a candidate's marks, `none` more where it is "no entry"; `gate`: weights of the signs, the last is the bias."""

    weights: Vectors
    none: float
    gate: Vectors
    calibration: Calibration

    def order(self, marks: Vectors, is_none: NDArray[np.bool_]) -> Vectors:
        """Log shares of the candidates. `marks` (queries, candidates, kinds), `is_none` (queries, candidates)."""
        return log_softmax(np.asarray(marks @ self.weights + self.none * is_none, np.float32))

    def confidence(self, signs: Vectors) -> Vectors:
        """Probability, 0–1, that the best entry settles the text. `signs` (queries, kinds), see `signs_of`."""
        return np.asarray(1 / (1 + np.exp(-(signs @ self.gate[:-1] + self.gate[-1]))), np.float32)


def signs_of(order: Vectors, marks: Vectors, is_none: NDArray[np.bool_], lengths: Vectors) -> Vectors:
    """What tells whether the best entry is right: how clear the order is, how near it is, and whether the ways of looking agree.

    Shapes as for `Judge.order`; `lengths` (queries,) is the log of the texts' length. Each sign stays within a few units.
    """
    rows = np.arange(len(order))
    entries = np.where(is_none, -np.inf, order)
    ranked = np.argsort(-entries, axis=1, kind="stable")
    first, second = ranked[:, 0], ranked[:, min(1, order.shape[1] - 1)]
    share = np.clip(order[rows, first], -8, -1e-3)
    refused = np.where(is_none.any(axis=1), np.where(is_none, order, -np.inf).max(axis=1, initial=-np.inf), FLOOR)
    top = marks[rows, first]
    others = np.where(is_none[:, :, None], -np.inf, marks)
    agreed = (others.max(axis=1) <= top + 1e-6).mean(axis=1)
    return np.column_stack(
        [
            np.clip(share - np.log(-np.expm1(share)), -8, 8),
            np.clip(np.maximum(entries[rows, first] - entries[rows, second], 0), 0, 8),
            np.clip(refused, -8, 0),
            np.clip(top[:, 0], -8, 0),
            top[:, 1:],
            agreed,
            lengths,
        ]
    ).astype(np.float32)


def fit_order(
    marks: Vectors, is_none: NDArray[np.bool_], right: NDArray[np.intp], weight: Vectors, prior: Vectors, pull: float = 1.0
) -> tuple[Vectors, float]:
    """Weights under which the right candidates come first, near `prior` where little is known. `right` (queries,): its place among them."""
    rows = np.arange(len(marks))
    full = np.concatenate([marks, is_none[:, :, None]], axis=2).astype(np.float32)

    def loss(weights: Vectors) -> tuple[float, Vectors]:
        logs = log_softmax(full @ weights)
        shares = np.exp(logs)
        off = weights - prior
        value = -float((logs[rows, right] * weight).sum()) + 0.5 * pull * float(off @ off)
        wrong = np.einsum("q,qck,qc->k", weight, full, shares) - weight @ full[rows, right]
        return value, np.asarray(wrong + pull * off, np.float32)

    weights = minimise(loss, prior.astype(np.float32), steps=100, tolerance=1e-7)
    return weights[:-1], float(weights[-1])


def fit_gate(signs: Vectors, right: NDArray[np.bool_], weight: Vectors, pull: float = 1.0) -> Vectors:
    """Logistic regression of "the best entry is right" on the signs, which it scales itself."""
    mean, spread = signs.mean(axis=0), signs.std(axis=0) + 1e-3
    scaled = np.column_stack([(signs - mean) / spread, np.ones(len(signs))]).astype(np.float32)
    side = np.where(right, 1.0, -1.0).astype(np.float32)

    def loss(weights: Vectors) -> tuple[float, Vectors]:
        margin = side * (scaled @ weights)
        value = float((weight * np.logaddexp(0, -margin)).sum()) + 0.5 * pull * float(weights[:-1] @ weights[:-1])
        slope = -(weight * side / (1 + np.exp(np.clip(margin, -30, 30)))) @ scaled
        slope[:-1] += pull * weights[:-1]
        return value, np.asarray(slope, np.float32)

    weights = minimise(loss, np.zeros(scaled.shape[1], np.float32), steps=200, tolerance=1e-8)
    gate = weights[:-1] / spread
    return np.append(gate, weights[-1] - gate @ mean).astype(np.float32)
