from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from layerwalk.errors import LayerwalkError
from layerwalk.render.colour import Scale, colourise
from layerwalk.render.mosaic import lay_mosaic
from layerwalk.render.paper import MARGIN, PAPER
from layerwalk.render.tiles import mosaic_header, tile_sheet

RANDOM = np.random.default_rng(0)


def smooth(channels: int, size: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    waves = [np.sin((1 + k) * x + k) * np.cos(k * y) * (1 + k / 4) for k in range(channels)]
    return np.array(waves, np.float32)


def test_every_tile_has_exactly_the_colours_of_its_values() -> None:
    array = RANDOM.normal(size=(9, 6, 5)).astype(np.float32)
    sheet = np.asarray(tile_sheet(array, name="conv", kind="conv2d", order="strength"))
    mosaic = lay_mosaic(array, order="strength")
    top = mosaic_header(mosaic, "conv", "conv2d", array.shape).height
    for tile in mosaic.tiles:
        for y, x in ((0, 0), (5, 4), (3, 2)):
            pixel = sheet[
                top + tile.top + y * mosaic.fit.zoom + mosaic.fit.zoom - 1,
                MARGIN + tile.left + x * mosaic.fit.zoom,
            ]
            value = array[tile.channel, y, x]
            assert np.array_equal(pixel, colourise(value, mosaic.scale))


def test_the_header_says_what_is_drawn() -> None:
    array = np.array([[[-3.0, 1.5]], [[0.0, np.nan]]])
    mosaic = lay_mosaic(array, limit=1, scope="channel", order="strength")
    header = mosaic_header(mosaic, "conv", "conv2d", (1, 2, 1, 2))
    assert header.title == "conv"
    assert header.facts == ("conv2d", "1 × 2 × 1 × 2", "−3 to 1.500", "zeros 25 %")  # noqa: RUF001
    assert header.notes == (
        "each channel its own scale",
        "1 of 2 channels shown",
        "strongest first",
    )
    assert header.flaws == "1 NaN"
    assert header.scale == Scale(-3, 3, "bluered", "channel")


def test_values_beyond_a_fixed_scale_are_told() -> None:
    beyond = lay_mosaic(np.array([[[0.0, 7.0]]]), limits=(0, 6))
    within = lay_mosaic(np.array([[[0.0, 6.0]]]), limits=(0, 6))
    words = "values beyond the ends take the ends' colours"
    assert words in mosaic_header(beyond, "a", "", (1,)).notes
    assert words not in mosaic_header(within, "a", "", (1,)).notes


@pytest.mark.parametrize("shape", [(2048, 7, 7), (64, 224, 224), (1, 1, 1), (3, 1, 500)])
def test_large_and_small_layers_are_drawn_whole(shape: tuple[int, ...]) -> None:
    sheet = tile_sheet(np.ones(shape, np.float16))
    assert sheet.mode == "RGB"
    assert sheet.width * sheet.height >= np.prod(shape)
    assert sheet.getpixel((0, 0)) == PAPER


def test_the_picture(looks_like: Callable[[Image.Image, str], None]) -> None:
    array = smooth(7, 24)
    array[2, 3:6, 4:9] = np.nan
    looks_like(tile_sheet(array, name="layer1.conv", kind="conv2d", zoom=4), "tiles-layer")
    looks_like(
        tile_sheet(np.maximum(smooth(5, 24), 0), name="relu", scope="channel", zoom=5, limit=4),
        "tiles-channel",
    )


def test_a_sheet_that_no_memory_holds_is_refused() -> None:
    with pytest.raises(LayerwalkError, match="the picture would be"):
        tile_sheet(np.zeros((64, 7, 7)), zoom=1000)
