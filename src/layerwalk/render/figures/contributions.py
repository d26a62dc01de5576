"""Bars from zero to both sides: what each part of a sum adds to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from layerwalk.render.lettering import shorten, width
from layerwalk.render.numerals import tell
from layerwalk.render.paper import CAPTION, INK, LINE, SOFT, TINY, TRACK
from layerwalk.render.surface import Surface
from layerwalk.render.tables import colour_table

__all__ = ["Contribution", "Contributions"]

_PITCH = 38
_LABELS = 420
_BARS = 640


@dataclass(frozen=True, slots=True)
class Contribution:
    """One row: what it is called, how it came about, what it adds; ``bold`` for a result."""

    label: str
    value: float
    detail: str = ""
    bold: bool = False


@dataclass(frozen=True, eq=False)
class Contributions:
    """Rows of bars on one scale; zero is in the middle where something is negative.

    Attributes
    ----------
    title, facts
        Above the bars.
    rows
        From the top.
    """

    title: str
    facts: str
    rows: Sequence[Contribution]

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return 44 + _PITCH * len(self.rows)

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return self._labels + _BARS + 20 + self._numbers

    @property
    def _labels(self) -> int:
        widest = max((width(row.label, CAPTION, bold=row.bold) for row in self.rows), default=0)
        return min(round(widest) + 20, _LABELS)

    @property
    def _numbers(self) -> int:
        return round(
            max(
                (
                    width(tell(row.value), CAPTION, bold=True) + 24 + width(row.detail, TINY)
                    for row in self.rows
                ),
                default=0,
            )
        )

    def draw(self, surface: Surface, left: int, top: int) -> None:
        """Draw them with their top left corner there."""
        surface.text(left, top + 22, self.title, size=CAPTION, bold=True)
        beside = left + width(self.title, CAPTION, bold=True) + 12
        surface.text(beside, top + 22, self.facts, size=TINY, colour=SOFT)
        finite = [abs(row.value) for row in self.rows if math.isfinite(row.value)]
        most = max(finite, default=0.0) or 1.0
        table = colour_table("bluered")
        start, top = left + self._labels, top + 44
        # Where nothing is negative, zero stands at the left and the bars have all the room.
        both = any(row.value < 0 for row in self.rows)
        middle, longest = (start + _BARS / 2, _BARS / 2) if both else (float(start), _BARS)
        for at, row in enumerate(self.rows):
            centre = top + _PITCH * at + _PITCH // 2
            if row.bold:
                surface.box(left, centre - _PITCH // 2, self.width, 2, LINE)
            label = shorten(row.label, CAPTION, _LABELS - 16, bold=row.bold)
            surface.text(start - 16, centre + 7, label, size=CAPTION, bold=row.bold, align="right")
            surface.box(start, centre - 10, _BARS, 20, TRACK)
            if math.isfinite(row.value) and row.value:
                long = max(longest * abs(row.value) / most, 1)
                red, green, blue = (int(part) for part in table[225 if row.value > 0 else 29])
                begin = middle if row.value > 0 else middle - long
                surface.box(begin, centre - 10, long, 20, (red, green, blue))
            end = start + _BARS + 20
            surface.text(end, centre + 7, tell(row.value), size=CAPTION, bold=row.bold, colour=INK)
            beside = end + width(tell(row.value), CAPTION, bold=row.bold) + 16
            surface.text(beside, centre + 6, row.detail, size=TINY, colour=SOFT)
        surface.box(middle - 1, top, 2, _PITCH * len(self.rows), SOFT)
