"""Pictures that can be walked again, and what they are called."""

from __future__ import annotations

import io

import PIL.Image
import pytest

from layerwalk.errors import ImageError
from layerwalk.surfaces.library import Picture
from layerwalk.surfaces.library.problem import NotAPictureError


def png(width: int = 3, height: int = 2) -> bytes:
    stream = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "red").save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("dog.png", "dog.png"),
        ("C:\\Users\\me\\dog.png", "dog.png"),
        ("../../etc/passwd", "passwd"),
        ("a\x1b[31m\r\nb.png", "a[31mb.png"),
        ("<b>dog</b>.png", "b>.png"),
        ("", "picture"),
        ("\x00", "picture"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
    ],
)
def test_of_an_uploaded_name_the_last_printable_part_is_kept(given: str, name: str) -> None:
    picture = Picture.uploaded(png(), given)
    assert picture.name == name
    assert picture.load().name == name
    assert picture.load().pixels.shape == (2, 3, 3)


def test_a_sample_keeps_its_name() -> None:
    assert Picture.named("sample:dog").load().name == "sample:dog"


def test_bytes_of_no_picture_are_told_from_damaged_ones() -> None:
    with pytest.raises(NotAPictureError, match=r"^a\.txt: this is a text, not a picture"):
        Picture.uploaded(b"hello, this is a text", "a.txt").load()
    with pytest.raises(ImageError, match=r"^a\.png: the PNG file is cut short") as error:
        Picture.uploaded(png()[:40], "a.png").load()
    assert not isinstance(error.value, NotAPictureError)


def test_only_small_files_are_kept_with_a_dropped_walk() -> None:
    assert Picture.named("sample:dog").light
    assert Picture("a", bytes(8 << 20)).light
    assert not Picture("a", bytes((8 << 20) + 1)).light
