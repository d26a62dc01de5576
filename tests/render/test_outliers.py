from __future__ import annotations

import numpy as np
import pytest

from layerwalk.render.outliers import reach, tell_beyond


def test_few_values_are_all_within_reach() -> None:
    assert reach(np.array([1.0, -7.0])) == 7
    assert reach(np.array([])) == 0
    assert reach(np.array([np.nan, np.inf, -2.0])) == 2


def test_of_many_half_a_per_cent_lies_beyond() -> None:
    values = np.arange(-1000.0, 1001.0)
    end = reach(values)
    assert end == pytest.approx(np.percentile(np.abs(values), 99.5))
    count = np.count_nonzero(np.abs(values) > end)
    assert count / values.size <= 0.005
    assert tell_beyond(values, end).startswith(f"{count} beyond, to ")


def test_where_nearly_all_is_zero_the_largest_is_the_end() -> None:
    values = np.zeros(5000)
    values[7] = -3
    assert reach(values) == 3
    assert tell_beyond(values, 3) == ""


def test_what_lies_beyond_is_told_with_its_sign() -> None:
    assert tell_beyond(np.array([5.0, -9.0, 1.0, np.nan]), 2) == "2 beyond, to −9"  # noqa: RUF001
