from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.figures import pixel_grid

Texts = Callable[[Figure], list[str]]


def cells(figure: Figure, texts: Texts, count: int, edges: int) -> list[str]:
    """The numbers in the cells: they stand before the tick labels, which come last."""
    return texts(figure)[-count - edges : -edges]


def test_every_value_is_printed(texts: Texts) -> None:
    image = np.array([[0.0, 0.25], [0.999, 0.001]])
    assert cells(pixel_grid(image), texts, 4, 4) == ["0", "0.25", "1.00", "0.00"]
    assert cells(pixel_grid(image, decimals=3), texts, 4, 4) == ["0", "0.250", "0.999", "0.001"]


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32"])
def test_whole_numbers_are_printed_whole(texts: Texts, dtype: str) -> None:
    image = np.array([[0, 45], [253, 7]]).astype(dtype)
    assert cells(pixel_grid(image), texts, 4, 4) == ["0", "45", "253", "7"]


def test_range_shape_and_scale_are_printed(texts: Texts) -> None:
    found = texts(pixel_grid(np.array([[-0.5, 2.0, 0.0, 1.0]]), title="a map"))
    assert "a map" in found
    assert "1 × 4  ·  −0.5000 to 2  ·  zeros 25 %" in found  # noqa: RUF001
    assert "−2" in found  # noqa: RUF001
    assert "2" in found
    assert "zero in the middle" in found


def test_fixed_limits_are_told(texts: Texts) -> None:
    found = texts(pixel_grid(np.array([[20, 140]], np.uint8), limits=(0, 255)))
    assert {"0", "255", "fixed scale"} <= set(found)


def test_text_flips_for_contrast() -> None:
    figure = pixel_grid(np.array([[0.1, 0.9]]))
    colours = {text.get_text(): to_rgb(text.get_color()) for text in figure.texts}
    assert min(colours["0.10"]) > 0.9
    assert max(colours["0.90"]) < 0.2


def test_all_784_pixels_of_a_digit(texts: Texts) -> None:
    image = np.random.default_rng(0).random((28, 28)).astype(np.float32)
    printed = set(texts(pixel_grid(image)))
    assert {f"{value:.2f}" for value in image.reshape(-1)} <= printed


def test_what_is_not_a_number_is_printed_and_counted(texts: Texts) -> None:
    found = texts(pixel_grid(np.array([[np.nan, np.inf, 0.5]])))
    assert {"NaN", "inf", "0.50"} <= set(found)
    assert any(text.startswith("1 NaN, 1 infinite: drawn in this colour") for text in found)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.zeros((65, 3)), r"65 x 3 values are too many to print; crop it to 64 x 64"),
        (np.zeros((1, 3, 3)), "not a grid of numbers"),
        (np.zeros((0, 3)), "not a grid of numbers"),
        (np.zeros((3, 3), complex), "not a grid of numbers"),
        (np.array([["a"]]), "not a grid of numbers"),
    ],
)
def test_other_arrays_are_refused(image: Array, words: str) -> None:
    with pytest.raises(LayerwalkError, match=words):
        pixel_grid(image)


def test_the_picture(looks_like: Callable[[Figure, str], None]) -> None:
    y, x = np.mgrid[0:5, 0:5]
    ring = np.clip(1 - np.abs(np.hypot(y - 2, x - 2) - 1.5), 0, 1)
    looks_like(pixel_grid(ring, title="A ring"), "pixel-grid")


def test_a_part_of_a_picture_has_the_wholes_rows_and_columns(texts: Texts) -> None:
    found = texts(pixel_grid(np.eye(2), notes=["a part"], corner=(40, 7)))
    assert found[-4:] == ["40", "41", "7", "8"]
    assert "from the least to the greatest value  ·  a part" in found
