"""GIF: the first frame, taken out of the animation before Pillow reads it."""

from __future__ import annotations

import io
import struct

from PIL.GifImagePlugin import GifImageFile

from layerwalk.data.formats.opened import Opened
from layerwalk.data.formats.source import Source

__all__ = ["open_gif"]

_CONTROL = 0xF9


def open_gif(source: Source) -> Opened:
    """The first frame of the GIF with its header read.

    What the frame leaves free of the screen is transparent (GIF89a, section 20), where
    Pillow would paint it with colour 0.
    """
    screen = source.take(13)
    width, height = struct.unpack("<HH", screen[6:10])
    table = _table(source, screen[10])
    control = _control(source)
    frame = source.take(9)
    left, top, frame_width, frame_height = struct.unpack("<4H", frame[:8])
    if not (frame_width and frame_height):
        raise source.damaged("its first frame has no pixels")
    canvas = max(width, left + frame_width), max(height, top + frame_height)
    source.check_size(*canvas)
    size = struct.pack("<HH", frame_width, frame_height)
    alone = b"".join([
        screen[:6], size, screen[10:], table,
        control,
        b",", b"\0\0\0\0", size, frame[8:], _table(source, frame[8]),
        source.take(1), _blocks(source), b";",
    ])  # fmt: skip
    picture = GifImageFile(io.BytesIO(alone))
    whole = canvas == (frame_width, frame_height)
    return Opened(picture, canvas=None if whole else canvas, corner=(left, top))


def _table(source: Source, flags: int) -> bytes:
    return source.take(3 << (flags & 7) + 1) if flags & 0x80 else b""


def _blocks(source: Source) -> bytes:
    """The data blocks up to and with the empty one that ends them."""
    blocks = []
    while True:
        length = source.take(1)
        blocks.append(length + source.take(length[0]))
        if length == b"\0":
            return b"".join(blocks)


def _control(source: Source) -> bytes:
    """Go on to the first frame; its graphic control block, which names the clear colour."""
    control = b""
    while True:
        mark = source.take(1)
        if mark == b",":
            return control
        if mark == b";":
            raise source.damaged("there is no picture in it")
        if mark == b"!":
            label = source.take(1)[0]
            block = _blocks(source)
            if label == _CONTROL and block[0] == 4:
                # Bit 0 says that there is a clear colour; how the frame is disposed of and
                # for how long it stays does not matter to a still.
                control = struct.pack("<BBBBHBB", 0x21, label, 4, block[1] & 1, 0, block[4], 0)
