from __future__ import annotations

import math

import numpy as np
import pytest

from layerwalk.render.numerals import (
    choose_decimals,
    tell,
    tell_cell,
    tell_chance,
    tell_range,
    tell_shape,
)

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (6.0, "6"),
        (1234567.0, "1234567"),
        (12.18, "12.18"),
        (11.3, "11.30"),
        (-0.31241, f"{MINUS}0.3124"),
        (1234.56, "1235"),
        (9999.96, "10000"),
        (-13990.4, f"{MINUS}13990"),
        (99999.6, "100000"),
        (123456.7, "1.235e5"),
        (-0.00001, f"{MINUS}1.000e{MINUS}5"),
        (math.nan, "NaN"),
        (-math.inf, f"{MINUS}inf"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert tell(value) == text


def test_what_is_printed_is_the_number_to_four_digits() -> None:
    for value in np.random.default_rng(0).normal(size=200) * 10.0 ** np.arange(-100, 100):
        printed = float(tell(float(value)).replace(MINUS, "-"))
        assert printed == pytest.approx(value, rel=5.1e-4)


def test_ranges_shapes_and_chances() -> None:
    assert tell_range(-1, 2.5) == f"{MINUS}1 to 2.500"
    assert tell_range(3.2, 3.2) == "3.200 everywhere"
    assert tell_shape((1, 4)) == "1 \N{MULTIPLICATION SIGN} 4"
    assert tell_shape(()) == "scalar"
    assert [tell_chance(p) for p in (0, 1e-9, 0.0005, 0.5, 0.99999, 1)] == [
        "0.0 %",
        "< 0.1 %",
        "0.1 %",
        "50.0 %",
        "> 99.9 %",
        "100.0 %",
    ]


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([0, 253], 0),
        ([-1.0, 1.0], 0),
        ([0.5, 12.25], 2),
        ([0.002, 0.0], 4),
        ([1e-9], None),
        ([0.5, 3e5], None),
        ([2e6], None),
        ([np.nan, 0.5], 2),
        ([np.nan], 0),
    ],
)
def test_decimals(values: list[float], decimals: int | None) -> None:
    assert choose_decimals(np.array(values)) == decimals


def test_cells() -> None:
    assert [tell_cell(value) for value in (0.0, 0.001, -0.001, 0.256)] == [
        "0",
        "0.00",
        f"{MINUS}0.00",
        "0.26",
    ]
    assert tell_cell(-253, 0) == f"{MINUS}253"
    assert tell_cell(1.25e-7, None) == f"1.2e{MINUS}7"
    # Where a grid holds numbers of every size, those of everyday size stand as such.
    everyday = {1.0: "1.0", 0.25: "0.25", 0.0104: "0.010", 12.3: "12", 987.4: "987", 9.97: "10"}
    assert {value: tell_cell(value, None) for value in everyday} == everyday
    assert [tell_cell(value, None) for value in (999.4, 0.00994)] == ["1.0e3", f"9.9e{MINUS}3"]
    assert tell_cell(math.inf, 0) == "inf"
