"""A sheet drawn by Pillow: fast, and exact to the pixel."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.render.lettering import font
from layerwalk.render.paper import DPI, PAPER, Colour
from layerwalk.render.surface import Align, Surface, Type, check_size

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Board"]


class Board(Surface):
    """A sheet of paper of ``width`` by ``height`` pixels.

    Attributes
    ----------
    image
        The Pillow image, mode RGB.

    Raises
    ------
    LayerwalkError
        The sheet would be too large for memory.
    """

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image as Pillow

        check_size(width, height)
        self.image: Image = Pillow.new("RGB", (width, height), PAPER)
        self.image.info["dpi"] = (DPI, DPI)

    def box(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle with one colour."""
        right, below = round(left + width), round(top + height)
        self.image.paste(colour, (round(left), round(top), right, below))

    def _write(self, left: float, baseline: float, text: str, how: Type) -> None:
        mask, (across, down) = _stamp(text, round(how.size), how.bold, how.align)
        self.image.paste(how.colour, (round(left) + across, round(baseline) + down), mask)

    def _paste(self, pixels: NDArray[np.uint8], left: int, top: int) -> None:
        from PIL import Image as Pillow

        self.image.paste(Pillow.fromarray(np.ascontiguousarray(pixels)), (left, top))


@lru_cache(maxsize=1 << 13)
def _stamp(text: str, size: int, bold: bool, align: Align) -> tuple[Image, tuple[int, int]]:
    """A line of text as a mask, and where its corner lies from its anchor.

    Sheets write the same channel numbers again and again; to lay out their letters anew each
    time takes as long as to draw the maps.
    """
    from PIL import Image as Pillow
    from PIL import ImageDraw

    anchor = {"left": "ls", "center": "ms", "right": "rs"}[align]
    face = font(size, bold=bold)
    left, top, right, bottom = (math.floor(edge) for edge in face.getbbox(text, anchor=anchor))
    mask = Pillow.new("L", (max(right - left, 0) + 2, max(bottom - top, 0) + 2))
    ImageDraw.Draw(mask).text((-left, -top), text, fill=255, font=face, anchor=anchor)
    return mask, (left, top)
