"""A long row of numbers, folded into a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Array
from layerwalk.render.colour import Scale, colourise
from layerwalk.render.fit import Fit
from layerwalk.render.paper import PAPER

__all__ = ["Strip", "fold_vector"]


@dataclass(frozen=True, eq=False)
class Strip:
    """A vector read row by row.

    Attributes
    ----------
    pixels
        uint8 (H, W, 3); what is left of the last row is paper.
    row
        How many numbers stand in a row.
    note
        How to read it, and what was left out; ``""`` for a single row of all numbers.
    """

    pixels: NDArray[np.uint8]
    row: int
    note: str


def fold_vector(vector: Array, scale: Scale, box: tuple[int, int], *, most: int = 32) -> Strip:
    """The vector as squares of colour in rows, as large as fits into ``box`` (height, width).

    Examples
    --------
    >>> import numpy as np
    >>> fold_vector(np.arange(1000.0), Scale(0, 999, "viridis"), (112, 1022)).pixels.shape
    (100, 1020, 3)
    """
    step = -(-vector.size // (box[0] * box[1]))
    drawn = vector[::step]
    cell = next(
        size
        for size in range(min(most, *box), 0, -1)
        if -(-drawn.size // (box[1] // size)) * size <= box[0]
    )
    row = min(box[1] // cell, drawn.size)
    rows = -(-drawn.size // row)
    colours = np.empty((rows * row, 3), np.uint8)
    colours[:] = PAPER
    colours[: drawn.size] = colourise(drawn, scale)
    notes = [f"{row} a row, read row by row"] if rows > 1 else []
    if step > 1:
        notes.append(f"1 of {step} values drawn")
    pixels = Fit(cell, 1).enlarge(colours.reshape(rows, row, 3))
    return Strip(pixels, row, "; ".join(notes))
