from __future__ import annotations

import io
import json
import os
import threading
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from layerwalk.data import Image, load_image
from layerwalk.errors import ImageError

PIXELS = np.random.default_rng(4).integers(0, 256, (6, 9, 3), dtype=np.uint8)


def png(pixels: np.ndarray = PIXELS) -> bytes:
    file = io.BytesIO()
    PIL.Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "noise ü.png"
    found.write_bytes(png())
    return found


# Image


def test_an_image_is_frozen_and_its_pixels_are_its_own() -> None:
    mine = PIXELS.copy()
    image = Image(mine, name="noise", mode="RGB")
    mine[:] = 0
    assert np.array_equal(image.pixels, PIXELS)
    assert (image.width, image.height) == (9, 6)
    with pytest.raises(ValueError, match="read-only"):
        image.pixels[0, 0, 0] = 1
    with pytest.raises(FrozenInstanceError):
        image.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("shape", [(6, 9), (6, 9, 1), (6, 9, 4), (0, 9, 3), (1, 6, 9, 3)])
def test_an_image_of_another_shape_is_not_built(shape: tuple[int, ...]) -> None:
    with pytest.raises(ImageError, match="are no picture; load_image"):
        Image(np.zeros(shape, np.uint8), name="it", mode="RGB")
    with pytest.raises(ImageError, match="type float64"):
        Image(np.zeros((6, 9, 3)), name="it", mode="RGB")  # type: ignore[arg-type]


def test_grey_is_what_pillow_calls_l_and_the_formula_says() -> None:
    image = load_image(PIXELS)
    assert np.array_equal(image.grey(), np.asarray(PIL.Image.fromarray(PIXELS).convert("L")))
    red, green, blue = (PIXELS[..., k].astype(np.int64) for k in range(3))
    formula = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16
    assert np.array_equal(image.grey(), formula)
    assert image.grey().dtype == np.uint8


def test_grey_of_a_grey_picture_is_that_picture() -> None:
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(load_image(grey).grey(), grey)


def test_pil_gives_the_same_pixels() -> None:
    assert np.array_equal(np.asarray(load_image(PIXELS).pil()), PIXELS)


# Sources


def test_every_kind_of_source_gives_the_same_pixels(path: Path) -> None:
    data = path.read_bytes()
    with path.open("rb") as file, PIL.Image.open(path) as picture:
        sources: list[Any] = [
            path,
            str(path),
            data,
            bytearray(data),
            memoryview(data),
            io.BytesIO(data),
            file,
            picture,
            PIL.Image.fromarray(PIXELS),
            PIXELS,
        ]
        images = [load_image(source) for source in sources]
    assert all(np.array_equal(image.pixels, PIXELS) for image in images)
    names = [image.name for image in images]
    assert names == [*[path.name] * 2, *["image"] * 4, *[path.name] * 2, "image", "array"]
    assert {image.mode for image in images} == {"RGB"}


def test_an_image_is_returned_as_it_is() -> None:
    image = load_image(PIXELS)
    assert load_image(image) is image


