"""A picture as the network sees it: a grid of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import Scale, choose_scale
from layerwalk.render.figures.cells import draw_cells, fit_numbers
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.panel import nice_ticks
from layerwalk.render.header import Header, facts_of
from layerwalk.render.numerals import choose_decimals
from layerwalk.render.paper import MARGIN, SOFT, TINY
from layerwalk.render.tables import MapName
from layerwalk.render.tally import tally

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["pixel_grid"]

_MOST = 64
_EDGE = 40


def pixel_grid(
    image: Array,
    *,
    title: str = "Every pixel is a number",
    decimals: int | None = None,
    map: MapName | None = None,  # noqa: A002 - the field's word
    limits: tuple[float, float] | None = None,
    notes: Sequence[str] = (),
    corner: tuple[int, int] = (0, 0),
) -> Figure:
    """A small picture with every value printed in its cell, as a matplotlib figure.

    Zeros are printed as ``0``, whole numbers without a point, others with two decimals
    (more where the values are small); the text is white on dark cells and black on light.

    Parameters
    ----------
    image
        Shape (H, W), at most 64 each way, any real dtype.
    title
        Printed above.
    decimals
        How many decimals to print, if not chosen from the values.
    map, limits
        Colour map and fixed ends of the scale; by default grey, or diverging about zero
        where there are negative values.
    notes
        Short sentences for the header.
    corner
        The row and column of the first value, where it is cut out of a larger picture.

    Raises
    ------
    LayerwalkError
        The array is not (H, W), is empty, or is too large to print.

    Examples
    --------
    >>> import numpy as np
    >>> figure = pixel_grid(np.eye(28))
    """
    image = np.asarray(image)
    if image.ndim != 2 or image.size == 0 or image.dtype.kind not in "biuf":
        raise LayerwalkError(
            f"an array of shape {image.shape} and type {image.dtype} is not a grid of numbers",
            where="pixel grid",
            mend="pass real numbers of shape (height, width), such as image[0, 0]",
        )
    height, width = image.shape
    if max(height, width) > _MOST:
        raise LayerwalkError(
            f"{height} x {width} values are too many to print",
            where="pixel grid",
            mend=f"crop it to {_MOST} x {_MOST} or less, such as image[:28, :28]",
        )
    count = tally(image)
    scale = choose_scale(image, map=map or (None if count.low < 0 else "grey"), limits=limits)
    header = Header(
        title, facts_of("", image.shape, count), scale, (_words(scale), *notes), count.flaws
    )
    cell = min(max(1620 // max(height, width), 38), 120)
    room = max(_EDGE + cell * width, header.room)
    left, top = MARGIN + _EDGE, header.height + _EDGE
    page = Page(room + 2 * MARGIN, top + cell * height + MARGIN)
    header.draw(page, room)
    decimals = choose_decimals(image) if decimals is None else decimals
    size = fit_numbers(image, cell, decimals)
    draw_cells(page, image, left, top, cell=cell, scale=scale, decimals=decimals, size=size)
    for row in nice_ticks(height, 16):
        baseline = top + (row + 0.5) * cell + 6
        page.text(left - 12, baseline, str(corner[0] + row), size=TINY, colour=SOFT, align="right")
    for column in nice_ticks(width, 16):
        middle = left + (column + 0.5) * cell
        page.text(middle, top - 12, str(corner[1] + column), size=TINY, colour=SOFT, align="center")
    return page.figure


def _words(scale: Scale) -> str:
    if scale.scope == "fixed":
        return "fixed scale"
    return "zero in the middle" if scale.diverging else "from the least to the greatest value"
