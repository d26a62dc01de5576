"""Where a resized row reads: properties that every resizing has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.rules.sampling import (
    Resizing,
    cubic,
    linear,
    nearest,
    nearest_exact,
    smooth,
)

_FACTORS = st.sampled_from([0.3, 0.5, 0.7, 1.1, 2.0, 2.3])


@st.composite
def _rows(draw: st.DrawFn) -> Resizing:
    before = draw(st.integers(1, 60))
    align, double = draw(st.booleans()), draw(st.booleans())
    factor = draw(_FACTORS.filter(lambda f: before * f >= 1) | st.none())
    after = draw(st.integers(1, 60)) if factor is None else int(before * factor)
    return Resizing(before, after, factor, align, double)


@given(_rows())
def test_weights_sum_to_one_and_positions_are_the_inputs(row: Resizing) -> None:
    for found in (linear(row), cubic(row), smooth(row, 2), smooth(row, 4)):
        assert found.positions.shape == found.weights.shape
        assert len(found.positions) == row.after
        assert found.weights.dtype == row.type
        np.testing.assert_allclose(found.weights.sum(1), 1, atol=1e-5)
        assert found.positions.max() < row.before
        assert np.all(found.weights[found.positions < 0] == 0)


@given(_rows())
def test_the_nearest_goes_on_in_order(row: Resizing) -> None:
    for found in (nearest(row, by_size=False), nearest(row, by_size=True), nearest_exact(row)):
        assert found.min() >= 0
        assert found.max() < row.before
        assert np.all(np.diff(found) >= 0)


def test_ends_meet_where_corners_are_aligned() -> None:
    found = linear(Resizing(5, 9, align_corners=True))
    assert found.positions[0, 0] == 0
    assert found.positions[-1, 0] == 4
    assert found.weights[0].tolist() == found.weights[-1].tolist() == [1, 0]
    assert found.weights[1].tolist() == [0.5, 0.5]


def test_the_filter_grows_as_the_row_shrinks() -> None:
    assert smooth(Resizing(40, 10), 2).positions.shape[1] == 8
    assert smooth(Resizing(10, 40), 2).positions.shape[1] == 2


def test_the_same_size_is_the_same_row() -> None:
    for found in (linear(Resizing(4, 4, 1.1)), smooth(Resizing(4, 4, 1.1), 2)):
        assert found.positions.tolist() == [[0], [1], [2], [3]]
        assert found.weights.tolist() == [[1]] * 4


@pytest.mark.parametrize("double", [False, True])
def test_products_are_rounded_once(double: bool) -> None:
    row = Resizing(3, 7, double=double)
    epsilon = np.finfo(row.type).eps
    a = row.type(1 + epsilon)
    # (1 + e)^2 - 1 = 2 e + e^2: the square is lost where the product is rounded before.
    assert row.fused(a, a, row.type(-1)) == row.type(2 * float(epsilon) + float(epsilon) ** 2)
