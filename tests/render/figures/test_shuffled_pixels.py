from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.render.figures import ShuffledScore, shuffled_pixels

LooksLike = Callable[[Figure, str], None]
EYE = np.eye(28) * 255
SCORES = [ShuffledScore("mlp", 0.97, 0.9685), ShuffledScore("lenet5", 0.975, 0.5)]


def test_four_numbers_and_two_pictures(
    texts: Callable[[Figure], list[str]], images: Callable[[Figure], list[NDArray[np.uint8]]]
) -> None:
    figure = shuffled_pixels(EYE, EYE[::-1], SCORES, notes=["100 pictures"])
    words = texts(figure)
    assert [word for word in words if word.endswith("%")] == [
        "97.0 %",
        "96.9 %",
        "97.5 %",
        "50.0 %",
    ]
    assert {"mlp", "lenet5", "100 pictures", "as it is"} <= set(words)
    first, second = images(figure)
    np.testing.assert_array_equal(first[::-1], second)


def test_colour_pictures_are_drawn_as_they_are(
    images: Callable[[Figure], list[NDArray[np.uint8]]],
) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    first, _ = images(shuffled_pixels(photo, photo[::-1], SCORES[:1]))
    np.testing.assert_array_equal(first[::38, ::38], photo)


def test_nothing_to_compare() -> None:
    with pytest.raises(LayerwalkError, match="nothing to compare"):
        shuffled_pixels(EYE, EYE, [])
    with pytest.raises(LayerwalkError, match="nothing to compare"):
        shuffled_pixels(EYE, EYE[1:], SCORES)


def test_it_looks_as_before(looks_like: LooksLike) -> None:
    order = np.random.default_rng(0).permutation(784)
    shuffled = EYE.reshape(-1)[order].reshape(28, 28)
    looks_like(shuffled_pixels(EYE, shuffled, SCORES, notes=["2,000"]), "versus-shuffled")
