from __future__ import annotations

import io
import logging
import random
import warnings

import numpy as np
import PIL.Image
import PIL.ImageFile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.data import Image, load_image
from layerwalk.data.formats import decode
from layerwalk.errors import ImageError


def encoded(picture: PIL.Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


NOISE = np.random.default_rng(0).integers(0, 256, (20, 24, 3), dtype=np.uint8)
PICTURE = PIL.Image.fromarray(NOISE)
SIXTEEN = PICTURE.quantize(16)
TURNED = PICTURE.transpose(PIL.Image.Transpose.ROTATE_180)
UNIT = PIL.Image.fromarray((NOISE[:, :, 0] / 255).astype(np.float32))
DEEP = PIL.Image.fromarray(NOISE[:, :, 0].astype(np.uint16) * 257)

FILES = {
    "jpeg": encoded(PICTURE, "JPEG"),
    "jpeg progressive": encoded(PICTURE, "JPEG", progressive=True),
    "jpeg cmyk": encoded(PICTURE.convert("CMYK"), "JPEG"),
    "png": encoded(PICTURE, "PNG"),
    "png palette": encoded(SIXTEEN, "PNG", transparency=3),
    "png animated": encoded(PICTURE, "PNG", save_all=True, append_images=[TURNED]),
    "gif": encoded(SIXTEEN, "GIF"),
    "gif animated": encoded(
        SIXTEEN, "GIF", save_all=True, append_images=[SIXTEEN.rotate(180)], disposal=2
    ),
    "webp": encoded(PICTURE, "WEBP"),
    "webp lossless": encoded(PICTURE, "WEBP", lossless=True),
    "webp animated": encoded(PICTURE, "WEBP", save_all=True, append_images=[TURNED]),
    "bmp": encoded(PICTURE, "BMP"),
    "bmp palette": encoded(SIXTEEN, "BMP"),
    "tiff": encoded(PICTURE, "TIFF"),
    "tiff lzw": encoded(PICTURE, "TIFF", compression="tiff_lzw"),
    "tiff deflate": encoded(PICTURE, "TIFF", compression="tiff_adobe_deflate"),
    "tiff jpeg": encoded(PICTURE, "TIFF", compression="jpeg"),
    "tiff packbits": encoded(PICTURE, "TIFF", compression="packbits"),
    "tiff big": encoded(PICTURE, "TIFF", big_tiff=True),
    "tiff float": encoded(UNIT, "TIFF"),
    "tiff 16 bits": encoded(DEEP, "TIFF"),
    "tiff palette": encoded(SIXTEEN, "TIFF"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_has_the_pixels_pillow_reads(name: str) -> None:
    with PIL.Image.open(io.BytesIO(FILES[name])) as picture:
        picture.load()
        found = decode(io.BytesIO(FILES[name]), name, 1000)
        assert (found.mode, found.picture.size) == (picture.mode, picture.size)
        assert np.array_equal(np.asarray(found.picture), np.asarray(picture))


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_anywhere_is_an_error(
    name: str, lenient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Other code in the process may have told Pillow to let a missing rest stay grey.
    monkeypatch.setattr(PIL.ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    whole = FILES[name]
    cuts = {*range(0, len(whole), 11), *range(len(whole) - 20, len(whole))}
    for cut in cuts:
        found = outcome(whole[:cut])
        # Of an animated GIF only the first frame has to be there.
        if isinstance(found, Image):
            assert name.startswith("gif"), f"{name} cut at {cut} of {len(whole)} was read"
            assert np.array_equal(found.pixels, load_image(whole).pixels)


def test_a_file_cut_in_half_says_that_it_is_cut_short() -> None:
    for name, whole in FILES.items():
        if name != "gif animated":
            with pytest.raises(ImageError, match="cut short; copy or download it again"):
                load_image(whole[: len(whole) // 2])


@pytest.mark.parametrize("name", FILES)
def test_the_limit_holds_for_every_format(name: str) -> None:
    assert load_image(FILES[name], max_pixels=480).pixels.shape == (20, 24, 3)
    with pytest.raises(ImageError, match=r"24 x 20 is .* megapixels, more than the limit"):
        load_image(FILES[name], max_pixels=479)


@pytest.mark.parametrize("name", FILES)
def test_pillow_limits_of_the_process_do_not_matter_and_stay(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Pillow warns from 401 pixels on and the picture has 480.
    monkeypatch.setattr(PIL.Image, "MAX_IMAGE_PIXELS", 400)
    found = outcome(FILES[name])
    assert isinstance(found, Image), found
    assert PIL.Image.MAX_IMAGE_PIXELS == 400
    assert PIL.ImageFile.LOAD_TRUNCATED_IMAGES is False


def outcome(content: bytes) -> Image | ImageError:
    """The picture or the error; whatever else is raised comes out, and no warning is given."""
    with warnings.catch_warnings(record=True) as heard:
        # Recorded and not raised: raised inside Pillow it would pass for a broken file.
        warnings.simplefilter("always")
        try:
            found: Image | ImageError = load_image(content, max_pixels=1_000_000)
        except ImageError as error:
            found = error
    assert [str(warning.message) for warning in heard] == []
    return found


def harmed(whole: bytes, dice: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(dice.choice((1, 1, 2, 4))):
        place = dice.randrange(min(len(data), dice.choice((64, 256, 4096))))
        match dice.randrange(4):
            case 0 | 1:
                data[place] = dice.choice((0, 1, 127, 255, dice.randrange(256)))
            case 2:
                del data[place : place + dice.randrange(1, 9)]
            case _:
                data[place:place] = dice.randbytes(dice.randrange(1, 9))
        data = data or bytearray(1)
    return bytes(data)


class Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@settings(max_examples=800)
@given(name=st.sampled_from(sorted(FILES)), seed=st.integers(0, 2**32))
def test_a_harmed_file_is_a_picture_or_an_image_error(name: str, seed: int) -> None:
    listener = Listener()
    logging.getLogger().addHandler(listener)
    try:
        found = outcome(harmed(FILES[name], random.Random(seed)))  # noqa: S311
    finally:
        logging.getLogger().removeHandler(listener)
    assert listener.heard == []
    if isinstance(found, Image):
        assert found.width * found.height <= 1_000_000
    else:
        assert str(found).startswith("the bytes: ")
        assert len(str(found)) < 400


@settings(max_examples=300)
@given(
    start=st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0"]),
    rest=st.binary(max_size=200),
)
def test_random_bytes_are_a_picture_or_an_image_error(start: bytes, rest: bytes) -> None:
    found = outcome(start + rest)
    assert isinstance(found, Image) or str(found).startswith("the bytes: ")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF document"),
        (b"<!DOCTYPE html><html></html>", "this is a web page"),
        (b"<?xml version='1.0'?><svg xmlns='x'></svg>", "this is an SVG drawing"),
        ("ein Bär".encode(), "this is a text"),
        (b"BMW is a car", "this is a text"),
        (b"\0\1\2\3\4\5\6\7" * 9, "this is not a picture"),
        (b"\0\0\0\x20ftypavif\0\0\0\0", "this is an AVIF picture"),
    ],
)
def test_what_is_no_picture_is_named(content: bytes, sentence: str) -> None:
    with pytest.raises(ImageError, match=f"a.bin: {sentence}") as caught:
        decode(io.BytesIO(content), "a.bin", 100)
    assert "; " in str(caught.value), "no mend"


def test_too_little_memory_is_an_image_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(PIL.ImageFile.ImageFile, "load", full)
    with pytest.raises(ImageError, match="not enough memory"):
        load_image(FILES["png"])


def test_an_error_without_words_still_makes_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(PIL.ImageFile.ImageFile, "load", silent)
    with pytest.raises(ImageError, match=r"cannot be decoded \(its header is broken\)"):
        load_image(FILES["png"])


def test_a_picture_beyond_what_pillow_allows_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PIL.Image.DecompressionBombError

    monkeypatch.setattr(PIL.ImageFile.ImageFile, "load", refused)
    with pytest.raises(ImageError, match=r"larger than Pillow reads; raise PIL.Image.MAX_IMAGE"):
        load_image(FILES["png"], max_pixels=10**9)
