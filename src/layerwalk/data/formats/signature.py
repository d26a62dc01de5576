"""What a file is, told from its first bytes."""

from __future__ import annotations

import struct

__all__ = ["HEAD", "impostor", "kind"]

HEAD = 1024
"""How many bytes :func:`kind` and :func:`impostor` want to see."""

_BMP_HEADERS = {12, 40, 52, 56, 64, 108, 124}
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", "a PDF document"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"version https://git-lfs", "a Git LFS pointer (fetch it with 'git lfs pull')"),
    (0, b"\x00\x00\x01\x00", "a Windows icon"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"qoif", "a QOI picture"),
    (0, b"\x93NUMPY", "a NumPy array (pass numpy.load(...) of it)"),
    (0, b"SIMPLE  =", "a FITS picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypmif1", "a HEIC picture"),
    (4, b"ftyp", "a video"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (8, b"AVI ", "a video"),
    (8, b"WAVE", "a sound"),
)


def kind(head: bytes) -> str | None:
    """The picture format of a file that begins so, or ``None`` if it is none of the six.

    Examples
    --------
    >>> kind(b"GIF89a..."), kind(b"%PDF-1.7")
    ('GIF', None)
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WebP"
    if head.startswith(_TIFF_STARTS):
        return "TIFF"
    # "BM" alone also begins a text about cars.
    if head.startswith(b"BM") and len(head) >= 18:
        return "BMP" if struct.unpack_from("<I", head, 14)[0] in _BMP_HEADERS else None
    return None


def impostor(head: bytes) -> str | None:
    """What a file that is no picture looks like, ``"a PDF document"``; ``None`` if unknown.

    Examples
    --------
    >>> impostor(b"<!DOCTYPE html><html>")
    'a web page'
    """
    for offset, mark, name in _OTHERS:
        if head[offset:].startswith(mark):
            return name
    text = _text(head)
    if text is None:
        return None
    text = text.lstrip("\ufeff \t\r\n").lower()
    if "<svg" in text:
        return "an SVG drawing"
    if text.startswith(("<!doctype html", "<html")):
        return "a web page"
    return "an XML document" if text.startswith("<?xml") else "a text"


def _text(head: bytes) -> str | None:
    # Bytes cut in the middle of a character are still text: only the last three may be odd.
    for cut in range(4):
        try:
            text = head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return (
            text if text and all(c.isprintable() or c in "\t\r\n\f\ufeff" for c in text) else None
        )
    return None
