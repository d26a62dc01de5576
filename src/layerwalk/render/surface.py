"""What a sheet can have drawn on it, whether Pillow or matplotlib draws it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.render.colour import Scale, colour_ramp
from layerwalk.render.lettering import drawable, width
from layerwalk.render.numerals import tell
from layerwalk.render.paper import BODY, CAPTION, INK, LINE, SOFT, Colour

__all__ = ["Align", "Surface", "Type", "check_size", "draw_scale", "scale_width"]

Align: TypeAlias = Literal["left", "center", "right"]

_RAMP = 256


_MOST_PIXELS = 400_000_000  # 1.2 GB of memory


def check_size(width: int, height: int) -> None:
    """Raise a :class:`LayerwalkError` if a sheet of that size is too large for memory."""
    if width * height > _MOST_PIXELS:
        raise LayerwalkError(
            f"the picture would be {width} x {height} pixels",
            where="sheet",
            mend="show fewer channels or ops, or a smaller zoom",
        )


@dataclass(frozen=True, slots=True)
class Type:
    """How a line of text is set: ``size`` in pixels, and where its given point lies in it."""

    size: float
    colour: Colour
    bold: bool
    align: Align


class Surface(ABC):
    """A sheet measured in pixels from its top left corner."""

    def text(
        self,
        left: float,
        baseline: float,
        text: str,
        *,
        size: float = BODY,
        colour: Colour = INK,
        bold: bool = False,
        align: Align = "left",
    ) -> None:
        """Write one line of text that starts, is centred or ends at ``left``."""
        self._write(left, baseline, drawable(text), Type(size, colour, bold, align))

    def picture(
        self, pixels: NDArray[np.uint8], left: int, top: int, *, frame: bool = True
    ) -> None:
        """Draw pixels (h, w, 3), one for one, with a hairline round them if asked."""
        height, width = pixels.shape[:2]
        if frame:
            self.box(left - 1, top - 1, width + 2, height + 2, LINE)
        self._paste(pixels, left, top)

    @abstractmethod
    def box(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle with one colour."""

    @abstractmethod
    def _write(self, left: float, baseline: float, text: str, how: Type) -> None: ...

    @abstractmethod
    def _paste(self, pixels: NDArray[np.uint8], left: int, top: int) -> None: ...


def draw_scale(
    surface: Surface,
    scale: Scale,
    left: int,
    baseline: int,
    *,
    length: int = _RAMP,
    size: int = CAPTION,
) -> int:
    """Draw the colour bar with its range printed at both ends; its right end comes back.

    On a scale of channels' own ranges the ends are words, because the numbers differ.
    Where zero lies inside, a tick marks it.
    """
    low, high = _ends(scale)
    start = left + round(width(low, size)) + 10
    top, height = baseline - size + 4, size - 4
    surface.text(left, baseline, low, size=size, colour=INK)
    surface.picture(np.repeat(colour_ramp(scale, length)[None], height, axis=0), start, top)
    if scale.low < 0 < scale.high and scale.scope != "channel":
        share = -scale.low / (scale.high - scale.low)
        at = start + min(round(share * length), length - 1)
        surface.picture(np.full((6, 2, 3), SOFT, np.uint8), at - 1, top + height + 1, frame=False)
        surface.text(
            at,
            top + height + 8 + size * 0.72,
            "0",
            size=round(size * 0.8),
            colour=SOFT,
            align="center",
        )
    surface.text(start + length + 10, baseline, high, size=size, colour=INK)
    return start + length + 10 + round(width(high, size))


def scale_width(scale: Scale, *, length: int = _RAMP, size: int = CAPTION) -> int:
    """How many pixels wide :func:`draw_scale` draws."""
    low, high = _ends(scale)
    return round(width(low, size)) + 20 + length + round(width(high, size))


def _ends(scale: Scale) -> tuple[str, str]:
    if scale.scope != "channel":
        return tell(scale.low), tell(scale.high)
    return ("\N{MINUS SIGN}max", "max") if scale.diverging else ("min", "max")
