"""A grid of cells with every number printed in its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Array
from layerwalk.render.colour import Scale, colourise, dark
from layerwalk.render.lettering import width
from layerwalk.render.numerals import tell_cell
from layerwalk.render.paper import INK, LINE, PANEL, TRACK, Colour
from layerwalk.render.surface import Surface

__all__ = ["draw_cells", "fit_numbers"]

_SLANTED = (196, 191, 181)


def fit_numbers(array: Array, cell: int, decimals: int | None) -> float:
    """The size of type, in pixels, at which every number of the array fits into a cell."""
    widest = max(width(tell_cell(float(value), decimals), 1) for value in np.ravel(array))
    return float(min(0.8 * cell / widest, 0.36 * cell))


def draw_cells(
    page: Surface,
    array: Array,
    left: int,
    top: int,
    *,
    cell: int,
    scale: Scale,
    decimals: int | None,
    size: float | None,
    ruled: bool = False,
    hatched: NDArray[np.bool_] | None = None,
    blank: NDArray[np.bool_] | None = None,
) -> None:
    """Draw a (h, w) array as cells of ``cell`` pixels, white text on dark, black on light.

    ``size`` is that of the numbers, ``None`` to print none; ``ruled`` draws hairlines
    between the cells. Where ``hatched`` is true a cell is hatched (padding), where ``blank``
    is true it is left empty, without a number.
    """
    blank = np.zeros(array.shape, dtype=bool) if blank is None else blank
    if blank.any():
        array = np.where(blank, 0, array)
    colours = colourise(array, scale)
    colours[blank] = TRACK
    if hatched is not None:
        colours[hatched] = TRACK
    pixels = colours.repeat(cell, axis=0).repeat(cell, axis=1)
    if hatched is not None:
        _hatch(pixels, hatched, cell)
    if ruled:
        pixels[cell - 1 : -1 : cell] = LINE
        pixels[:, cell - 1 : -1 : cell] = LINE
    page.picture(pixels, left, top)
    if size is None:
        return
    texts = _shades(array, colours)
    for y, row in enumerate(array):
        for x, value in enumerate(row):
            if blank[y, x]:
                continue
            red, green, blue = (int(part) for part in texts[y, x])
            page.text(
                left + (x + 0.5) * cell,
                top + (y + 0.5) * cell + 0.36 * size,
                tell_cell(float(value), decimals),
                size=size,
                colour=(red, green, blue),
                align="center",
            )


def _hatch(pixels: NDArray[np.uint8], hatched: NDArray[np.bool_], cell: int) -> None:
    """Draw slanted lines over cells, so that padding is told from a zero of the map."""
    down, across = np.indices(pixels.shape[:2])
    lines = (down + across) % 10 < 2
    inside = hatched.repeat(cell, axis=0).repeat(cell, axis=1)
    pixels[inside & ~lines] = TRACK
    pixels[inside & lines] = _SLANTED


def _shades(array: Array, colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The colour of each number: black or white, and zeros half way to their cell."""
    light, black = _colour(PANEL), _colour(INK)
    shades = np.where(dark(colours)[..., None], light, black)
    zeros = np.asarray(array == 0)
    # Zeros are there to be checked, not to be read: the picture comes from the others.
    shades[zeros] = (0.5 * shades[zeros] + 0.5 * colours[zeros]).astype(np.uint8)
    return shades


def _colour(colour: Colour) -> NDArray[np.uint8]:
    return np.array(colour, dtype=np.uint8)
