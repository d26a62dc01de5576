from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

from layerwalk.errors import ImageError
from layerwalk.record import Array
from layerwalk.render.figures import colour_channels

PIXELS = np.stack(np.broadcast_arrays(*np.ogrid[0:16, 0:24], 9), axis=-1).astype(np.uint8)


def test_photo_and_three_channels_are_drawn_exactly(
    images: Callable[[Figure], list[NDArray[np.uint8]]],
) -> None:
    photo, *rest = images(colour_channels(PIXELS))
    assert np.array_equal(photo[::20, ::20], PIXELS)
    red, green, blue = rest[::2]
    for channel, picture in enumerate((red, green, blue)):
        grey = np.repeat(PIXELS[..., channel, None], 3, axis=2)
        assert np.array_equal(picture[10::20, 10::20], grey)


def test_each_channel_has_its_range_and_a_bar_from_0_to_255(
    texts: Callable[[Figure], list[str]],
) -> None:
    found = texts(colour_channels(PIXELS))
    assert found.count("0") == found.count("255") == 3
    assert {"0 to 15, mean 8", "0 to 23, mean 12", "9 to 9, mean 9"} <= set(found)
    assert "fixed scale  ·  0 black, 255 white" in found


def test_a_large_photo_is_thinned_and_says_so(texts: Callable[[Figure], list[str]]) -> None:
    found = texts(colour_channels(np.zeros((1000, 700, 3), np.uint8)))
    assert any("1 of 3 rows and columns drawn" in text for text in found)


@pytest.mark.parametrize(
    "pixels", [PIXELS / 255, PIXELS[..., 0], PIXELS[..., :2], PIXELS[:0], PIXELS.astype(int)]
)
def test_other_arrays_are_refused(pixels: Array) -> None:
    with pytest.raises(ImageError, match="not a colour photo"):
        colour_channels(pixels)
