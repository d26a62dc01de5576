from __future__ import annotations

import io
import struct

import numpy as np
import PIL.Image
import pytest

from layerwalk.data import load_image
from layerwalk.errors import ImageError

HEADER = "<IiiHHIIiiII"


def bmp(width: int, height: int, bits: int, packing: int, data: bytes) -> bytes:
    head = struct.pack(HEADER, 40, width, height, 1, bits, packing, len(data), 0, 0, 0, 0)
    table = b"".join(bytes([9, k, 2 * k % 256, 0]) for k in range(256)) if bits == 8 else b""
    start = 14 + len(head) + len(table)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + table + data


def test_rows_run_upwards_or_downwards() -> None:
    data = bytes([1, 0, 0, 0, 2, 0, 0, 0])
    assert load_image(bmp(1, 2, 8, 0, data)).pixels[:, 0, 1].tolist() == [2, 1]
    assert load_image(bmp(1, -2, 8, 0, data)).pixels[:, 0, 1].tolist() == [1, 2]


def test_run_lengths_are_read_and_a_missing_end_is_an_error() -> None:
    runs = bytes([3, 7, 0, 0, 3, 8, 0, 1])
    assert load_image(bmp(3, 2, 8, 1, runs)).pixels[:, :, 1].tolist() == [[8] * 3, [7] * 3]
    with pytest.raises(ImageError, match="cannot be decoded"):
        load_image(bmp(3, 2, 8, 1, runs[:4]))


def test_a_huge_header_is_refused() -> None:
    with pytest.raises(ImageError, match="100000 x 100000"):
        load_image(bmp(100_000, 100_000, 24, 0, b""))


def test_one_bit_is_black_and_white() -> None:
    pattern = np.array([[True, False, True]])
    file = io.BytesIO()
    PIL.Image.fromarray(pattern).save(file, "BMP")
    image = load_image(file.getvalue())
    assert (image.mode, image.pixels[0, :, 2].tolist()) == ("1", [255, 0, 255])
