from __future__ import annotations

import pytest

from layerwalk.data.formats.signature import impostor, kind


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"GIF87a", "GIF"),
        (b"RIFF\1\2\3\4WEBPVP8 ", "WebP"),
        (b"RIFF\1\2\3\4WAVEfmt ", None),
        (b"BM" + bytes(12) + b"\x28\0\0\0", "BMP"),
        (b"BM" + bytes(12) + b"\x29\0\0\0", None),
        (b"BM", None),
        (b"II*\0", "TIFF"),
        (b"MM\0+", "TIFF"),
        (b"", None),
    ],
)
def test_kind(head: bytes, name: str | None) -> None:
    assert kind(head) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
        (b"RIFF\1\2\3\4WAVEfmt ", "a sound"),
        (b"\0\0\0\x18ftypheic", "a HEIC picture"),
        (b"\0\0\0\x18ftypisom", "a video"),
        (b"  \n<HTML>", "a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "an XML document"),
        (b"<!-- drawn --><svg/>", "an SVG drawing"),
        ("é".encode()[:1], None),
        ("aé".encode()[:2], "a text"),
        (b"\x80\x81", None),
        (b"a\0b", None),
        (b"", None),
    ],
)
def test_impostor(head: bytes, name: str | None) -> None:
    assert impostor(head) == name
