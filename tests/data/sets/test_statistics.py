from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from layerwalk.data.sets import ArraySet, Stream, load_data, measure

Levels = NDArray[np.uint8]


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 9), st.just(3), st.just(2), st.sampled_from([1, 3])))
)
def test_mean_and_std_are_the_exact_ones_rounded_once(levels: Levels) -> None:
    data = ArraySet(levels, np.zeros(len(levels), np.int64), "it", ("a", "b"))
    found = measure(data)
    for channel in range(levels.shape[3]):
        numbers = [Fraction(int(level), 255) for level in levels[..., channel].reshape(-1)]
        mean = sum(numbers, Fraction()) / len(numbers)
        variance = sum(((number - mean) ** 2 for number in numbers), Fraction()) / len(numbers)
        assert found.mean[channel] == float(mean)
        assert found.std[channel] == pytest.approx(float(variance) ** 0.5, rel=1e-15, abs=0)


def test_mnist_is_what_numpy_says() -> None:
    data = load_data("mnist")
    steps: list[int] = []
    found = measure(data, steps.append)
    levels = data.pictures(range(len(data))) / 255
    assert sum(steps) == found.count == 10_000
    assert found.counts == tuple(np.bincount(data.labels))
    assert (found.sizes, found.grey, found.channels) == ((((28, 28), 10_000),), 10_000, 1)
    assert found.mean[0] == pytest.approx(levels.mean(), rel=1e-12)
    assert found.std[0] == pytest.approx(levels.std(), rel=1e-12)
    threes = data.pictures(np.flatnonzero(data.labels == 3)).mean(axis=0)
    mean = found.class_mean(3)
    assert mean is not None
    np.testing.assert_allclose(mean, threes, rtol=1e-13)


def test_one_by_one_counts_the_same() -> None:
    data = load_data("mnist").subset(range(50))
    whole, single = measure(data), measure(load_data(data, stream=True))
    assert (whole.counts, whole.mean, whole.std) == (single.counts, single.mean, single.std)
    assert whole.class_sums is not None
    assert single.class_sums is not None
    assert np.array_equal(whole.class_sums, single.class_sums)


def test_few_levels_are_measured_by_their_white() -> None:
    data = load_data("digits")
    found = measure(data)
    levels = data.pictures(range(len(data))) / 16
    assert found.mean[0] == pytest.approx(levels.mean(), rel=1e-12)
    assert found.std[0] == pytest.approx(levels.std(), rel=1e-12)


def mixed(*shapes: tuple[int, int, int]) -> Stream:
    def begin() -> Iterator[tuple[Levels, int]]:
        for at, shape in enumerate(shapes):
            yield np.full(shape, 10 * at, np.uint8), at % 2

    return Stream(begin, "mixed", ("a", "b", "never"))


def test_pictures_of_several_sizes(class_folders: Path) -> None:
    found = measure(load_data(class_folders))
    assert found.sizes == (((6, 5), 3), ((5, 6), 2))
    assert (found.grey, found.channels, found.counts) == (3, 3, (3, 2))
    assert found.class_sums is None
    assert found.class_mean(0) is None


def test_grey_pictures_count_in_all_three_channels() -> None:
    found = measure(mixed((2, 2, 1), (2, 2, 3), (2, 2, 1)))
    assert (found.grey, found.channels) == (2, 3)
    assert found.mean == (10 / 255,) * 3
    first, never = found.class_mean(0), found.class_mean(2)
    assert first is not None
    assert first.tolist() == np.full((2, 2, 3), 10.0).tolist()
    assert never is None


def test_means_that_would_take_too_much_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerwalk.data.sets.statistics._MOST_SUMS", 11)
    assert measure(mixed((2, 2, 1), (2, 2, 1))).class_sums is None
    monkeypatch.setattr("layerwalk.data.sets.statistics._MOST_SUMS", 12)
    assert measure(mixed((2, 2, 1), (2, 2, 1))).class_sums is not None
