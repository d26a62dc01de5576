"""A sheet drawn by Pillow: fast, and exact to the pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layerwalk.render.lettering import drawable, font
from layerwalk.render.paper import BODY, DPI, INK, LINE, PAPER, Colour
from layerwalk.render.surface import Align, check_size

__all__ = ["Board"]


class Board:
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
        from PIL import Image, ImageDraw

        check_size(width, height)
        self.image: Image.Image = Image.new("RGB", (width, height), PAPER)
        self.image.info["dpi"] = (DPI, DPI)
        self._draw = ImageDraw.Draw(self.image)

    def text(
        self,
        left: float,
        baseline: float,
        text: str,
        *,
        size: int = BODY,
        colour: Colour = INK,
        bold: bool = False,
        align: Align = "left",
    ) -> None:
        """Write one line of text that starts, is centred or ends at ``left``."""
        self._draw.text(
            (left, baseline),
            drawable(text),
            fill=colour,
            font=font(size, bold=bold),
            anchor={"left": "ls", "center": "ms", "right": "rs"}[align],
        )

    def picture(
        self, pixels: NDArray[np.uint8], left: int, top: int, *, frame: bool = True
    ) -> None:
        """Draw pixels (h, w, 3), one for one, with a hairline round them if asked."""
        from PIL import Image

        if frame:
            self.box(left - 1, top - 1, pixels.shape[1] + 2, pixels.shape[0] + 2, LINE)
        self.image.paste(Image.fromarray(np.ascontiguousarray(pixels)), (left, top))

    def box(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """Fill a rectangle with one colour."""
        self.image.paste(colour, (left, top, left + width, top + height))
