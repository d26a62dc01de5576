from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from layerwalk.errors import LayerwalkError
from layerwalk.filters import LARGEST, Filter, parse_filter


def test_the_matrix_is_a_copy_that_cannot_be_written() -> None:
    given = np.array([[1, 2, 3]], np.int32)
    made = Filter("row", given)  # type: ignore[arg-type] # what numpy takes
    given[0, 0] = 7
    assert made.matrix.tolist() == [[1.0, 2.0, 3.0]]
    assert made.matrix.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        made.matrix[0, 0] = 5
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.name = "other"  # type: ignore[misc] # that is the test


def test_shape_total_and_text() -> None:
    made = parse_filter("1/16 * (1 2 1; 2 4 2)")
    assert made.shape == (2, 3)
    assert made.total == 0.75
    assert made.text == "1/16 * (1 2 1; 2 4 2)"
    numbers, divisor = made.printed
    assert (numbers.tolist(), divisor) == ([[1, 2, 1], [2, 4, 2]], 16)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([1, 2, 3], "shape \\(3,\\) is no filter"),
        (np.zeros((0, 3)), "shape \\(0, 3\\) is no filter"),
        (np.zeros((2, 2, 2)), "shape \\(2, 2, 2\\) is no filter"),
        (np.zeros((LARGEST + 1, 3)), "12 x 3 numbers are too many"),
        ([[1.0, float("nan")]], "not all of its numbers are finite"),
        ([[1, 2], [3]], "no table of numbers"),
        ([["a"]], "no table of numbers"),
        ([[1j]], "no table of numbers"),
        (None, "is no filter"),
    ],
)
def test_what_is_no_filter(matrix: Any, words: str) -> None:
    with pytest.raises(LayerwalkError, match=f"filter own: .*{words}"):
        Filter("own", matrix)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (4, 3), (1, LARGEST), (LARGEST, LARGEST)])
def test_any_size_up_to_the_largest(shape: tuple[int, int]) -> None:
    assert Filter("own", np.ones(shape)).shape == shape
