"""Texts of one meaning come together, others stay apart, whatever their order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.encoders import Vectors
from faq.grouping import groups


def around(directions: int, each: int, seed: int = 0, noise: float = 0.08) -> Vectors:
    """Rows of length 1, `each` near one of `directions` that are at right angles, in turn."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(np.eye(directions, 16), each, axis=0) + noise * rng.normal(size=(directions * each, 16))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_rows_of_one_direction_are_one_group() -> None:
    found = groups(around(4, 5), 0.5)
    assert sorted(sorted(places) for places in found) == [list(range(start, start + 5)) for start in (0, 5, 10, 15)]


def test_the_heaviest_group_comes_first_and_its_most_typical_row_first_in_it() -> None:
    rows = np.array([[1, 0, 0], [0, 1, 0], [0, 0.98, 0.199], [0, 0.95, -0.312]], np.float32)
    assert groups(rows, 0.5) == [[1, 2, 3], [0]]
    assert groups(rows, 0.5, weights=[9, 1, 1, 1])[0] == [0]


def test_rows_alike_to_nothing_stay_alone() -> None:
    assert groups(np.eye(5, dtype=np.float32), 0.1) == [[0], [1], [2], [3], [4]]
    assert groups(np.empty((0, 3), np.float32), 0.1) == []


@pytest.mark.parametrize("least", [0.2, 0.5, 0.8])
def test_chains_give_what_joining_the_nearest_pair_again_and_again_gives(least: float) -> None:
    rows = around(5, 4, seed=3, noise=0.35)
    parts = [[place] for place in range(len(rows))]
    while len(parts) > 1:
        nearness = {(a, b): float((rows[parts[a]] @ rows[parts[b]].T).mean()) for a in range(len(parts)) for b in range(a)}
        (a, b), best = max(nearness.items(), key=lambda pair: pair[1])
        if best < least:
            break
        parts[b] += parts.pop(a)
    assert {frozenset(part) for part in parts} == {frozenset(part) for part in groups(rows, least)}


@given(st.lists(st.tuples(*[st.floats(-1, 1, width=32)] * 3), max_size=12), st.floats(-1, 1))
def test_every_row_stands_in_exactly_one_group(points: list[tuple[float, float, float]], least: float) -> None:
    rows = np.array(points, np.float32).reshape(-1, 3)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    assert sorted(place for group in groups(rows, least) for place in group) == list(range(len(points)))
