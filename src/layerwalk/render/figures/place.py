"""Where on a map something lies: the map in colours, with a frame round the place."""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.record import Array, Value
from layerwalk.render.colour import Scale, choose_scale, colourise
from layerwalk.render.figures.grid import outline
from layerwalk.render.fit import PlaneFit, choose_fit, choose_plane_fit
from layerwalk.render.lettering import shorten, width
from layerwalk.render.paper import CAPTION, SOFT, TINY
from layerwalk.render.surface import Surface, draw_scale, scale_width
from layerwalk.render.tally import Tally, tally

__all__ = ["Box", "Place", "place_on"]

Box = tuple[int, int, int, int]
_NAME = 36
_BAR = 48
_RAMP = 120
_LEAST = 20  # pixels of a frame, however small what it frames


@dataclass(frozen=True, eq=False)
class Place:
    """A map and a box on it.

    Attributes
    ----------
    array
        (H, W).
    name, facts
        Above it, bold and beside that.
    box
        First row and column, and those after the last; what lies beyond is cut off.
    scale, fit
        Its colours, and how many pixels a number takes.
    """

    array: Array
    name: str
    facts: str
    box: Box
    scale: Scale
    fit: PlaneFit

    @property
    def width(self) -> int:
        """Its width in pixels."""
        named = width(self.name, CAPTION, bold=True) + 12 + width(self.facts, TINY)
        bar = scale_width(self.scale, length=_RAMP, size=TINY)
        return round(max(named, bar, self.fit.size(self.array.shape)[1]))

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return _NAME + self.fit.size(self.array.shape)[0] + _BAR

    def draw(self, surface: Surface, left: int, top: int) -> None:
        """Draw it with its top left corner there."""
        surface.text(left, top + 20, self.name, size=CAPTION, bold=True)
        beside = left + width(self.name, CAPTION, bold=True) + 12
        surface.text(beside, top + 20, self.facts, size=TINY, colour=SOFT)
        top += _NAME
        colours = colourise(self.fit.sample(self.array), self.scale)
        surface.picture(self.fit.enlarge(colours), left, top)
        outline(surface, self._frame(left, top), weight=4)
        high = self.fit.size(self.array.shape)[0]
        draw_scale(surface, self.scale, left, top + high + 32, length=_RAMP, size=TINY)

    def _frame(self, left: int, top: int) -> tuple[float, float, float, float]:
        high, wide = self.array.shape
        first_row, first_column, last_row, last_column = self.box
        spans = []
        for first, last, count, fit, start in (
            (first_column, last_column, wide, self.fit.across, left),
            (first_row, last_row, high, self.fit.down, top),
        ):
            begin = min(max(first, 0), count - 1) / fit.step * fit.zoom
            end = max(min(last, count), 1) / fit.step * fit.zoom
            lacking = max(_LEAST - (end - begin), 0)
            spans.append((start + begin - lacking / 2, end - begin + lacking))
        (x, across), (y, down) = spans
        return x - 2, y - 2, across + 4, down + 4


def place_on(
    value: Value, lead: tuple[int, ...], box: Box, *, size: tuple[int, int] = (380, 620)
) -> Place:
    """A box on the map of a value at ``lead``, its position before the map's dimensions.

    A map of one dimension is drawn as one row. The colours are those of the whole value.
    """
    array = value.read(*lead)
    count: Tally = tally(value.array())
    array = array[None] if array.ndim == 1 else array
    if array.shape[0] == 1:
        fit = choose_plane_fit(array.shape, (48, 2 * size[1]), most=48)
    else:
        square = choose_fit(array.shape, size, most=48)
        fit = PlaneFit(square, square)
    name = shorten(value.name, CAPTION, 420, bold=True)
    facts = f"{', '.join(map(str, (*lead, '·', '·')[: len(value.shape)]))}  of {_told(value)}"
    return Place(array, name, facts, box, choose_scale(array, count=count), fit)


def _told(value: Value) -> str:
    return " \N{MULTIPLICATION SIGN} ".join(map(str, value.shape))
