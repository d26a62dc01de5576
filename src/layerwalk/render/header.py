"""The lines above a layer's picture: name, shape, range, scale and what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layerwalk.render.colour import Scale
from layerwalk.render.lettering import shorten, width
from layerwalk.render.numerals import tell_shape
from layerwalk.render.paper import BODY, CAPTION, MARGIN, SOFT, TITLE
from layerwalk.render.surface import Surface, draw_scale, scale_width
from layerwalk.render.tally import Tally

__all__ = ["Header", "facts_of"]

_SEPARATOR = "  ·  "


@dataclass(frozen=True, slots=True)
class Header:
    """What is said above a layer's picture.

    Attributes
    ----------
    title
        The op's name.
    facts
        Kind, shape, range and share of zeros, on one line.
    scale
        The scale to draw, or ``None`` where an axis tells the numbers.
    notes
        Behind the colour bar: what the scale holds for, what is shown, what was left out.
    flaws
        The values that have no colour.
    """

    title: str
    facts: tuple[str, ...]
    scale: Scale | None
    notes: tuple[str, ...]
    flaws: str

    @property
    def height(self) -> int:
        """From the top of the sheet to the first line that is free, in pixels."""
        return MARGIN + 140 + 40 * bool(self.flaws)

    @property
    def room(self) -> int:
        """How wide the lines are without the title, in pixels."""
        facts = width(_SEPARATOR.join(self.facts), BODY)
        bar = scale_width(self.scale) + 24 if self.scale else 0
        notes = bar + width(_SEPARATOR.join(self.notes), CAPTION)
        return round(max(facts, notes, width(self.flaws, CAPTION) + 400))

    def draw(self, surface: Surface, room: int) -> None:
        """Draw the lines from the sheet's top left margin, ``room`` pixels wide."""
        surface.text(
            MARGIN, MARGIN + 26, shorten(self.title, TITLE, room, bold=True), size=TITLE, bold=True
        )
        surface.text(MARGIN, MARGIN + 64, _SEPARATOR.join(self.facts), size=BODY, colour=SOFT)
        left, baseline = MARGIN, MARGIN + 102
        if self.scale is not None:
            left = draw_scale(surface, self.scale, left, baseline) + 24
        surface.text(left, baseline, _SEPARATOR.join(self.notes), size=CAPTION, colour=SOFT)
        if self.flaws:
            self._draw_flaws(surface, baseline + 40)

    def _draw_flaws(self, surface: Surface, baseline: int) -> None:
        left, drawn = MARGIN, "not drawn"
        if self.scale is not None:
            swatch = np.full((CAPTION - 4, CAPTION, 3), self.scale.extra, np.uint8)
            surface.picture(swatch, left, baseline + 4 - CAPTION)
            left, drawn = MARGIN + CAPTION + 10, "drawn in this colour"
        surface.text(left, baseline, f"{self.flaws}: {drawn}, left out of the range", size=CAPTION)


def facts_of(kind: str, shape: Sequence[int], count: Tally) -> tuple[str, ...]:
    """Kind, shape, range and share of zeros, those that there are."""
    return tuple(
        fact for fact in (kind, tell_shape(shape), count.span, count.share_of_zeros) if fact
    )
