"""Texts that mean the same put together: agglomerative grouping by the mean likeness of two groups."""

from collections.abc import Sequence

import numpy as np

from faq.encoders import Vectors


def groups(rows: Vectors, least: float, weights: Sequence[float] | None = None) -> list[list[int]]:
    """Places of the rows that belong together, the heaviest group first, in each the row nearest to all others first.

    Two groups become one as long as the mean cosine between their rows (of length 1) is `least` or more: average linkage, found by chains
    of nearest neighbours (Murtagh 1983) in n² steps. `weights`: how often each row was said.
    """
    count = len(rows)
    if not count:
        return []
    often = np.ones(count) if weights is None else np.asarray(weights, float)
    members = _joined(rows, least)
    made = []
    for places in members:
        likeness = (rows[places] @ rows[places].T) @ often[places]
        made.append([places[place] for place in np.argsort(-likeness, kind="stable")])
    return sorted(made, key=lambda places: (-float(often[places].sum()), places[0]))


def _joined(rows: Vectors, least: float) -> list[list[int]]:
    likeness = np.asarray(rows @ rows.T, np.float32)
    np.fill_diagonal(likeness, -np.inf)
    members: list[list[int]] = [[place] for place in range(len(rows))]
    sizes = np.ones(len(rows), np.float32)
    chain: list[int] = []
    alive = np.ones(len(rows), np.bool_)
    done = np.zeros(len(rows), np.bool_)
    while True:
        if not chain:
            free = np.flatnonzero(alive & ~done)
            if not len(free):
                return [places for place, places in enumerate(members) if alive[place]]
            chain = [int(free[0])]
        here = chain[-1]
        near = int(likeness[here].argmax())
        if len(chain) > 1 and likeness[here, chain[-2]] >= likeness[here, near]:
            near = chain[-2]
        if likeness[here, near] < least:
            done[chain.pop()] = True  # no later merge brings it nearer to another one: the linkage is reducible
            continue
        if len(chain) > 1 and near == chain[-2]:
            chain = chain[:-2]
            _merge(likeness, sizes, members, here, near)
            alive[here] = False
        else:
            chain.append(near)


def _merge(likeness: Vectors, sizes: Vectors, members: list[list[int]], gone: int, kept: int) -> None:
    """One group of two; its likeness to others is the mean over all its rows."""
    mean = (sizes[gone] * likeness[gone] + sizes[kept] * likeness[kept]) / (sizes[gone] + sizes[kept])
    mean[[gone, kept]] = -np.inf
    likeness[kept], likeness[:, kept] = mean, mean
    likeness[gone], likeness[:, gone] = -np.inf, -np.inf
    sizes[kept] += sizes[gone]
    members[kept] += members[gone]
    members[gone] = []
