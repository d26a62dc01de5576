"""WebP: the size read from the header, because opening it already allocates the picture."""

from __future__ import annotations

import struct

import PIL.features
from PIL.WebPImagePlugin import WebPImageFile

from layerwalk.data.formats.exif import orientation
from layerwalk.data.formats.opened import Opened
from layerwalk.data.formats.source import Source
from layerwalk.errors import ImageError

__all__ = ["open_webp"]


def open_webp(source: Source) -> Opened:
    """The WebP with its header read; of an animation, the first frame.

    Raises
    ------
    ImageError
        Also where the installed Pillow was built without WebP.
    """
    if not PIL.features.check("webp"):
        raise ImageError(
            "the installed Pillow cannot read WebP", where=source.where, mend="save it as PNG"
        )
    (length,) = struct.unpack_from("<I", source.take(8), 4)
    if 8 + length > source.length:
        raise source.cut_short()
    source.check_size(*_size(source))
    source.file.seek(0)
    picture = WebPImageFile(source.file)
    exif = picture.info.get("exif", b"")
    return Opened(picture, orientation(exif))


def _size(source: Source) -> tuple[int, int]:
    """Width and height from the first chunk (RFC 9649, section 2)."""
    head = source.at(0, 30)
    chunk = head[12:16]
    if chunk == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        return width, int.from_bytes(head[27:30], "little") + 1
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise source.damaged("its first chunk is no picture")
