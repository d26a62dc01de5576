"""A colour photo is three grids of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import ImageError
from layerwalk.render.colour import Scale
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.panel import Panel
from layerwalk.render.fit import PlaneFit, choose_fit
from layerwalk.render.header import Header
from layerwalk.render.numerals import tell_shape
from layerwalk.render.paper import MARGIN

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["colour_channels"]

_GAP = 36


def colour_channels(
    pixels: NDArray[np.uint8], *, title: str = "A colour photo is three grids of numbers"
) -> Figure:
    """A photo beside its red, green and blue channels, as a matplotlib figure.

    Each channel is drawn in grey from 0 (black) to 255 (white), every value a whole
    number of pixels; its own range stands behind its name.

    Parameters
    ----------
    pixels
        uint8 of shape (H, W, 3).
    title
        Printed above.

    Raises
    ------
    ImageError
        The array is not uint8 (H, W, 3) with at least one pixel.

    Examples
    --------
    >>> import numpy as np
    >>> figure = colour_channels(np.zeros((224, 224, 3), np.uint8))
    """
    pixels = np.asarray(pixels)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.size == 0:
        raise ImageError(
            f"an array of shape {pixels.shape} and type {pixels.dtype} is not a colour photo",
            where="colour channels",
            mend="pass uint8 pixels of shape (height, width, 3)",
        )
    square = choose_fit(pixels.shape, (480, 480))
    fit = PlaneFit(square, square)
    scale = Scale(0, 255, "grey", "fixed")
    panels = [Panel(pixels, "photo", fit, None)]
    for channel, name in enumerate(("red", "green", "blue")):
        values = pixels[..., channel]
        own = f"{values.min()} to {values.max()}, mean {values.mean():.0f}"
        panels.append(Panel(values, name, fit, scale, facts=own))
    notes = [scale.words, "0 black, 255 white", *([fit.note] if fit.note else [])]
    header = Header(title, (tell_shape(pixels.shape), str(pixels.dtype)), None, tuple(notes), "")
    cell = max(panel.width for panel in panels) + _GAP
    room = max(4 * cell - _GAP, header.room)
    page = Page(room + 2 * MARGIN, header.height + panels[0].height + MARGIN)
    header.draw(page, room)
    for at, panel in enumerate(panels):
        panel.draw(page, MARGIN + at * cell, header.height)
    return page.figure
