"""Letters on pictures: one typeface, the same on every machine.

DejaVu Sans comes with matplotlib, so Pillow's sheets and matplotlib's figures are set in
the same letters, and Pillow can measure the text of both.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

__all__ = ["drawable", "font", "font_path", "shorten", "width"]


@cache
def font_path(*, bold: bool = False) -> Path:
    """Where the typeface's file lies."""
    import matplotlib as mpl

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(mpl.get_data_path(), "fonts", "ttf", name)


@cache
def font(size: int, *, bold: bool = False) -> FreeTypeFont:
    """The typeface for Pillow, ``size`` in pixels."""
    from PIL import ImageFont

    # Basic layout: the same glyph positions with and without libraqm.
    return ImageFont.truetype(str(font_path(bold=bold)), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1 << 14)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """How many pixels wide the text is, for any ``size`` in pixels.

    >>> width("0.50", 20) == 2 * width("0.50", 10)
    True
    """
    return font(64, bold=bold).getlength(text) * size / 64


def shorten(
    text: str, size: float, room: float, *, bold: bool = False, keep_end: bool = True
) -> str:
    """The text, with its middle (or its end) left out if it is wider than ``room`` pixels.

    >>> shorten("layer1", 20, 500), shorten("features.0.block.1.fc2.activation", 20, 200)
    ('layer1', 'features.…ctivation')
    """
    if width(text, size, bold=bold) <= room:
        return text
    for kept in range(len(text) - 1, 0, -1):
        start = (kept + 1) // 2 if keep_end else kept
        shorter = f"{text[:start].rstrip(', ')}…{text[len(text) - (kept - start) :]}"
        if width(shorter, size, bold=bold) <= room:
            return shorter
    return "…"


@lru_cache(maxsize=1 << 14)
def drawable(text: str) -> str:
    r"""The text on one line, with a replacement mark for letters the typeface has not.

    >>> drawable("dog\n.jpg")
    'dog .jpg'
    """
    known = _characters()
    return "".join(
        letter if ord(letter) in known else " " if letter.isspace() else "\N{REPLACEMENT CHARACTER}"
        for letter in text
    )


@cache
def _characters() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(font_path())).get_charmap())
