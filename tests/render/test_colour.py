from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.render.colour import Scale, choose_scale, colour_ramp, colourise, dark
from layerwalk.render.paper import INK
from layerwalk.render.tables import MapName, colour_table


def slow_entry(value: float, scale: Scale) -> int:
    """One value at a time, in exact order of the definition."""
    if scale.diverging:
        share = min(max(value / scale.high, -1), 1)
        return min(math.floor(127.5 + 127 * share), 254)
    share = (min(max(value, scale.low), scale.high) - scale.low) / (scale.high - scale.low)
    return min(math.floor(256 * share), 255)


@pytest.mark.parametrize("scale", [Scale(-2, 2, "bluered"), Scale(-1, 3, "viridis")])
def test_colours_agree_with_the_slow_replica(scale: Scale) -> None:
    values = np.random.default_rng(0).normal(scale=1.5, size=(40, 50))
    expected = [[slow_entry(value, scale) for value in row] for row in values]
    assert np.array_equal(colourise(values, scale), colour_table(scale.map)[np.array(expected)])


def entries(pixels: NDArray[np.uint8], map_: MapName) -> NDArray[np.intp]:
    table = {tuple(colour): at for at, colour in enumerate(colour_table(map_).tolist())}
    return np.array([table[tuple(pixel)] for pixel in pixels.reshape(-1, 3).tolist()])


@given(arrays(np.float32, 30, elements=st.floats(-(2.0**99), 2.0**99, width=32)))
def test_a_greater_value_never_gets_an_earlier_colour(values: NDArray[np.float32]) -> None:
    scale = choose_scale(values, map="grey")
    found = entries(colourise(np.sort(values), scale), "grey")
    assert (np.diff(found) >= 0).all()
    if values.min() < values.max():
        assert found[0] == 0
        assert found[-1] == 255


@pytest.mark.parametrize(
    "dtype", ["bool", "uint8", "int8", "int32", "int64", "uint64", "float16", "float32", "float64"]
)
def test_every_dtype_gives_the_same_picture(dtype: str) -> None:
    values = np.array([[0, 1, 1, 0]]).astype(dtype)
    scale = Scale(0, 1, "viridis")
    assert entries(colourise(values, scale), "viridis").tolist() == [0, 255, 255, 0]


@pytest.mark.parametrize(
    "values",
    [
        np.array([-1.7e308, 0.0, 1.7e308]),
        np.array([-3e38, 0, 3e38], np.float32),
        np.array([-6e4, 0, 6e4], np.float16),
        np.array([-5e-324, 0.0, 5e-324]),
        np.array([-1e-45, 0, 1e-45], np.float32),
        np.array([-(2**62), 0, 2**62]),
    ],
)
def test_ranges_at_the_ends_of_the_format(values: NDArray[np.generic]) -> None:
    pixels = colourise(values, choose_scale(values))
    assert np.array_equal(pixels, colour_table("bluered")[[0, 127, 254]])
    pixels = colourise(values, choose_scale(values, map="grey"))
    assert pixels[:, 0].tolist() == [0, 128, 255]


def test_a_scale_far_smaller_than_the_values() -> None:
    values = np.array([-3e38, 0, 3e38], np.float32)
    pixels = colourise(values, Scale(-1e-30, 1e-30, "bluered", "fixed"))
    assert np.array_equal(pixels, colour_table("bluered")[[0, 127, 254]])


def test_what_is_not_a_number_gets_the_declared_colour() -> None:
    values = np.array([[np.nan, np.inf], [-np.inf, 1.0]])
    scale = choose_scale(values)
    assert scale == Scale(0, 1, "viridis")
    pixels = colourise(values, scale)
    assert (pixels.reshape(-1, 3)[:3] == scale.extra).all()
    assert np.array_equal(pixels[1, 1], colour_table("viridis")[255])


@pytest.mark.parametrize("value", [0.0, 2.5, -2.5])
def test_constants_have_a_colour(value: float) -> None:
    values = np.full((3, 3), value, np.float32)
    scale = choose_scale(values)
    expected = {
        0.0: colour_table("viridis")[0],
        2.5: colour_table("viridis")[255],
        -2.5: colour_table("bluered")[0],
    }[value]
    assert (colourise(values, scale) == expected).all()
    assert scale.low <= value <= scale.high


def test_a_scale_of_one_point_puts_zero_in_the_middle() -> None:
    values = np.array([-1.0, 0.0, 1.0])
    assert np.array_equal(
        colourise(values, Scale(0, 0, "bluered")), colour_table("bluered")[[0, 127, 254]]
    )
    assert colourise(values, Scale(0, 0, "grey"))[:, 0].tolist() == [0, 0, 255]


def test_the_choice_of_a_scale() -> None:
    signed, positive = np.array([-1.0, 4.0]), np.array([0.5, 2.0])
    assert choose_scale(signed) == Scale(-4, 4, "bluered")
    assert choose_scale(-signed) == Scale(-4, 4, "bluered")
    assert choose_scale(positive) == Scale(0.5, 2, "viridis")
    assert choose_scale(positive, signed=True) == Scale(-2, 2, "bluered")
    assert choose_scale(signed, map="grey", scope="channel") == Scale(-1, 4, "grey", "channel")
    assert choose_scale(positive, limits=(0, 6)) == Scale(0, 6, "viridis", "fixed")
    assert choose_scale(signed > 0) == Scale(0, 1, "grey")
    assert choose_scale(np.array([np.nan])) == Scale(0, 0, "viridis")
    assert choose_scale(np.zeros((0, 3))) == Scale(0, 0, "viridis")


@pytest.mark.parametrize(
    ("low", "high", "map_", "words"),
    [
        (1, 0, "grey", "in order"),
        (0, math.inf, "grey", "finite"),
        (math.nan, 1, "grey", "finite"),
        (-1, 2, "bluered", "zero in the middle"),
        (0, 1, "jet", "no colour map 'jet'"),
    ],
)
def test_scales_that_make_no_sense_are_refused(
    low: float, high: float, map_: MapName, words: str
) -> None:
    with pytest.raises(LayerwalkError, match=words):
        Scale(low, high, map_)


def test_the_words_of_a_scale() -> None:
    assert Scale(0, 1, "grey").words == "same scale for the whole layer"
    assert Scale(0, 1, "grey", "channel").words == "each channel its own scale"
    assert Scale(0, 1, "grey", "fixed").words == "fixed scale"


@pytest.mark.parametrize("scale", [Scale(-2, 2, "bluered"), Scale(0, 9, "magma")])
def test_the_ramp_shows_the_colours_of_its_own_numbers(scale: Scale) -> None:
    length = 255 if scale.diverging else 256
    numbers = scale.low + (scale.high - scale.low) * (np.arange(length) + 0.5) / length
    assert np.array_equal(colour_ramp(scale, length), colourise(numbers, scale))


def test_text_is_white_where_white_reads_better() -> None:
    greys = colour_table("grey")
    share = np.arange(256) / 255
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    ink = light[INK[0]]
    white_is_better = 1.05 / (light + 0.05) > (light + 0.05) / (ink + 0.05)
    assert np.count_nonzero(dark(greys) != white_is_better) <= 1
