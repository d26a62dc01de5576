"""A named grid of numbers: a window, a kernel, their products."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Array
from layerwalk.render.colour import Scale
from layerwalk.render.figures.cells import draw_cells, fit_numbers
from layerwalk.render.lettering import width
from layerwalk.render.numerals import choose_decimals
from layerwalk.render.paper import CAPTION, INK, PANEL, SOFT, TINY, Colour
from layerwalk.render.surface import Surface, draw_scale, scale_width

__all__ = ["Grid", "outline"]

_NAME = 36
_TICKS = 28
_BAR = 44
_RAMP = 120


def outline(
    surface: Surface,
    box: tuple[float, float, float, float],
    *,
    colour: Colour = INK,
    weight: int = 4,
) -> None:
    """Draw a frame on whatever is there: ``box`` is left, top, width and height.

    It has a white edge on both sides, so that it is seen on every colour.
    """
    left, top, wide, high = (round(length) for length in box)
    if colour != PANEL:
        around = (left - 2, top - 2, wide + 4, high + 4)
        outline(surface, around, colour=PANEL, weight=weight + 4)
    strip = np.array(colour, np.uint8)
    level = np.broadcast_to(strip, (weight, wide, 3))
    upright = np.broadcast_to(strip, (high, weight, 3))
    for pixels, x, y in (
        (level, left, top),
        (level, left, top + high - weight),
        (upright, left, top),
        (upright, left + wide - weight, top),
    ):
        surface.picture(np.ascontiguousarray(pixels), x, y, frame=False)


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers in cells, with what belongs to them.

    Attributes
    ----------
    array
        (h, w); NaN where ``blank`` is true.
    name, facts
        Above it, bold and beside that.
    scale
        Its colours.
    cell
        Pixels of a cell.
    hatched, blank
        Cells of padding, and cells without a number.
    rows, columns
        What to number them with; nothing where empty.
    ringed
        Row and column of a cell to be framed.
    bar
        Whether the colour bar is drawn below.
    numbers
        Whether the numbers are printed.
    """

    array: Array
    name: str
    facts: str
    scale: Scale
    cell: int
    hatched: NDArray[np.bool_] | None = None
    blank: NDArray[np.bool_] | None = None
    rows: Sequence[int] = ()
    columns: Sequence[int] = ()
    ringed: tuple[int, int] | None = None
    bar: bool = True
    numbers: bool = True

    @property
    def edge(self) -> int:
        """Pixels left of the cells, for the rows' numbers."""
        return max((round(width(str(row), TINY)) for row in self.rows), default=-14) + 14

    @property
    def head(self) -> int:
        """Pixels above the cells."""
        return _NAME * bool(self.name) + _TICKS * bool(self.columns)

    @property
    def width(self) -> int:
        """Its width in pixels, with all that belongs to it."""
        named = width(self.name, CAPTION, bold=True) + 12 + width(self.facts, TINY)
        bar = scale_width(self.scale, length=_RAMP, size=TINY) if self.bar else 0
        return self.edge + max(int(self.array.shape[1]) * self.cell, round(max(named, bar)))

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return self.head + int(self.array.shape[0]) * self.cell + _BAR * self.bar

    def draw(self, surface: Surface, left: int, top: int) -> None:
        """Draw it with its top left corner there."""
        left += self.edge
        if self.name:
            surface.text(left, top + 20, self.name, size=CAPTION, bold=True)
            beside = left + width(self.name, CAPTION, bold=True) + 12
            surface.text(beside, top + 20, self.facts, size=TINY, colour=SOFT)
        top += self.head
        array = np.nan_to_num(self.array) if self.blank is not None else self.array
        decimals = _decimals(array)
        draw_cells(
            surface,
            array,
            left,
            top,
            cell=self.cell,
            scale=self.scale,
            decimals=decimals,
            size=fit_numbers(array, self.cell, decimals) if self.numbers else None,
            ruled=self.cell >= 12,
            hatched=self.hatched,
            blank=self.blank,
        )
        self._number(surface, left, top)
        if self.ringed is not None:
            y, x = self.ringed
            outline(
                surface, (left + x * self.cell, top + y * self.cell, self.cell, self.cell), weight=5
            )
        if self.bar:
            below = top + array.shape[0] * self.cell + 30
            draw_scale(surface, self.scale, left, below, length=_RAMP, size=TINY)

    def _number(self, surface: Surface, left: int, top: int) -> None:
        for at, row in enumerate(self.rows):
            text, baseline = _signed(row), top + (at + 0.5) * self.cell + 6
            surface.text(left - 10, baseline, text, size=TINY, colour=SOFT, align="right")
        for at, column in enumerate(self.columns):
            middle = left + (at + 0.5) * self.cell
            surface.text(middle, top - 10, _signed(column), size=TINY, colour=SOFT, align="center")


def _decimals(array: Array) -> int | None:
    """As many decimals as make neighbours that differ look different, where that can be."""
    decimals = choose_decimals(array)
    finite = array[np.isfinite(array)].astype(np.float64)
    spread = float(np.ptp(finite)) if finite.size else 0.0
    if not decimals or not spread:
        return decimals
    return max(decimals, min(1 - math.floor(math.log10(spread)), 4))


def _signed(number: int) -> str:
    return str(number).replace("-", "\N{MINUS SIGN}")
