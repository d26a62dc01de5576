from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from layerwalk.data import digits
from layerwalk.render.figures import class_means

Texts = Callable[[Figure], list[str]]
Images = Callable[[Figure], list[NDArray[np.uint8]]]


def test_the_figure(looks_like: Any) -> None:
    found = digits()
    means = [found.images[found.labels == label].mean(axis=0) for label in range(10)]
    counts = [int((found.labels == label).sum()) for label in range(10)]
    looks_like(class_means(means, list("0123456789"), counts), "data-means")


def test_means_in_colour_are_drawn_to_the_nearest_level(images: Images) -> None:
    mean = np.full((2, 2, 3), 99.6)
    figure = class_means([mean, mean], ["a", "b"], [3, 4])
    drawn = [one for one in images(figure) if one.shape[0] > 60]
    assert len(drawn) == 2
    assert all((one == 100).all() for one in drawn)


def test_what_is_said(texts: Texts) -> None:
    said = texts(class_means([np.zeros((2, 2))] * 5, list("abcde"), [1, 2, 3, 4, 1000], limit=4))
    assert {"a", "d", "mean of 1", "mean of 4"} <= set(said)
    assert "e" not in said
    assert "fixed scale, the same for all  ·  the first 4 of 5 classes" in said
    assert any(text.startswith("1,010 pictures  ·  each pixel the mean") for text in said)
