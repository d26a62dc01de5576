"""The one thing a picture needs of its EXIF block: which way is up."""

from __future__ import annotations

import struct

import PIL.Image
from PIL.Image import Transpose

__all__ = ["orientation", "upright"]

_ORIENTATION = 0x0112
_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


def orientation(block: bytes) -> int:
    r"""The orientation, 1 to 8, that an EXIF block gives; 1 if it gives none.

    A broken block counts as none: the pixels are whole without it. It is read here, and
    not by Pillow, because Pillow prints warnings about broken blocks.

    Examples
    --------
    >>> orientation(b"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0")
    6

    Notes
    -----
    EXIF 2.32, section 4.6.4 A; the layout is that of a TIFF directory.
    """
    block = block.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, length, value = struct.unpack_from(order + "HHIH", block, entry)
            if tag == _ORIENTATION:
                return value if (kind, length) == (3, 1) and 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def upright(picture: PIL.Image.Image, turn: int) -> PIL.Image.Image:
    """The picture turned and mirrored so that EXIF orientation ``turn`` becomes 1."""
    return picture.transpose(_TURNS[turn]) if turn in _TURNS else picture
