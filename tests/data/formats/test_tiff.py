from __future__ import annotations

import io
import struct
from collections.abc import Iterable

import numpy as np
import PIL.Image
import PIL.TiffImagePlugin
import pytest

from layerwalk.data import load_image
from layerwalk.errors import ImageError

Line = tuple[int, int, int, int]  # tag, type, count, value or offset


def tiff(lines: Iterable[Line], pixels: bytes = b"") -> bytes:
    """A little-endian TIFF: the pixels from byte 8 on, then the directory."""
    start = 8 + len(pixels)
    table = b"".join(struct.pack("<HHII", *line) for line in sorted(lines))
    count = len(table) // 12
    return (
        b"II*\0" + struct.pack("<I", start) + pixels + struct.pack("<H", count) + table + bytes(4)
    )


GREY = {
    256: (256, 3, 1, 2),
    257: (257, 3, 1, 2),
    258: (258, 3, 1, 8),
    259: (259, 3, 1, 1),
    262: (262, 3, 1, 1),
    273: (273, 4, 1, 8),
    277: (277, 3, 1, 1),
    278: (278, 3, 1, 2),
    279: (279, 4, 1, 4),
}
PIXELS = bytes([1, 2, 3, 4])


def changed(*lines: Line) -> bytes:
    return tiff({**GREY, **{line[0]: line for line in lines}}.values(), PIXELS)


def test_the_smallest_tiff_is_read() -> None:
    assert load_image(changed()).pixels[:, :, 0].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "line",
    [
        (274, 3, 2, 6),  # two orientations
        (282, 5, 2, 8),  # two resolutions
        (305, 2, 400, 100_000),  # a text outside the file
        (700, 1, 1 << 30, 8),  # a text larger than the file
        (34665, 4, 1, 99_999_999),  # an EXIF directory outside the file
        (37510, 99, 5, 5),  # a type nobody knows
    ],
)
def test_a_broken_line_that_the_picture_does_not_need_is_passed_over(line: Line) -> None:
    assert load_image(changed(line)).pixels[:, :, 0].tolist() == [[1, 2], [3, 4]]


def test_lines_that_ask_for_the_same_bytes_many_times_are_passed_over() -> None:
    lines = [(50000 + k, 1, 100, 8) for k in range(50)]
    assert load_image(changed(*lines)).pixels[:, :, 0].tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ((256, 3, 2, 2), "its tag 256 gives 2 numbers, not one"),
        ((256, 2, 1, 2), "its tag 256 is no whole number"),
        ((256, 3, 0, 0), "its tag 256 gives 0 numbers"),
        ((256, 4, 1, 3_000_000), r"3000000 x 2 is 6 megapixels"),
        ((273, 4, 1, 9_999), "cut short"),
        ((273, 4, 2, 9_999), "cut short"),
        ((279, 4, 1, 5_000), "cut short"),
        ((278, 3, 1, 1), "1 of 2 strips or tiles are there"),
        ((278, 3, 1, 0), "have no size"),
        ((254, 4, 1, 1), "only a preview, as in a camera raw file; develop it"),
        ((277, 3, 1, 7), "more than 6 numbers a pixel"),
        ((258, 3, 1, 7), "unknown pixel mode"),
    ],
)
def test_a_broken_line_that_the_picture_needs_is_an_error(line: Line, sentence: str) -> None:
    with pytest.raises(ImageError, match=sentence):
        load_image(changed(line), max_pixels=1_000_000)


def test_a_tiff_without_a_size_is_an_error() -> None:
    with pytest.raises(ImageError, match="no pixels"):
        load_image(tiff([line for tag, line in GREY.items() if tag != 257], PIXELS))


def test_missing_tiles_are_an_error() -> None:
    lines = [(322, 3, 1, 1), (323, 3, 1, 2), (324, 4, 1, 8), (325, 4, 1, 2)]
    with pytest.raises(ImageError, match="1 of 2 strips or tiles are there"):
        load_image(changed(*lines))


def test_the_first_page_of_several_is_read() -> None:
    pages = [PIL.Image.new("RGB", (3, 2), colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    assert load_image(file.getvalue()).pixels[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("kind", [">u2", "<u2"])
def test_16_bits_are_scaled_in_both_byte_orders(kind: str) -> None:
    values = np.array([[0, 255, 257, 32768, 65535]], kind)
    picture = PIL.Image.frombytes("I;16B" if kind == ">u2" else "I;16", (5, 1), values.tobytes())
    file = io.BytesIO()
    picture.save(file, "TIFF")
    image = load_image(file.getvalue())
    assert image.pixels[0, :, 0].tolist() == [0, 1, 1, 128, 255]
    assert image.mode == picture.mode


def test_a_file_on_disk_is_decompressed_from_disk(tmp_path: pytest.TempPathFactory) -> None:
    path = str(tmp_path) + "/noise.tif"
    pixels = np.random.default_rng(2).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    PIL.Image.fromarray(pixels).save(path, compression="tiff_lzw")
    assert np.array_equal(load_image(path).pixels, pixels)


def test_planes_side_by_side_are_read() -> None:
    pixels = bytes(range(12))
    lines = {
        **GREY,
        262: (262, 3, 1, 2),
        258: (258, 3, 1, 8),
        277: (277, 3, 1, 3),
        284: (284, 3, 1, 2),
    }
    with pytest.raises(ImageError, match="1 of 3 strips"):
        load_image(tiff(lines.values(), pixels))


def test_needed_lines_that_lie_over_one_another_are_an_error() -> None:
    lines = [(tag, 1, 100, 8) for tag in (258, 320, 338, 339, 347, 530)]
    with pytest.raises(ImageError, match="its tags lie over one another"):
        load_image(changed(*lines))
