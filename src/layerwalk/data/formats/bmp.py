"""BMP."""

from __future__ import annotations

from PIL.BmpImagePlugin import BmpImageFile

from layerwalk.data.formats.opened import Opened
from layerwalk.data.formats.source import Source

__all__ = ["open_bmp"]


def open_bmp(source: Source) -> Opened:
    """The BMP with its header read."""
    picture = BmpImageFile(source.file)
    source.check_size(*picture.size)
    codec, _, offset, arguments = picture.tile[0]
    if codec == "raw" and isinstance(arguments, tuple):
        # Its rows have a fixed length, so it can be told here whether all are there.
        stride = int(arguments[1])
        if offset + stride * picture.height > source.length:
            raise source.cut_short()
    return Opened(picture)
