"""One map with its name, its axes and its own colour bar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Array
from layerwalk.render.colour import Scale, colourise
from layerwalk.render.figures.page import Page
from layerwalk.render.fit import PlaneFit
from layerwalk.render.lettering import width
from layerwalk.render.numerals import tell_shape
from layerwalk.render.paper import CAPTION, SOFT, TINY
from layerwalk.render.surface import draw_scale, scale_width
from layerwalk.render.tally import tally

__all__ = ["Panel", "nice_ticks"]

_TICKS = 34  # room for tick labels
_NAME = 36
_BAR = 52
_MOST_TICKS = 12


@dataclass(frozen=True, eq=False)
class Panel:
    """A map to be drawn with what belongs to it.

    Attributes
    ----------
    array
        The numbers, (H, W), or pixels (H, W, 3) that are drawn as they are.
    name
        Above the picture, bold.
    fit
        How many pixels a number takes, each way.
    scale
        Its colours; ``None`` for pixels.
    ticks
        Whether rows and columns are numbered along the edges.
    facts
        What to say behind the name; the shape where it is ``None``.
    beyond
        What to say behind the scale: what it leaves out.
    """

    array: Array
    name: str
    fit: PlaneFit
    scale: Scale | None
    ticks: bool = False
    facts: str | None = None
    beyond: str = ""

    @property
    def height(self) -> int:
        """Its height in pixels, from the name to what stands below the picture."""
        return _NAME + _TICKS * self.ticks + self._shape[0] + _BAR

    @property
    def width(self) -> int:
        """Its width in pixels, tick labels and colour bar included."""
        return self._edge + max(self._shape[1], self._lettering)

    def draw(self, page: Page, left: int, top: int) -> None:
        """Draw it with its top left corner there."""
        left += self._edge
        page.text(left, top + 20, self.name, size=CAPTION, bold=True)
        page.text(
            left + width(self.name, CAPTION, bold=True) + 14,
            top + 20,
            self._facts,
            size=TINY,
            colour=SOFT,
        )
        top += _NAME + _TICKS * self.ticks
        page.picture(self._pixels(), left, top)
        if self.ticks:
            self._draw_ticks(page, left, top)
        bottom = top + self._shape[0] + 30
        if self.scale is None:
            page.text(left, bottom, tally(self.array).span, size=TINY, colour=SOFT)
        else:
            end = draw_scale(page, self.scale, left, bottom, length=self._ramp, size=TINY)
            if self.beyond:
                page.text(end + 16, bottom, self.beyond, size=TINY, colour=SOFT)

    @property
    def _shape(self) -> tuple[int, int]:
        return self.fit.size(self.array.shape)

    @property
    def _facts(self) -> str:
        return tell_shape(self.array.shape) if self.facts is None else self.facts

    @property
    def _edge(self) -> int:
        return round(width(str(self.array.shape[0]), TINY)) + 16 if self.ticks else 0

    @property
    def _lettering(self) -> int:
        named = width(self.name, CAPTION, bold=True) + 14 + width(self._facts, TINY)
        bar = scale_width(self.scale, length=self._ramp, size=TINY) if self.scale else 0
        return round(max(named, bar + self._behind))

    @property
    def _behind(self) -> float:
        return 16 + width(self.beyond, TINY) if self.beyond else 0

    @property
    def _ramp(self) -> int:
        ends = scale_width(self.scale, length=0, size=TINY) if self.scale else 0
        ends += round(self._behind)
        return min(max(self._shape[1] - ends, 80), 256)

    def _pixels(self) -> NDArray[np.uint8]:
        drawn = self.fit.sample(self.array)
        return self.fit.enlarge(colourise(drawn, self.scale) if self.scale else drawn)

    def _draw_ticks(self, page: Page, left: int, top: int) -> None:
        height, width_ = self._shape
        for row in nice_ticks(self.array.shape[0], min(height // 40, _MOST_TICKS)):
            at = top + (row / self.fit.down.step + 0.5) * self.fit.down.zoom
            page.box(left - 7, at - 1, 6, 2, SOFT)
            page.text(left - 12, at + 6, str(row), size=TINY, colour=SOFT, align="right")
        label = round(width(str(self.array.shape[1]), TINY)) + 18
        for column in nice_ticks(self.array.shape[1], min(width_ // label, _MOST_TICKS)):
            at = left + (column / self.fit.across.step + 0.5) * self.fit.across.zoom
            page.box(at - 1, top - 7, 2, 6, SOFT)
            page.text(at, top - 13, str(column), size=TINY, colour=SOFT, align="center")


def nice_ticks(count: int, most: int) -> list[int]:
    """Round positions among ``count``, from 0, at most ``most`` + 1 of them.

    >>> nice_ticks(213, 6), nice_ticks(28, 8), nice_ticks(3, 9)
    ([0, 50, 100, 150, 200], [0, 5, 10, 15, 20, 25], [0, 1, 2])
    """
    step = 1
    for step in (base * 10**power for power in range(9) for base in (1, 2, 5)):
        if count <= step * (most + 1):
            break
    return list(range(0, count, step))
