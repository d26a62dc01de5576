from __future__ import annotations

import io
import struct

import PIL.features
import PIL.Image
import pytest

from layerwalk.data import load_image
from layerwalk.errors import ImageError


def webp(**options: object) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGBA", (5, 3), (255, 0, 0, 0)).save(file, "WEBP", **options)
    return file.getvalue()


def riff(chunk: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


@pytest.mark.parametrize(
    "chunk",
    [
        b"VP8X" + struct.pack("<IBBBB", 10, 0, 0, 0, 0) + b"\xff\x7f\0\xff\x7f\0" + bytes(12),
        b"VP8L" + struct.pack("<IBI", 100, 0x2F, 0x0FFFFFFF) + bytes(12),
        b"VP8 " + struct.pack("<I", 100) + b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(12),
    ],
    ids=["extended", "lossless", "lossy"],
)
def test_a_huge_header_is_refused_before_anything_is_decoded(chunk: bytes) -> None:
    with pytest.raises(ImageError, match="megapixels, more than the limit of 100"):
        load_image(riff(chunk))


def test_the_clear_part_lies_on_white() -> None:
    image = load_image(webp(lossless=True, exact=True))
    assert image.mode == "RGBA"
    assert image.pixels.min() == 255


def test_another_first_chunk_is_an_error() -> None:
    with pytest.raises(ImageError, match="its first chunk is no picture"):
        load_image(riff(b"JUNK" + bytes(30)))


def test_a_pillow_without_webp_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PIL.features, "check", lambda _: False)
    with pytest.raises(ImageError, match="the installed Pillow cannot read WebP"):
        load_image(webp())
