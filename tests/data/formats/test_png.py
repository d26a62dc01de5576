from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import PIL.Image
import PIL.PngImagePlugin
import pytest

from layerwalk.data import load_image
from layerwalk.errors import ImageError

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, data: bytes = b"", checksum: int | None = None) -> bytes:
    found = zlib.crc32(name + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", found)


def header(width: int, height: int, depth: int, colours: int) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0))


def png(size: tuple[int, int], depth: int, colours: int, rows: bytes, *more: bytes) -> bytes:
    data = chunk(b"IDAT", zlib.compress(rows))
    return b"".join([SIGNATURE, header(*size, depth, colours), *more, data, chunk(b"IEND")])


def test_a_huge_header_is_refused_before_anything_is_decoded() -> None:
    # 60,000 x 60,000 and no data at all: only the header can have been read.
    huge = SIGNATURE + header(60_000, 60_000, 8, 2) + chunk(b"IDAT")
    with pytest.raises(ImageError, match=r"60000 x 60000 is 3600 megapixels.* limit of 100"):
        load_image(huge)
    with pytest.raises(ImageError, match="max_pixels"):
        load_image(SIGNATURE + header(10_001, 10_000, 8, 2))


def test_exactly_the_limit_is_allowed() -> None:
    rows = b"".join(b"\0" + bytes([k] * 10) for k in range(10))
    assert load_image(png((10, 10), 8, 0, rows), max_pixels=100).width == 10


@pytest.mark.parametrize(("depth", "row", "most"), [(1, 0b01000000, 1), (2, 0b00011011, 3)])
def test_shallow_grey_is_spread_over_all_levels(depth: int, row: int, most: int) -> None:
    width = 2 if depth == 1 else 4
    image = load_image(png((width, 1), depth, 0, bytes([0, row])))
    assert image.pixels[0, :, 0].tolist() == [k * 255 // most for k in range(width)]


@pytest.mark.parametrize(("depth", "clear", "row"), [(2, 1, 0b00011011), (4, 1, 0x01)])
def test_the_clear_grey_of_a_shallow_png_lies_on_white(depth: int, clear: int, row: int) -> None:
    width = 8 // depth
    image = load_image(
        png((width, 1), depth, 0, bytes([0, row]), chunk(b"tRNS", struct.pack(">H", clear)))
    )
    grey = [k * 255 // (2**depth - 1) for k in range(width)]
    grey[clear] = 255
    assert image.pixels[0, :, 1].tolist() == grey


def test_the_clear_colour_of_16_bit_pngs_lies_on_white() -> None:
    colour = struct.pack(">3H", 0x1234, 0x5678, 0x9ABC)
    other = struct.pack(">3H", 0x1334, 0x5678, 0x9ABC)
    image = load_image(png((2, 1), 16, 2, b"\0" + colour + other, chunk(b"tRNS", colour)))
    assert image.pixels[0].tolist() == [[255, 255, 255], [0x13, 0x56, 0x9A]]
    grey = load_image(png((2, 1), 16, 0, b"\0\x12\x34\x12\x35", chunk(b"tRNS", b"\x12\x34")))
    assert grey.pixels[0, :, 0].tolist() == [255, round(0x1235 / 257)]


def test_chunks_beside_the_picture_cannot_harm_it() -> None:
    rows = b"\0\x10\x20\x30"
    bomb = b"name\0\0" + zlib.compress(bytes(5_000_000))
    beside = [
        chunk(b"zTXt", bomb),  # more text than Pillow takes
        chunk(b"iCCP", bomb),
        chunk(b"acTL", struct.pack(">II", 0, 0)),  # an animation of no frames: Pillow warns
        chunk(b"tEXt", b"a\0b", checksum=1),
    ]
    image = load_image(png((3, 1), 8, 0, rows, *beside))
    assert image.pixels[0, :, 0].tolist() == [0x10, 0x20, 0x30]


def test_an_animated_png_gives_its_still_picture() -> None:
    first, second = (PIL.Image.new("RGB", (3, 2), colour) for colour in ("red", "blue"))
    file = io.BytesIO()
    first.save(file, "PNG", save_all=True, append_images=[second], default_image=True)
    assert load_image(file.getvalue()).pixels[0, 0].tolist() == [255, 0, 0]


def test_16_bit_grey_is_scaled() -> None:
    values = np.array([[0, 128, 129, 257, 32768, 65535]], np.uint16)
    file = io.BytesIO()
    PIL.Image.fromarray(values).save(file, "PNG")
    image = load_image(file.getvalue())
    assert image.pixels[0, :, 0].tolist() == [0, 0, 1, 1, 128, 255]
    assert image.mode in {"I;16", "I"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (SIGNATURE + chunk(b"CgBI", bytes(4)), "does not begin with an IHDR"),
        (SIGNATURE + chunk(b"IHDR", bytes(12)), "does not begin with an IHDR"),
        (SIGNATURE + header(0, 5, 8, 2), "the picture has no pixels"),
        (
            SIGNATURE + header(1, 1, 8, 0) + chunk(b"IDAT", b"x", checksum=1),
            "wrong checksum of its IDAT",
        ),
        (SIGNATURE + header(1, 1, 8, 0) + chunk(b"IEND"), "cannot be decoded"),
        (png((1, 1), 8, 3, b"\0\0"), "no palette"),
    ],
)
def test_a_broken_png_says_why(content: bytes, why: str) -> None:
    with pytest.raises(ImageError, match=why):
        load_image(content)
