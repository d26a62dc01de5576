from __future__ import annotations

import math

import numpy as np
import pytest

from layerwalk.render.tally import Tally, tally


def test_the_counts_of_a_clean_array() -> None:
    assert tally(np.array([[-1, 0], [0, 5]], np.int8)) == Tally(4, -1, 5, 2, 0, 0)


def test_what_is_not_a_number_is_counted_and_left_out_of_the_range() -> None:
    found = tally(np.array([np.nan, np.inf, -np.inf, 0, 2], np.float16))
    assert found == Tally(5, 0, 2, 1, 1, 2)
    assert found.flaws == "1 NaN, 2 infinite"
    assert found.share_of_zeros == "zeros 20 %"


@pytest.mark.parametrize("values", [[], [np.nan, np.nan]])
def test_no_finite_value(values: list[float]) -> None:
    found = tally(np.array(values))
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.span == "no finite value"


def test_booleans_have_a_range() -> None:
    assert tally(np.array([True, False])).span == "0 to 1"
    assert tally(np.ones(3)).share_of_zeros == ""


@pytest.mark.parametrize(
    ("zeros", "words"), [(1, "zeros < 0.1 %"), (1431, "zeros 14.3 %"), (9999, "zeros > 99.9 %")]
)
def test_the_share_of_zeros_is_never_rounded_away(zeros: int, words: str) -> None:
    assert tally(np.arange(10_000) >= zeros).share_of_zeros == words
