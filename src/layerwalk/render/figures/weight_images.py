"""The weights of a first layer as pictures: what each neuron looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import choose_scale, colourise
from layerwalk.render.figures.page import Page
from layerwalk.render.fit import choose_fit
from layerwalk.render.lettering import width
from layerwalk.render.paper import BODY, CAPTION, MARGIN, SOFT, TINY, TITLE
from layerwalk.render.surface import draw_scale

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["WeightImages", "weight_images"]

_ROOM = 1640
_GAP = 14
_HEAD = 92
_NAMED = 122
_BETWEEN = 40


@dataclass(frozen=True, eq=False)
class WeightImages:
    """The weights of one layer.

    Attributes
    ----------
    name, facts
        Above it, bold, and the line below that.
    images
        (count, channels, height, width), one for each neuron or filter that is drawn.
    every
        All of the layer's weights, from which the scale is chosen.
    numbers
        Which neuron or filter each is.
    """

    name: str
    facts: str
    images: Array
    every: Array
    numbers: Sequence[int]


def weight_images(
    layers: Sequence[WeightImages], *, title: str = "The weights of the first layers"
) -> Figure:
    """Layers below one another, a picture for each neuron or filter, a matplotlib figure.

    Each layer has its own scale, diverging about zero, with the range of all its weights.
    Channels of one filter stand side by side.

    Raises
    ------
    LayerwalkError
        There is nothing to draw, or the images have another shape.

    Examples
    --------
    >>> import numpy as np
    >>> kernels = np.random.default_rng(0).normal(size=(6, 1, 5, 5))
    >>> figure = weight_images([WeightImages("c1", "6 filters", kernels, kernels, range(6))])
    """
    for one in layers:
        if one.images.ndim != 4 or not one.images.size or len(one.numbers) != len(one.images):
            raise LayerwalkError(
                f"weights of shape {one.images.shape} are no pictures", where=one.name,
                mend="pass (count, channels, height, width), and a number for each",
            )  # fmt: skip
    if not layers:
        raise LayerwalkError("there are no weights to draw", where=title, mend="give a layer")
    grids = [_grid(one) for one in layers]
    room = round(max(_ROOM, *(width(one.facts, CAPTION) for one in layers)))
    total = MARGIN + _HEAD + sum(_NAMED + rows * pitch + _BETWEEN for rows, pitch, *_ in grids)
    page = Page(room + 2 * MARGIN, total)
    page.text(MARGIN, MARGIN + 26, title, size=TITLE, bold=True)
    words = "each layer its own scale; zero is white"
    page.text(MARGIN, MARGIN + 64, words, size=BODY, colour=SOFT)
    top = MARGIN + _HEAD
    for one, grid in zip(layers, grids, strict=True):
        _draw(page, one, grid, top)
        top += _NAMED + grid[0] * grid[1] + _BETWEEN
    return page.figure


def _grid(one: WeightImages) -> tuple[int, int, int, int]:
    """Rows, pitch down, pitch across, and pictures a row."""
    count, channels, height, wide = one.images.shape
    fit = choose_fit((height, wide * channels), (180, 380), most=28)
    across = fit.length(wide) * channels + 3 * (channels - 1) + _GAP
    columns = max(1, min(count, (_ROOM + _GAP) // across))
    return -(-count // columns), fit.length(height) + _GAP + TINY + 10, across, columns


def _draw(page: Page, one: WeightImages, grid: tuple[int, int, int, int], top: int) -> None:
    _, down, across, columns = grid
    scale = choose_scale(one.every, map="bluered")
    page.text(MARGIN, top + 24, one.name, size=BODY, bold=True)
    page.text(MARGIN, top + 54, one.facts, size=CAPTION, colour=SOFT)
    draw_scale(page, scale, MARGIN, top + 88)
    _, channels, height, wide = one.images.shape
    fit = choose_fit((height, wide * channels), (180, 380), most=28)
    for at, (image, number) in enumerate(zip(one.images, one.numbers, strict=True)):
        row, column = divmod(at, columns)
        left, upper = MARGIN + column * across, top + _NAMED + row * down
        for channel, plane in enumerate(image):
            pixels = fit.enlarge(colourise(fit.sample(plane), scale))
            page.picture(pixels, left + channel * (fit.length(wide) + 3), upper)
        below = upper + fit.length(height) + TINY + 3
        page.text(left, below, str(number), size=TINY, colour=SOFT)
