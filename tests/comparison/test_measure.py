from __future__ import annotations

import math

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from layerwalk.comparison import measure as module
from layerwalk.comparison.measure import apart, measure

SIDES = arrays.array_shapes(min_dims=0, max_dims=3, max_side=4)
NUMBERS = st.floats(-1e6, 1e6, width=32)


@given(st.data(), SIDES)
def test_the_errors_are_those_of_the_textbook(data: st.DataObject, shape: tuple[int, ...]) -> None:
    one = data.draw(arrays.arrays(np.float32, shape, elements=NUMBERS))
    two = data.draw(arrays.arrays(np.float32, shape, elements=NUMBERS))
    found = measure(one, two)
    a, b = one.astype(np.float64).ravel(), two.astype(np.float64).ravel()
    assert found.max_error == np.abs(b - a).max()
    assert found.mean_error == pytest.approx(np.abs(b - a).mean())
    assert found.unequal == np.count_nonzero(a != b)
    if np.linalg.norm(a) > 0:
        relative = np.linalg.norm(b - a) / np.linalg.norm(a)
        assert found.relative_error == pytest.approx(relative, rel=1e-9)
        if relative > 0:
            assert found.snr == pytest.approx(-20 * math.log10(relative))
    if np.linalg.norm(a) > 0 and np.linalg.norm(b) > 0:
        cosine = a @ b / (np.linalg.norm(a) * np.linalg.norm(b))
        assert found.cosine == pytest.approx(cosine, abs=1e-9)
    if found.worst is not None:
        assert abs(float(two[found.worst]) - float(one[found.worst])) == found.max_error


def test_blocks_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (np.random.default_rng(seed).normal(size=(3, 50)) for seed in (0, 1))
    whole = measure(one, two)
    monkeypatch.setattr(module, "_BLOCK", 7)
    parts = measure(one, two)
    assert parts.worst == whole.worst
    assert parts.relative_error == pytest.approx(whole.relative_error)


def test_equal_arrays_are_equal() -> None:
    one = np.array([[1.0, -2.0]])
    found = measure(one, one)
    assert (found.unequal, found.relative_error, found.snr, found.cosine) == (0, 0, math.inf, 1)
    assert found.worst is None
    assert found.within(0.0)


def test_nan_and_infinities_are_counted_and_left_out() -> None:
    one = np.array([1.0, np.nan, np.inf, 4.0, np.inf])
    two = np.array([1.0, np.nan, np.inf, np.nan, -np.inf])
    found = measure(one, two)
    assert found.flawed == 2
    assert (found.nan, found.infinite) == ((1, 2), (2, 2))
    assert found.max_error == 0
    assert not found.within(1.0)


def test_the_same_nan_is_no_difference() -> None:
    one = np.array([1.0, np.nan])
    assert measure(one, one.copy()).within(0.0)


def test_a_silent_reference() -> None:
    nothing, something = np.zeros(3), np.ones(3)
    found = measure(nothing, something)
    assert found.relative_error == math.inf
    assert found.snr == -math.inf
    assert math.isnan(found.cosine)
    assert measure(nothing, nothing).cosine == 1


def test_whole_numbers_and_booleans_are_compared() -> None:
    assert measure(np.array([1, 2]), np.array([1, 3])).max_error == 1
    assert measure(np.array([True, False]), np.array([True, True])).unequal == 1


def test_complex_numbers_are_compared() -> None:
    found = measure(np.array([3 + 4j]), np.array([3 + 5j]))
    assert found.max_error == 1
    assert found.relative_error == pytest.approx(0.2)


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="differ"):
        measure(np.zeros(2), np.zeros(3))


def test_apart_tells_the_places() -> None:
    one: NDArray[np.float64] = np.array([1.0, np.nan, np.inf, np.inf])
    found = apart(one, np.array([3.0, np.nan, np.inf, 0.0]))
    np.testing.assert_array_equal(found, [2.0, 0.0, 0.0, np.nan])
