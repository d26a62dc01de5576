from __future__ import annotations

import io
import struct

import PIL.Image
import pytest

from layerwalk.data import load_image
from layerwalk.errors import ImageError

RED = (255, 0, 0)
WHITE = [255, 255, 255]

# One pixel of colour 1, as the LZW codes clear, 1, end (at 2 bits a colour).
ONE_PIXEL = b"\x02\x02\x4c\x01\x00"
TABLE = bytes([0, 0, 255, *RED, 0, 255, 0, 9, 9, 9])


def gif(screen: tuple[int, int], corner: tuple[int, int], before: bytes = b"") -> bytes:
    """A GIF whose one frame is one red pixel."""
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x81, 0, 0) + TABLE
    return head + before + b"," + struct.pack("<4HB", *corner, 1, 1, 0) + ONE_PIXEL + b";"


def test_a_frame_smaller_than_the_screen_lies_on_white() -> None:
    image = load_image(gif((3, 2), (1, 1)))
    assert image.pixels.tolist() == [[WHITE, WHITE, WHITE], [WHITE, list(RED), WHITE]]
    assert image.mode == "P"


def test_a_frame_that_reaches_out_of_the_screen_makes_it_larger() -> None:
    image = load_image(gif((1, 1), (1, 0)))
    assert image.pixels.tolist() == [[WHITE, list(RED)]]
    with pytest.raises(ImageError, match="60001 x 50000 is 3000 megapixels"):
        load_image(gif((1, 1), (60_000, 49_999)))


def test_the_clear_colour_lies_on_white() -> None:
    control = b"!\xf9\x04" + struct.pack("<BHB", 0b1101, 10, 1) + b"\0"
    assert load_image(gif((1, 1), (0, 0), control)).pixels.tolist() == [[WHITE]]
    opaque = b"!\xf9\x04" + struct.pack("<BHB", 0b1100, 10, 1) + b"\0"
    assert load_image(gif((1, 1), (0, 0), opaque)).pixels.tolist() == [[list(RED)]]


def test_comments_and_programs_before_the_frame_are_passed_over() -> None:
    before = b"!\xfe\x05hello\0" + b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0" + b"\0"
    assert load_image(gif((1, 1), (0, 0), before)).pixels.tolist() == [[list(RED)]]


def test_the_first_frame_of_an_animation_is_read() -> None:
    first, second = (PIL.Image.new("RGB", (4, 3), colour) for colour in ("lime", "blue"))
    file = io.BytesIO()
    first.save(file, "GIF", save_all=True, append_images=[second], disposal=2)
    image = load_image(file.getvalue())
    assert image.pixels.shape == (3, 4, 3)
    assert image.pixels[2, 3].tolist() == [0, 255, 0]


def test_a_gif_without_a_frame_is_an_error() -> None:
    with pytest.raises(ImageError, match="there is no picture in it"):
        load_image(b"GIF89a" + struct.pack("<HHBBB", 5, 5, 0, 0, 0) + b";")


def test_a_frame_without_pixels_is_an_error() -> None:
    head = b"GIF89a" + struct.pack("<HHBBB", 5, 5, 0, 0, 0)
    with pytest.raises(ImageError, match="its first frame has no pixels"):
        load_image(head + b"," + struct.pack("<4HB", 0, 0, 0, 3, 0) + ONE_PIXEL + b";")
