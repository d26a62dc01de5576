"""An open file that says what is wrong with it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import BinaryIO

from layerwalk.errors import ImageError

__all__ = ["Source", "check_size"]

SAVE_AGAIN = "open it in an image editor and save it again as PNG or JPEG"


def check_size(width: int, height: int, limit: int, where: str) -> None:
    """Nothing, when a picture of this size may be decoded.

    Raises
    ------
    ImageError
        A side is not positive, or there are more than ``limit`` pixels.
    """
    if width <= 0 or height <= 0:
        raise ImageError(f"the picture has no pixels ({width} x {height})", where=where)
    if width * height > limit:
        raise ImageError(
            f"{width} x {height} is {width * height / 1e6:.4g} megapixels, "
            f"more than the limit of {limit / 1e6:.4g}",
            where=where,
            mend="shrink the picture, or raise the limit with load_image(..., max_pixels=...)",
        )


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one picture, with its name for errors and its limit.

    Parameters
    ----------
    file
        Open for reading bytes, and seekable.
    where
        What errors call it.
    kind
        ``"JPEG"``, ``"PNG"``, ``"WebP"``, ``"GIF"``, ``"BMP"`` or ``"TIFF"``.
    max_pixels
        The most pixels that may be decoded.
    """

    file: BinaryIO
    where: str
    kind: str
    max_pixels: int

    @property
    def length(self) -> int:
        """How many bytes there are; the position is kept."""
        here = self.file.tell()
        end = self.file.seek(0, os.SEEK_END)
        self.file.seek(here)
        return end

    def take(self, count: int) -> bytes:
        """Exactly the next ``count`` bytes.

        Raises
        ------
        ImageError
            The file ends before.
        """
        # Asked for first: reading 4 GB as a broken length says would allocate them.
        if count > self.length - self.file.tell():
            raise self.cut_short()
        data = self.file.read(count)
        if len(data) != count:
            raise self.cut_short()
        return data

    def at(self, offset: int, count: int) -> bytes:
        """Exactly ``count`` bytes from ``offset``; raises as :meth:`take` does."""
        if offset + count > self.length:
            raise self.cut_short()
        self.file.seek(offset)
        return self.take(count)

    def check_size(self, width: int, height: int) -> None:
        """Nothing, when a picture of this size may be decoded; raises as the function does."""
        check_size(width, height, self.max_pixels, self.where)

    def cut_short(self) -> ImageError:
        """The error for a file that ends too early."""
        return ImageError(
            f"the {self.kind} file is cut short", where=self.where, mend="copy or download it again"
        )

    def damaged(self, why: str) -> ImageError:
        """The error for a file that cannot be decoded, with the reason."""
        return ImageError(
            f"the {self.kind} file cannot be decoded ({why})", where=self.where, mend=SAVE_AGAIN
        )
