"""The six picture formats, each read by Pillow once its own file here has looked at it.

Pillow guesses the format, warns through the process-wide ``warnings`` and obeys switches that
any code in the process may set. Here the first bytes decide the format, the header is
checked before anything is decoded, and Pillow's readers are handed only files that they
read in silence: no switch is touched and no warning filter is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import PIL.Image

from layerwalk.data.formats import signature
from layerwalk.data.formats.bmp import open_bmp
from layerwalk.data.formats.gif import open_gif
from layerwalk.data.formats.jpeg import open_jpeg
from layerwalk.data.formats.opened import Opened
from layerwalk.data.formats.png import open_png
from layerwalk.data.formats.source import Source
from layerwalk.data.formats.tiff import open_tiff
from layerwalk.data.formats.webp import open_webp
from layerwalk.errors import ImageError, LayerwalkError

__all__ = ["Decoded", "decode"]

_READERS: dict[str, Callable[[Source], Opened]] = {
    "BMP": open_bmp,
    "GIF": open_gif,
    "JPEG": open_jpeg,
    "PNG": open_png,
    "TIFF": open_tiff,
    "WebP": open_webp,
}


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture with its pixels.

    ``mode`` is Pillow's name for what the file was; ``orientation`` is the EXIF turn, 1 to
    8, that is still to be applied.
    """

    picture: PIL.Image.Image
    mode: str
    orientation: int


def decode(file: BinaryIO, where: str, max_pixels: int) -> Decoded:
    """The first picture in a file.

    Parameters
    ----------
    file
        Open for reading bytes, and seekable; read from its beginning.
    where
        What errors call it.
    max_pixels
        More pixels than these are refused from the header, before they are decoded.

    Raises
    ------
    ImageError
        The file is empty, no picture, too large, cut short or damaged.
    """
    file.seek(0)
    head = file.read(signature.HEAD)
    file.seek(0)
    kind = signature.kind(head)
    if kind is None:
        raise _no_picture(head, where)
    source = Source(file, where, kind, max_pixels)
    try:
        opened = _READERS[kind](source)
        opened.picture.load()
    except LayerwalkError:
        raise
    except MemoryError as error:
        raise ImageError(
            "there is not enough memory for it", where=where, mend="shrink the picture"
        ) from error
    except PIL.Image.DecompressionBombError as error:
        raise ImageError(
            "it is larger than Pillow reads", where=where, mend="raise PIL.Image.MAX_IMAGE_PIXELS"
        ) from error
    except Exception as error:
        # A broken file can raise nearly anything inside Pillow's readers.
        raise _unreadable(source, error) from error
    return Decoded(_on_canvas(opened), opened.picture.mode, opened.orientation)


def _on_canvas(opened: Opened) -> PIL.Image.Image:
    if opened.canvas is None:
        return opened.picture
    whole = PIL.Image.new("RGBA", opened.canvas)
    whole.paste(opened.picture.convert("RGBA"), opened.corner)
    return whole


def _no_picture(head: bytes, where: str) -> ImageError:
    if not head:
        return ImageError("the file is empty", where=where, mend="copy or download it again")
    name = signature.impostor(head)
    what = f"this is {name}, not a picture of a known format" if name else "this is not a picture"
    return ImageError(what, where=where, mend="pass a JPEG, PNG, WebP, GIF, BMP or TIFF file")


def _unreadable(source: Source, error: Exception) -> ImageError:
    why = " ".join(str(error).split())
    if "truncated" in why.lower():
        return source.cut_short()
    if not why or "not identified" in why:
        why = "its header is broken"
    return source.damaged(why[:120].rstrip("."))
