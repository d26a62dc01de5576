from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array, Photo
from layerwalk.render.figures import filter_response

SOBEL = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])


def response(grey: Array) -> Array:
    windows = np.lib.stride_tricks.sliding_window_view(grey.astype(int), (3, 3))
    return np.asarray(np.einsum("yxuv,uv->yx", windows, SOBEL))


def test_shapes_ranges_and_numbers_are_printed(
    photo: Photo, texts: Callable[[Figure], list[str]]
) -> None:
    result = response(photo.pixels[..., 0])
    found = texts(filter_response(photo.pixels, SOBEL, result, title="Sobel"))
    low, high = (str(value).replace("-", "−") for value in (result.min(), result.max()))  # noqa: RUF001
    assert f"photo {photo.pixels.min()} to {photo.pixels.max()}  ·  result {low} to {high}" in found
    assert {"Sobel", "21 × 32", "3 × 3", "19 × 30", "255"} <= set(found)  # noqa: RUF001
    numbers = [text for text in found if text in ("1", "2", "−1", "−2")]  # noqa: RUF001
    assert sorted(numbers) == sorted(["1", "2", "1", "−1", "−2", "−1", "2", "−2"])  # noqa: RUF001


def test_photo_and_result_are_drawn_with_the_same_pixels_a_value(
    photo: Photo, images: Callable[[Figure], list[Array]]
) -> None:
    result = response(photo.pixels[..., 0])
    figure = filter_response(photo.pixels, SOBEL, result)
    sizes = [picture.shape for picture in images(figure)]
    assert (21 * 20, 32 * 20, 3) in sizes
    assert (19 * 20, 30 * 20, 3) in sizes


def test_bias_and_notes_are_told(photo: Photo, texts: Callable[[Figure], list[str]]) -> None:
    result = response(photo.pixels[..., 0])
    found = texts(filter_response(photo.pixels, SOBEL, result, bias=-0.25, notes=("before x",)))
    assert "plus the bias, −0.2500" in found  # noqa: RUF001
    assert any(text.startswith("before x  ·  ") for text in found)
    plain = texts(filter_response(photo.pixels, SOBEL, result))
    assert not any("bias" in text for text in plain)


def test_what_is_no_number_is_drawn_and_told(
    photo: Photo, texts: Callable[[Figure], list[str]]
) -> None:
    kernel, result = SOBEL.astype(float), np.full((4, 4), np.nan)
    kernel[0, 0], result[0, 0] = np.nan, np.inf
    found = texts(filter_response(photo.pixels, kernel, result, bias=np.nan))
    assert any(text.startswith("15 NaN, 1 infinite") for text in found)
    assert "plus the bias, NaN" in found


@pytest.mark.parametrize(
    ("photo", "kernel", "result", "words"),
    [
        (np.zeros((4, 4, 2)), SOBEL, np.zeros((2, 2)), "photo: an array"),
        (np.zeros((4, 4)), SOBEL, np.zeros((1, 2, 2)), "result: an array"),
        (np.zeros((4, 4)), SOBEL, np.zeros((0, 2)), "result: an array"),
        (np.zeros((4, 4)), np.zeros((12, 12)), np.zeros((2, 2)), "kernel: a kernel"),
        (np.zeros((4, 4)), np.zeros((5, 3, 3)), np.zeros((2, 2)), "kernel: a kernel"),
        (np.zeros((4, 4)), np.zeros(3), np.zeros((2, 2)), "kernel: a kernel"),
    ],
)
def test_other_arrays_are_refused(photo: Array, kernel: Array, result: Array, words: str) -> None:
    with pytest.raises(LayerwalkError, match=words):
        filter_response(photo, kernel, result)


def test_the_picture(photo: Photo, looks_like: Callable[[Figure, str], None]) -> None:
    colour = np.repeat(photo.pixels, 3, axis=2)
    colour[..., 2] //= 2
    kernel = np.stack([SOBEL, SOBEL / 2, SOBEL * 0]).astype(np.float32)
    result = response(photo.pixels[..., 0])[::2, ::2]
    looks_like(filter_response(colour, kernel, result), "filter-response")
