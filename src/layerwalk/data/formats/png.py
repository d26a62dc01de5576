"""PNG: the chunks that hold the picture, handed to Pillow without the others."""

from __future__ import annotations

import io
import struct
import zlib

from PIL.PngImagePlugin import PngImageFile

from layerwalk.data.formats.exif import orientation
from layerwalk.data.formats.opened import Opened
from layerwalk.data.formats.source import Source

__all__ = ["open_png"]

_PICTURE = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def open_png(source: Source) -> Opened:
    """The PNG with its header read; of an animation, the still picture.

    Only the chunks of the picture reach Pillow. It would refuse a sound picture for a large
    text or colour profile beside it, and warn about a broken animation.
    """
    kept = [source.take(8)]
    turn = 1
    name = b""
    depth = colours = 0
    while name != b"IEND":
        length, name = struct.unpack(">I4s", source.take(8))
        if len(kept) == 1:
            if name != b"IHDR" or length != 13:
                raise source.damaged("it does not begin with an IHDR chunk")
            width, height, depth, colours = struct.unpack(">IIBB", source.at(16, 10))
            source.check_size(width, height)
            source.file.seek(16)
        data = source.take(length)
        (checksum,) = struct.unpack(">I", source.take(4))
        if name in _PICTURE:
            if zlib.crc32(data, zlib.crc32(name)) != checksum:
                raise source.damaged(f"wrong checksum of its {name.decode()} chunk")
            kept.append(struct.pack(">I4s", length, name) + data + struct.pack(">I", checksum))
        elif name == b"eXIf":
            turn = orientation(data)
    picture = PngImageFile(io.BytesIO(b"".join(kept)))
    _mend_transparent_colour(picture, depth, colours)
    return Opened(picture, turn)


def _mend_transparent_colour(picture: PngImageFile, depth: int, colours: int) -> None:
    # The transparent colour is written at the file's own depth; Pillow scales the pixels of
    # 2 and 4 bits up and those of 16-bit colour down to 8 bits, but leaves this as it was.
    colour = picture.info.get("transparency")
    if colours == 0 and depth in (2, 4) and isinstance(colour, int):
        most = 2**depth - 1
        picture.info["transparency"] = (colour & most) * 255 // most
    elif colours == 2 and depth == 16 and isinstance(colour, tuple):
        picture.info["transparency"] = tuple(value >> 8 for value in colour)
