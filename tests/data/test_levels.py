from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from layerwalk.data.levels import levels, wide_levels
from layerwalk.errors import ImageError


def test_16_bits_are_rounded_to_the_nearest_level() -> None:
    every = np.arange(65536, dtype=np.uint16)
    # 255/65535 is 1/257, odd: no value lies half-way.
    expected = [round(Fraction(value, 257)) for value in range(65536)]
    assert levels(every, "it").tolist() == expected
    assert levels(every.astype(">u2"), "it").tolist() == expected


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.longdouble])
def test_every_level_survives_as_a_float(kind: type[np.floating]) -> None:
    every = np.arange(256, dtype=np.uint8)
    assert levels(every.astype(kind) / 255, "it").tolist() == every.tolist()


def test_truth_is_white() -> None:
    assert levels(np.array([False, True]), "it").tolist() == [0, 255]


def test_bytes_are_left_alone() -> None:
    every = np.arange(256, dtype=np.uint8)
    assert levels(every, "it") is every or np.array_equal(levels(every, "it"), every)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([0.0, float("nan")], r"it: it holds numbers that are not a number \(NaN\); replace"),
        ([0.0, 255.0], "from 0 to 255, outside 0 to 1; divide by 255 if white is 255"),
        ([0.0, 4095.0], "divide by 65535 if white is 65535"),
        ([0.0, 1.001], r"from 0 to 1.001, outside 0 to 1; scale it with .* or numpy.clip"),
        ([-1.0, 1.0], r"from -1 to 1, outside 0 to 1; scale it"),
        ([0.0, float("inf")], r"from 0 to inf, outside 0 to 1"),
    ],
)
def test_floats_outside_0_to_1_say_how_to_mend(values: list[float], sentence: str) -> None:
    with pytest.raises(ImageError, match=sentence):
        levels(np.array(values), "it")


@pytest.mark.parametrize("kind", ["i1", "i4", "i8", "u4", "c8", "O", "U1", "M8[s]"])
def test_other_types_say_how_to_mend(kind: str) -> None:
    with pytest.raises(ImageError, match=r"are no picture; use \.astype\('uint8'\)"):
        levels(np.zeros((2, 2), np.dtype(kind)), "it")


@pytest.mark.parametrize(("most", "white"), [(255, 255), (256, 65535), (65536, 2**31 - 1)])
def test_wide_numbers_take_the_least_width_that_holds_them(most: int, white: int) -> None:
    found = wide_levels(np.array([0, most // 2, most], np.int32), "it").tolist()
    assert found == [round(Fraction(255 * v, white)) for v in (0, most // 2, most)]


def test_wide_numbers_below_zero_are_refused() -> None:
    with pytest.raises(ImageError, match=r"down to -7"):
        wide_levels(np.array([-7, 7], np.int32), "it")
