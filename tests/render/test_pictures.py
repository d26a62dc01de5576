"""The harness that compares pictures can fail, and says where to look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from layerwalk.render.figures import pixel_grid

STORED = Path(__file__).parent / "pictures"


def picture(shade: int = 200) -> Image.Image:
    pixels = np.full((40, 60, 3), 255, np.uint8)
    pixels[10:20, 10:30] = shade
    return Image.fromarray(pixels)


def test_an_equal_picture_passes(picture_book: Any, tmp_path: Path) -> None:
    picture_book(tmp_path, update=True).check(picture(), "square")
    picture_book(tmp_path, update=False).check(picture(), "square")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["square.png"]


def test_a_changed_picture_fails_and_is_written_beside(picture_book: Any, tmp_path: Path) -> None:
    picture_book(tmp_path, update=True).check(picture(), "square")
    book = picture_book(tmp_path, update=False)
    with pytest.raises(pytest.fail.Exception, match="does not look as before"):
        book.check(picture(100), "square")
    with Image.open(tmp_path / "square-changed.png") as changed:
        assert changed.getpixel((15, 15)) == (100, 100, 100)
    book.check(picture(), "square")
    assert not (tmp_path / "square-changed.png").exists()


def test_another_size_and_a_missing_picture_fail(picture_book: Any, tmp_path: Path) -> None:
    picture_book(tmp_path, update=True).check(picture(), "square")
    book = picture_book(tmp_path, update=False)
    with pytest.raises(pytest.fail.Exception, match="does not look as before"):
        book.check(picture().crop((0, 0, 59, 40)), "square")
    with pytest.raises(pytest.fail.Exception, match="LAYERWALK_UPDATE_PICTURES=1"):
        book.check(picture(), "circle")


def test_one_digit_that_changed_fails(picture_book: Any, tmp_path: Path) -> None:
    image = np.linspace(0, 1, 49).reshape(7, 7)
    picture_book(tmp_path, update=True).check(pixel_grid(image), "grid")
    book = picture_book(tmp_path, update=False)
    book.check(pixel_grid(image), "grid")
    image[3, 3] += 0.01
    with pytest.raises(pytest.fail.Exception, match="does not look as before"):
        book.check(pixel_grid(image), "grid")


def test_a_slightly_different_letter_passes(picture_book: Any) -> None:
    old = np.asarray(picture())
    new = old.copy()
    new[12, 12:15] -= 30
    assert not picture_book.differ(new, old)


def test_stored_pictures_are_small_and_none_is_left_changed() -> None:
    stored = list(STORED.glob("*.png"))
    assert stored
    assert all(file.stat().st_size < 60_000 for file in stored)
    assert not [file for file in stored if file.stem.endswith("-changed")]
