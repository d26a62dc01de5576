"""A picture whose header is read and whose pixels are not."""

from __future__ import annotations

from dataclasses import dataclass

import PIL.Image

__all__ = ["Opened"]


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """What a format's reader hands on.

    Attributes
    ----------
    picture
        Pillow's reader; its pixels come with ``picture.load()``.
    orientation
        The EXIF orientation, 1 to 8, that is still to be applied.
    canvas, corner
        For a first frame smaller than its animation: the (width, height) of the whole and
        the (left, top) where the frame lies on it.
    """

    picture: PIL.Image.Image
    orientation: int = 1
    canvas: tuple[int, int] | None = None
    corner: tuple[int, int] = (0, 0)
