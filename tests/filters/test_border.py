from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from layerwalk.errors import LayerwalkError
from layerwalk.filters.border import Border, check_border, pad, sides

ROW = np.array([[1, 2, 3, 4]])


@pytest.mark.parametrize(
    ("border", "before", "behind"),
    [
        ("zero", [0, 0, 0], [0, 0, 0]),
        ("replicate", [1, 1, 1], [4, 4, 4]),
        ("reflect", [4, 3, 2], [3, 2, 1]),
        ("symmetric", [3, 2, 1], [4, 3, 2]),
        ("circular", [2, 3, 4], [1, 2, 3]),
    ],
)
def test_what_lies_beyond(border: Border, before: list[int], behind: list[int]) -> None:
    padded = pad(ROW, (1, 7), "same", border)
    assert padded.tolist() == [[*before, 1, 2, 3, 4, *behind]]


def test_colours_are_not_mixed() -> None:
    colour = np.stack([ROW, 10 * ROW], axis=2)
    assert pad(colour, (1, 3), 1, "reflect")[1, 0].tolist() == [2, 20]
    assert pad(colour, (1, 3), 1, "reflect").shape == (3, 6, 2)


def test_no_padding_is_no_copy() -> None:
    assert pad(ROW, (1, 3), "valid", "reflect") is ROW
    assert pad(ROW, (1, 3), 0, "zero") is ROW


@pytest.mark.parametrize("padding", ["full", "", -1, 1.5, None, True])
def test_other_paddings(padding: Any) -> None:
    with pytest.raises(LayerwalkError, match="is no padding; use valid or same, or 0, 1, 2"):
        sides(padding, 3)


def test_a_border_that_is_none_and_one_too_wide() -> None:
    with pytest.raises(LayerwalkError, match="use zero, replicate, reflect, symmetric, circular"):
        check_border("mirror")
    with pytest.raises(LayerwalkError, match="would be 2000001 x 2000004 pixels"):
        pad(ROW, (1, 3), 1_000_000, "zero")
