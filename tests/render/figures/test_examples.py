from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

from layerwalk.data import digits
from layerwalk.errors import LayerwalkError
from layerwalk.render.figures import example_pictures

Texts = Callable[[Figure], list[str]]
Images = Callable[[Figure], list[NDArray[np.uint8]]]


def test_the_peek_of_the_tutorial(looks_like: Any) -> None:
    found = digits()
    figure = example_pictures(
        list(found.images[:20]),
        [str(label) for label in found.labels[:20]],
        numbers=[f"number {at}" for at in range(20)],
        facts=["10,000 pictures", "10 classes"],
    )
    looks_like(figure, "data-examples")


def test_every_pixel_is_drawn_as_squares(images: Images, texts: Texts) -> None:
    levels = np.arange(6, dtype=np.uint8).reshape(2, 3) * 51
    figure = example_pictures([levels, levels[..., None]], ["six", "six"])
    drawn = [one for one in images(figure) if one.shape[0] > 60]
    for one in drawn:
        height, width = one.shape[0] // 2, one.shape[1] // 3
        assert height == width
        assert np.array_equal(one[::height, ::width, 0], levels)
    assert len(drawn) == 2
    assert {"0", "255", "six"} <= set(texts(figure))


def test_large_and_coloured_pictures(images: Images, texts: Texts) -> None:
    rows, columns = np.mgrid[0:400, 0:200]
    colour = np.stack([rows % 256, columns, rows * 0], axis=-1).astype(np.uint8)
    figure = example_pictures([colour, colour[:100]], ["tall", "small"])
    drawn = [one for one in images(figure) if one.shape[1] >= 50]
    assert any(np.array_equal(one, colour[::3, ::3]) for one in drawn)
    assert "large pictures: 1 of 2 to 1 of 3 rows and columns drawn" in texts(figure)
    assert "255" not in texts(figure), "pixels in colour have no scale"


def test_few_levels_have_a_white_of_their_own(images: Images, texts: Texts) -> None:
    figure = example_pictures([np.array([[0, 16]])], ["few"], white=16)
    assert "16" in texts(figure)
    (drawn,) = [one for one in images(figure) if one.shape[1] > 2 * one.shape[0] - 3 > 100]
    assert drawn[0, 0].tolist() == [0, 0, 0]
    assert drawn[0, -1].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("pictures", "labels", "sentence"),
    [
        ([], [], "there is no picture to draw"),
        ([np.zeros((2, 2))], [], "1 pictures have 0 labels"),
        ([np.zeros((2, 2, 3))], ["a"], r"shape \(2, 2, 3\) and type float64 is no picture"),
        ([np.zeros((0, 2))], ["a"], "is no picture"),
    ],
)
def test_what_cannot_be_drawn(pictures: list[Any], labels: list[str], sentence: str) -> None:
    with pytest.raises(LayerwalkError, match=sentence):
        example_pictures(pictures, labels)
