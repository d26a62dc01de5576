from __future__ import annotations

import io
import struct

import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest

from layerwalk.data import load_image
from layerwalk.data.formats.exif import orientation, upright

PIXELS = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)

# EXIF 2.32: where row 0 and column 0 of the file lie in the upright picture.
STORED = {
    1: lambda up: up,
    2: lambda up: up[:, ::-1],
    3: lambda up: up[::-1, ::-1],
    4: lambda up: up[::-1],
    5: lambda up: up.transpose(1, 0, 2),
    6: lambda up: np.rot90(up, 1),
    7: lambda up: up[::-1, ::-1].transpose(1, 0, 2),
    8: lambda up: np.rot90(up, -1),
}


def turned(number: int, kind: str, **options: object) -> bytes:
    stored = PIL.Image.fromarray(np.ascontiguousarray(STORED[number](PIXELS)))
    exif = PIL.Image.Exif()
    exif[0x0112] = number
    file = io.BytesIO()
    stored.save(file, kind, exif=exif, **options)
    return file.getvalue()


@pytest.mark.parametrize("number", STORED)
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"big_tiff": True}),
    ],
)
def test_every_orientation_comes_upright_pixel_for_pixel(
    number: int, kind: str, options: dict[str, object]
) -> None:
    assert np.array_equal(load_image(turned(number, kind, **options)).pixels, PIXELS)


@pytest.mark.parametrize("number", STORED)
def test_a_jpeg_is_turned_as_pillow_turns_it(number: int) -> None:
    content = turned(number, "JPEG", quality=95)
    with PIL.Image.open(io.BytesIO(content)) as picture:
        expected = np.asarray(PIL.ImageOps.exif_transpose(picture))
    assert expected.shape == PIXELS.shape
    assert np.array_equal(load_image(content).pixels, expected)


@pytest.mark.parametrize("number", range(2, 9))
def test_a_16_bit_tiff_is_turned(number: int) -> None:
    grey = PIXELS[:, :, 0].astype(np.uint16) * 257
    stored = np.ascontiguousarray(STORED[number](grey[:, :, None])[:, :, 0])
    exif = PIL.Image.Exif()
    exif[0x0112] = number
    file = io.BytesIO()
    PIL.Image.fromarray(stored).save(file, "TIFF", exif=exif)
    assert np.array_equal(load_image(file.getvalue()).pixels[:, :, 0], PIXELS[:, :, 0])


@pytest.mark.parametrize("number", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(number: int) -> None:
    block = b"II*\0" + struct.pack("<IHHHIHH", 8, 1, 0x0112, 3, 1, number, 0)
    assert orientation(block) == 1


@pytest.mark.parametrize("order", "<>")
def test_orientation_is_read_in_both_byte_orders_after_other_tags(order: str) -> None:
    start = b"II*\0" if order == "<" else b"MM\0*"
    other = struct.pack(order + "HHII", 0x010F, 2, 4, 0)
    block = start + struct.pack(order + "IH", 8, 2) + other
    block += struct.pack(order + "HHIHH", 0x0112, 3, 1, 8, 0)
    assert orientation(b"Exif\0\0" + block) == 8
    assert orientation(block) == 8


def test_a_broken_block_turns_nothing() -> None:
    block = b"II*\0" + struct.pack("<IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0)
    assert orientation(block) == 6
    for cut in range(len(block) - 2):
        assert orientation(block[:cut]) == 1
    assert orientation(b"II*\0\xff\xff\xff\xff") == 1
    assert orientation(b"nonsense") == 1


def test_a_jpeg_with_a_broken_exif_block_is_read_in_silence() -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\xff\xff\xff\xff\xff"
    file = io.BytesIO()
    PIL.Image.fromarray(PIXELS).save(file, "JPEG", exif=exif, dpi=(0, 0))
    assert load_image(file.getvalue()).pixels.shape == PIXELS.shape


def test_upright_leaves_an_upright_picture_alone() -> None:
    picture = PIL.Image.fromarray(PIXELS)
    assert upright(picture, 1) is picture


def test_a_block_that_says_nothing_of_the_orientation_turns_nothing() -> None:
    assert orientation(b"II*\0" + struct.pack("<IHHHIHH", 8, 1, 0x010F, 3, 1, 6, 0)) == 1