def test_a_file_is_read_from_its_beginning_and_left_open(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        assert load_image(file).width == 9
        assert not file.closed


class Pipe(io.RawIOBase):
    """A stream that cannot go back, as a network connection or standard input."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.left = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self.left.readinto(buffer)


def test_a_pipe_is_read_to_its_end() -> None:
    assert np.array_equal(load_image(io.BufferedReader(Pipe(png()))).pixels, PIXELS)


def test_a_pipe_that_brings_no_picture_is_not_read_to_its_end() -> None:
    pipe = Pipe(b"text " * 100_000)
    with pytest.raises(ImageError, match="this is a text"):
        load_image(io.BufferedReader(pipe))
    assert pipe.left.tell() < 100_000


def test_a_one_pixel_picture_is_a_picture() -> None:
    for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"):
        file = io.BytesIO()
        PIL.Image.new("RGB", (1, 1), "white").save(file, kind)
        assert load_image(file.getvalue()).pixels.shape == (1, 1, 3), kind


@pytest.mark.parametrize("limit", [0, -5])
def test_a_limit_that_leaves_nothing_is_an_error(limit: int) -> None:
    with pytest.raises(ImageError, match="leaves no picture"):
        load_image(PIXELS, max_pixels=limit)


def test_the_limit_holds_for_pillow_images_and_arrays() -> None:
    for source in (PIXELS, PIL.Image.fromarray(PIXELS)):
        assert load_image(source, max_pixels=54).width == 9
        with pytest.raises(ImageError, match=r"9 x 6 is .* more than the limit"):
            load_image(source, max_pixels=53)


def test_many_threads_read_at_once(path: Path) -> None:
    good: list[bool] = []

    def read() -> None:
        good.extend(np.array_equal(load_image(path).pixels, PIXELS) for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert good == [True] * 160


# Pillow images


def test_a_pillow_image_fresh_from_its_file_is_turned_and_a_made_one_is_not(
    tmp_path: Path,
) -> None:
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.png"
    PIL.Image.fromarray(PIXELS).save(path, exif=exif)
    upright = np.rot90(PIXELS, -1)
    assert np.array_equal(load_image(path).pixels, upright)
    with PIL.Image.open(path) as picture:
        assert np.array_equal(load_image(picture).pixels, upright)
        made = picture.copy()
    assert np.array_equal(load_image(made).pixels, PIXELS)


def test_a_pillow_image_whose_file_is_cut_or_closed_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    path.write_bytes(png()[:150])
    with (
        PIL.Image.open(path) as picture,
        pytest.raises(ImageError, match=r"cut.png: its pixels cannot be read \(.*\)"),
    ):
        load_image(picture)
    picture.close()
    with pytest.raises(ImageError, match="its pixels cannot be read"):
        load_image(picture)


# Arrays


GREY = np.repeat(PIXELS[..., :1], 3, axis=2)


@pytest.mark.parametrize(
    ("array", "expected", "mode"),
    [
        (PIXELS[..., 0], GREY, "L"),
        (PIXELS[..., :1], GREY, "L"),
        (PIXELS[..., 0] / 255, GREY, "F"),
        (PIXELS[..., 0].astype(np.uint16) * 257, GREY, "I;16"),
        (PIXELS, PIXELS, "RGB"),
        ((PIXELS / 255).astype(np.float32), PIXELS, "RGB"),
        (PIXELS.astype(">u2") * 257, PIXELS, "RGB"),
        (PIXELS[::-1, ::-1], PIXELS[::-1, ::-1], "RGB"),
        (np.asfortranarray(PIXELS), PIXELS, "RGB"),
        (np.dstack([PIXELS, np.full((6, 9), 255, np.uint8)]), PIXELS, "RGBA"),
    ],
)
def test_arrays_keep_their_levels(array: np.ndarray, expected: np.ndarray, mode: str) -> None:
    image = load_image(array)
    assert np.array_equal(image.pixels, expected)
    assert image.mode == mode


def test_true_is_white_and_alpha_lies_on_white() -> None:
    assert load_image(np.eye(2, dtype=bool)).pixels[..., 0].tolist() == [[255, 0], [0, 255]]
    clear = np.zeros((1, 1, 4), np.float32)
    assert load_image(clear).pixels.tolist() == [[[255, 255, 255]]]


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((3, 20, 30), np.uint8), r"channels come first: pass x.transpose\(1, 2, 0\)"),
        (np.zeros((1, 20, 30)), "channels come first"),
        (np.zeros((1, 3, 20, 30)), r"pass one picture of the batch, x\[0\]"),
        (np.zeros((20, 30, 2)), r"shape \(20, 30, 2\) is no picture; pass \(H, W\)"),
        (np.zeros(5), r"shape \(5,\) is no picture"),
        (np.zeros((0, 5)), r"shape \(0, 5\) is no picture"),
        (np.zeros((2, 2), np.int64), "numbers of type int64 are no picture"),
        (np.full((2, 2), np.nan), "NaN"),
        (np.full((2, 2), 7.0), "outside 0 to 1"),
    ],
)
def test_arrays_that_are_no_picture_say_how_to_mend(array: np.ndarray, sentence: str) -> None:
    with pytest.raises(ImageError, match="the array: ") as caught:
        load_image(array)
    assert caught.match(sentence)


# Errors


def test_a_missing_file_says_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ImageError) as caught:
        load_image("dgo.jpg")
    assert str(caught.value) == (
        f"dgo.jpg: there is no such file; check the path (seen from {tmp_path})."
    )


def test_a_folder_is_named_as_one(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="this is a folder; name one picture in it"):
        load_image(tmp_path)


def test_an_empty_file_is_named_as_one(tmp_path: Path) -> None:
    path = tmp_path / "empty.jpg"
    path.touch()
    with pytest.raises(ImageError, match=r"empty.jpg: the file is empty"):
        load_image(path)


def test_a_file_that_may_not_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", locked)  # root may read every file
    with pytest.raises(ImageError, match="the file may not be read; change its permissions"):
        load_image(path)


@pytest.mark.parametrize("source", ["a\0b.png", "x" * 5000, "noise.png/inside"])
def test_a_path_that_cannot_be_one(source: str, path: Path) -> None:
    if "/" in source:
        source = str(path / "inside")
    with pytest.raises(ImageError, match=r"the file cannot be opened \(|there is no such file"):
        load_image(source)


@pytest.mark.parametrize("source", ["https://example.org/dog.jpg", "data:image/png;base64,iVBOR"])
def test_an_address_is_not_fetched(source: str) -> None:
    with pytest.raises(ImageError, match="this is an address, not a file; download"):
        load_image(source)


def test_a_file_opened_as_text_or_closed_is_an_error(path: Path) -> None:
    with path.open(encoding="latin-1") as file, pytest.raises(ImageError, match="open as text"):
        load_image(file)  # type: ignore[arg-type]
    with path.open("rb") as closed:
        pass
    with pytest.raises(ImageError, match="cannot be read"):
        load_image(closed)
    with pytest.raises(ImageError, match="open as text"):
        load_image(io.StringIO("text"))  # type: ignore[arg-type]


@pytest.mark.parametrize("source", [None, 5, [[0, 1]], object(), {"a": 1}])
def test_other_objects_are_no_picture(source: Any) -> None:
    with pytest.raises(ImageError, match=r"an object of type \w+ is no picture; pass a path"):
        load_image(source)


def test_a_tensor_says_how_to_make_an_array_of_it() -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(ImageError, match=r"pass x.permute\(1, 2, 0\).numpy\(\)"):
        load_image(torch.zeros(3, 4, 5))


def test_an_unknown_sample_lists_the_samples() -> None:
    with pytest.raises(ImageError, match="sample:dgo: there is no such sample; there are sample:"):
        load_image("sample:dgo")


# Photos


def test_all_shared_photos_load_as_pillow_reads_them(shared: Path) -> None:
    folder = shared / "data" / "photos"
    labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    assert len(labels) == 27
    for name, label in labels.items():
        image = load_image(folder / name)
        assert [image.width, image.height] == label["size"], name
        with PIL.Image.open(folder / name) as picture:
            assert np.array_equal(image.pixels, np.asarray(picture.convert("RGB"))), name
