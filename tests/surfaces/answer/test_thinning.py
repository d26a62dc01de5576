"""What is drawn of a long series is what would be seen of all of it."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

from layerwalk.runs import Series
from layerwalk.surfaces.answer.thinning import thinned


def series(values: np.ndarray) -> Series:
    steps = np.arange(len(values), dtype=np.int64)
    return Series("loss", steps, values.astype(np.float64), steps / 10)


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_every_part_keeps_its_ends_and_extremes(scale: Literal["log", "linear"]) -> None:
    values = np.random.default_rng(0).normal(size=20_000)
    kept = thinned(series(values), scale, 100)
    assert len(kept) <= 400
    assert np.all(np.diff(kept) > 0)
    steps = np.arange(20_000)
    places = np.log1p(steps) if scale == "log" else steps.astype(float)
    parts = np.minimum(places * (100 / places[-1]), 99).astype(int)
    for part in np.unique(parts):
        inside = np.flatnonzero(parts == part)
        mine = kept[np.isin(kept, inside)]
        assert {inside[0], inside[-1]} <= set(mine)
        assert values[mine].min() == values[inside].min()
        assert values[mine].max() == values[inside].max()


def test_a_short_one_is_whole() -> None:
    np.testing.assert_array_equal(thinned(series(np.arange(40.0)), "log", 10), np.arange(40))
    assert len(thinned(series(np.array([])), "log", 10)) == 0


def test_a_number_that_is_none_stays_to_be_seen() -> None:
    values = np.ones(10_000)
    values[5_003] = np.nan
    assert 5_003 in thinned(series(values), "linear", 100)
