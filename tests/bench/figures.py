"""The figures that the benches print."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def auroc(inside: Scores, outside: Scores) -> float:
    """How often a value of `inside` is above one of `outside`; ties count half."""
    both = np.sort(np.concatenate([inside, outside]))
    ranks = (np.searchsorted(both, inside, "left") + np.searchsorted(both, inside, "right") + 1) / 2
    return float((ranks.sum() - len(inside) * (len(inside) + 1) / 2) / max(1, len(inside) * len(outside)))


def best_threshold(right: NDArray[np.bool_], inside: Scores, outside: Scores) -> float:
    """The threshold with the most right decisions: in scope and right above it, out of scope below it (Larson et al. 2019)."""
    places = np.concatenate([[-np.inf], np.sort(np.concatenate([inside, outside]))])
    kept_right = len(inside[right]) - np.searchsorted(np.sort(inside[right]), places, "right")
    refused = np.searchsorted(np.sort(outside), places, "right")
    return float(places[int((kept_right + refused).argmax())])


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns under a head, numbers as they come."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def percent(share: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{100 * share:.1f}"
