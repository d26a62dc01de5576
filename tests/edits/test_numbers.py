"""Numbers of an edit, taken and told."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from layerwalk.edits.numbers import as_number, as_numbers, spelled, spelled_matrix, spelled_number
from layerwalk.errors import EditError


@pytest.mark.parametrize(
    "given",
    [[1, 2.0], (1, 2), np.array([1, 2], np.float32), torch.tensor([1.0, 2.0]), [np.int8(1), 2]],
)
def test_numbers_become_floats(given: Any) -> None:
    taken = as_numbers(given, "w")
    assert taken == (1.0, 2.0)
    assert isinstance(taken, tuple)
    assert all(type(number) is float for number in taken)


def test_one_number() -> None:
    given = (1, np.float32(1), np.array(1), torch.tensor(1), Fraction(2, 2))
    assert [as_number(one, "w") for one in given] == [1.0] * 5


@pytest.mark.parametrize("given", ["1", None, True, 1j, {}, math.nan, -math.inf, 10**400, [[]]])
def test_what_is_no_number(given: Any) -> None:
    with pytest.raises(EditError):
        as_numbers(given, "w")
    with pytest.raises(EditError, match="w: its rows are not of one length"):
        as_numbers([[1, 2], [3]], "w")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"), (-0.0, "-0"), (1.0, "1"), (0.1, "0.1"), (1 / 3, "0.3333333333333333"),
        (1e-6, "0.000001"), (1e-7, "1e-7"), (1.5e-30, "1.5e-30"), (1e16, "10000000000000000"),
        (1e20, "100000000000000000000"), (1e21, "1e+21"), (-2.5e22, "-2.5e+22"),
    ],
)  # fmt: skip
def test_spelled_as_the_page_does(number: float, text: str) -> None:
    assert spelled_number(number) == text
    assert float(text) == number


def test_a_table_larger_than_a_line_is_told_by_its_count() -> None:
    assert spelled(((1.0,) * 5,) * 5).count("1") == 25
    assert spelled((1.0,) * 6) == "(6 numbers)"
    assert spelled((((1.0,) * 2,) * 2,) * 2) == "(8 numbers)"
    assert spelled_matrix(((0.5,) * 6,)) == "(6 numbers)"
