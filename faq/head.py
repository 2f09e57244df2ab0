"""The head: one multinomial logistic regression over the vectors of a text, fitted in numpy alone."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from faq.encoders import Vectors

#: How strongly weights are held small, on rows of length about 1; found on validation data, flat from 0.02 to 0.4.
PENALTY: Final = 0.1
_STEPS: Final = 60
_MEMORY: Final = 8


@dataclass(frozen=True, slots=True)
class Head:
    """`weights` (dim, classes), `bias` (classes,), `mean` (dim,): the middle of the examples, taken off before."""

    weights: Vectors
    bias: Vectors
    mean: Vectors

    def logs(self, rows: Vectors) -> Vectors:
        """Log probabilities, shape (rows, classes)."""
        return log_softmax(np.asarray((rows - self.mean) @ self.weights + self.bias, np.float32))


def log_softmax(scores: Vectors) -> Vectors:
    """Log of the shares that the scores of each row stand for."""
    scores = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), np.float32)


def fit_head(rows: Vectors, owner: NDArray[np.intp], classes: int, penalty: float = PENALTY, weight: Vectors | None = None) -> Head:
    """The head under which the examples are most likely; `owner` is the class of each row, `weight` how much each counts."""
    mean = rows.mean(axis=0)
    centred = np.asarray(rows - mean, np.float32)
    count, dim = centred.shape
    each = np.ones(count, np.float32) if weight is None else weight
    at = np.arange(count)

    def loss(flat: Vectors) -> tuple[float, Vectors]:
        table = flat.reshape(dim + 1, classes)
        logs = log_softmax(np.asarray(centred @ table[:-1] + table[-1], np.float32))
        value = -float((logs[at, owner] * each).sum()) + 0.5 * penalty * float((table[:-1] ** 2).sum())
        wrong = np.exp(logs)
        wrong[at, owner] -= 1
        wrong *= each[:, None]
        slope = np.empty_like(table)
        slope[:-1] = centred.T @ wrong + penalty * table[:-1]
        slope[-1] = wrong.sum(axis=0)
        return value, slope.ravel()

    table = minimise(loss, np.zeros((dim + 1) * classes, np.float32)).reshape(dim + 1, classes)
    return Head(table[:-1].copy(), table[-1].copy(), mean)


def minimise(loss: Callable[[Vectors], tuple[float, Vectors]], start: Vectors, steps: int = _STEPS, tolerance: float = 1e-5) -> Vectors:
    """The lowest point of a smooth convex function: L-BFGS (Nocedal 1980) with a halving line search. No randomness."""
    point, (value, slope) = start, loss(start)
    pairs: deque[tuple[Vectors, Vectors, float]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        direction = _downhill(slope, pairs)
        fall = float(slope @ direction)
        if fall >= 0:
            pairs.clear()
            direction, fall = -slope, -float(slope @ slope)
        stride = 1.0 if pairs else 1.0 / max(1.0, float(np.linalg.norm(slope)))
        for _ in range(20):
            ahead = point + stride * direction
            ahead_value, ahead_slope = loss(ahead)
            if ahead_value <= value + 1e-4 * stride * fall:
                break
            stride /= 2
        else:
            return point
        moved, turned = ahead - point, ahead_slope - slope
        bend = float(moved @ turned)
        if bend > 1e-10:
            pairs.append((moved, turned, 1 / bend))
        gained = value - ahead_value
        point, value, slope = ahead, ahead_value, ahead_slope
        if gained <= tolerance * max(1.0, abs(value)):
            break
    return point


def _downhill(slope: Vectors, pairs: deque[tuple[Vectors, Vectors, float]]) -> Vectors:
    direction = -slope
    shares: list[float] = []
    for moved, turned, inverse in reversed(pairs):
        share = inverse * float(moved @ direction)
        shares.append(share)
        direction = direction - share * turned
    if pairs:
        moved, turned, inverse = pairs[-1]
        direction = direction / (inverse * float(turned @ turned))
    for (moved, turned, inverse), share in zip(pairs, reversed(shares), strict=True):
        direction = direction + (share - inverse * float(turned @ direction)) * moved
    return direction
