from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Trace
from layerwalk.render.colour import colourise
from layerwalk.render.figures import feature_maps
from layerwalk.render.mosaic import lay_mosaic
from layerwalk.render.paper import MARGIN

Texts = Callable[[Figure], list[str]]
RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("shape", [(3, 7, 7), (5, 23, 17), (2, 224, 131)])
def test_the_file_has_exactly_the_colours_of_the_values(
    make_trace: Any, rendered: Callable[[Figure], NDArray[np.uint8]], shape: tuple[int, ...]
) -> None:
    array = RANDOM.normal(size=shape).astype(np.float32)
    pixels = rendered(feature_maps(make_trace([("op", "conv2d", array[None])]), 0))
    mosaic = lay_mosaic(array)
    top = pixels.shape[0] - MARGIN - mosaic.pixels.shape[0]
    for tile in mosaic.tiles:
        high, wide = mosaic.tile
        block = pixels[top + tile.top :, MARGIN + tile.left :][:high, :wide]
        colours = colourise(array[tile.channel], mosaic.scale)
        assert np.array_equal(block, mosaic.fit.enlarge(colours))


def test_name_kind_shape_range_and_scale_are_printed(edges: Trace, texts: Texts) -> None:
    array = edges["conv"].array()
    found = texts(feature_maps(edges, "conv"))
    assert found[0] == "conv"
    most = f"{np.abs(array).max():#.4g}"
    assert found[1].startswith("conv2d  ·  1 × 4 × 18 × 29  ·  −")  # noqa: RUF001
    assert f"−{most}" in found  # noqa: RUF001
    assert most in found
    assert "same scale for the whole layer" in found
    assert texts(feature_maps(edges, "relu"))[2] == "0"


def test_strongest_first_and_no_more_than_the_limit(make_trace: Any, texts: Texts) -> None:
    array = np.ones((1, 6, 4, 4)) * np.array([3, 1, 6, 2, 5, 4]).reshape(1, 6, 1, 1)
    found = texts(feature_maps(make_trace([("op", "relu", array)]), 0, order="strength", limit=3))
    assert found[-3:] == ["2", "4", "5"]
    assert any("3 of 6 channels shown  ·  strongest first" in text for text in found)


def test_a_scale_for_each_channel_prints_each_range(make_trace: Any, texts: Texts) -> None:
    array = np.array([0, 1, 0, 8], float).reshape(1, 2, 1, 2).repeat(2, axis=2)
    found = texts(feature_maps(make_trace([("op", "relu", array)]), 0, scope="channel"))
    assert found[-4:] == ["0", "0 to 1", "1", "0 to 8"]
    assert {"min", "max"} <= set(found)


def test_a_vector_is_bars_of_its_values(make_trace: Any, texts: Texts) -> None:
    vector = np.array([[1.5, -2.5, 0.0, 4.0]])
    figure = feature_maps(make_trace([("op", "linear", vector)]), 0)
    (axes,) = figure.axes
    (steps,) = axes.patches
    values, edges, _ = steps.get_data()  # type: ignore[attr-defined]
    assert values[::2].tolist() == vector[0].tolist()
    assert np.allclose(edges[::2] // 1, range(4))
    assert axes.get_ylim() == (-2.5, 4.0)
    assert {"−2.500", "0", "4"} <= set(texts(figure))  # noqa: RUF001


def test_a_bar_that_is_not_a_number_is_told(make_trace: Any, texts: Texts) -> None:
    found = texts(feature_maps(make_trace([("op", "linear", np.array([[1.0, np.nan]]))]), 0))
    assert "1 NaN: not drawn, left out of the range" in found


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 12, 300), "axis 1 runs down, axis 2 across"),
        ((1, 2, 16000), "1 of 9 columns drawn"),
        ((2, 4, 9, 8, 8), "middle slice: depth 4 of 0..8"),
        ((2, 4, 8, 8), "sample 0 of 0..1"),
        ((1, 5000), "128 a row, read row by row"),
        ((), "one bar a value, from zero"),
    ],
)
def test_every_shape_has_a_figure_that_says_what_was_done(
    make_trace: Any, texts: Texts, shape: tuple[int, ...], words: str
) -> None:
    array = RANDOM.normal(size=shape).astype(np.float32)
    found = texts(feature_maps(make_trace([("op", "thing", array)]), "op"))
    assert any(words in text for text in found), found


def test_the_strip_of_a_signal_has_the_colours_of_its_values(make_trace: Any, images: Any) -> None:
    array = RANDOM.normal(size=(1, 5, 60)).astype(np.float32)
    figure = feature_maps(make_trace([("op", "conv1d", array)]), 0)
    strip = images(figure)[0]
    scale = lay_mosaic(array).scale
    assert np.array_equal(strip[::24, ::24], colourise(array[0], scale))


def test_the_range_is_that_of_the_whole_value(make_trace: Any, texts: Texts) -> None:
    volume = np.zeros((2, 3, 5, 4, 4), np.float32)
    volume[0, 0, 0] = -7
    volume[1, 0, 2] = 3
    found = texts(feature_maps(make_trace([("op", "conv3d", volume)]), 0))
    assert any("−7 to 3" in text for text in found), found  # noqa: RUF001
    assert {"−7", "7"} <= set(found)  # noqa: RUF001 - the ends of the scale


def test_channels_kept_last_are_found_and_told(make_trace: Any, texts: Texts) -> None:
    last = np.ones((1, 6, 5, 3), np.float32)
    found = texts(feature_maps(make_trace([("op", "linear", last)]), 0))
    assert any("channels are axis 3" in text for text in found), found
    assert found[-3:] == ["0", "1", "2"]


def test_maps_of_an_untrained_network_say_so(make_trace: Any, texts: Texts) -> None:
    for array in (np.ones((1, 2, 3, 3)), np.ones((1, 9)), np.ones((1, 2, 9))):
        trace = make_trace([("op", "relu", array)], trained="untrained, seed 0")
        assert texts(feature_maps(trace, 0))[0] == "op, untrained (random weights)"


def test_ops_outputs_and_samples_that_are_not_there(edges: Trace, make_trace: Any) -> None:
    with pytest.raises(NotFoundError, match="did you mean conv"):
        feature_maps(edges, "conv1")
    with pytest.raises(NotFoundError, match="no output 1"):
        feature_maps(edges, "conv", output=1)
    with pytest.raises(NotFoundError, match="no sample 1"):
        feature_maps(edges, "conv", sample=1)
    with pytest.raises(LayerwalkError, match="holds no number"):
        feature_maps(make_trace([("op", "cat", np.zeros((1, 0)))]), 0)


def test_a_name_is_text_and_never_markup(make_trace: Any, texts: Texts) -> None:
    figure = feature_maps(make_trace([("a_$x^2$_\\frac", "relu", np.ones((1, 2, 3, 3)))]), 0)
    assert texts(figure)[0] == "a_$x^2$_\\frac"
    assert not figure.texts[0].get_parse_math()


def test_the_pictures(edges: Trace, make_trace: Any, looks_like: Any) -> None:
    looks_like(feature_maps(edges, "conv"), "feature-maps")
    vector = np.sin(np.arange(24) / 3)[None] * 3
    looks_like(feature_maps(make_trace([("head", "linear", vector)]), 0), "feature-bars")
