"""A picture from anywhere: path, bytes, file, Pillow, numpy, or one of the samples."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, cast

import numpy as np
import PIL.Image
import PIL.ImageFile
from numpy.typing import NDArray

from layerwalk.data import samples
from layerwalk.data.colours import red_green_blue
from layerwalk.data.formats import decode, signature
from layerwalk.data.formats.exif import orientation, upright
from layerwalk.data.formats.source import check_size
from layerwalk.data.levels import levels
from layerwalk.errors import ImageError

__all__ = ["Image", "ImageSource", "load_image"]


@dataclass(frozen=True, eq=False, slots=True)
class Image:
    """A picture, upright and in colour.

    Attributes
    ----------
    pixels
        uint8 of shape (height, width, 3), red, green, blue, 0 to 255; read-only.
    name
        File name, or what the picture came from.
    mode
        What the source was, in Pillow's terms: ``"RGB"``, ``"CMYK"``, ``"I;16"``, ``"P"``.

    Examples
    --------
    >>> image = Image(np.zeros((2, 3, 3), np.uint8), name="black", mode="RGB")
    >>> image.width, image.height, image.grey().shape
    (3, 2, (2, 3))

    Raises
    ------
    ImageError
        ``pixels`` is not such an array.
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    name: str
    mode: str

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
            raise ImageError(
                f"pixels of type {pixels.dtype} and shape {pixels.shape} are no picture",
                where=self.name,
                mend="load_image(array) takes other arrays",
            )
        if pixels.flags.writeable:
            pixels = pixels.copy()
            pixels.flags.writeable = False
            object.__setattr__(self, "pixels", pixels)

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])

    def grey(self) -> NDArray[np.uint8]:
        """The brightness, uint8 of shape (height, width).

        The luma of ITU-R BT.601 as Pillow rounds it:
        ``(19595 R + 38470 G + 7471 B + 32768) >> 16``.
        """
        return np.asarray(self.pil().convert("L"))

    def pil(self) -> PIL.Image.Image:
        """The picture as a Pillow image of mode ``"RGB"``."""
        return PIL.Image.fromarray(self.pixels)


ImageSource: TypeAlias = (
    str
    | os.PathLike[str]
    | bytes
    | bytearray
    | memoryview
    | BinaryIO
    | PIL.Image.Image
    | NDArray[Any]
    | Image
)


def load_image(source: ImageSource, *, max_pixels: int = 100_000_000) -> Image:
    """The picture in ``source``, upright and in colour.

    Parameters
    ----------
    source
        A path; the bytes of a file; a file open for reading bytes; a Pillow image; an array;
        ``"sample:dog"`` (see :func:`layerwalk.data.samples.samples`); or an
        :class:`Image`, which is returned as it is.

        Files: JPEG, PNG, WebP, GIF (first frame), BMP, TIFF (first page), turned as their
        EXIF orientation says. What is transparent lies on white. How other depths and
        colours are read is said in :func:`layerwalk.data.colours.red_green_blue`.

        Arrays: (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) of uint8, uint16, bool, or floats
        of 0 to 1.
    max_pixels
        Larger pictures are refused, files from their header, before they are decoded.

    Examples
    --------
    >>> image = load_image("sample:dog")
    >>> image.width, image.height
    (720, 540)
    >>> load_image(np.eye(3)).pixels.shape
    (3, 3, 3)

    Raises
    ------
    ImageError
        The file is missing, may not be read, is empty, cut short, damaged, too large or no
        picture; the array has another shape, type or range; the sample is unknown.

    Notes
    -----
    A JPEG that is damaged in the middle, but has its end, decodes to what libjpeg makes of
    it. Pillow keeps the upper 8 bits of 16-bit colour, so such a level may be one too low.
    """
    if max_pixels < 1:
        raise ImageError(f"a limit of {max_pixels} pixels leaves no picture", where="max_pixels")
    if isinstance(source, Image):
        return source
    if isinstance(source, str) and source.startswith(samples.PREFIX):
        return _sample(source, max_pixels)
    if isinstance(source, str | os.PathLike):
        return _from_path(os.fspath(source), max_pixels)
    if isinstance(source, bytes | bytearray | memoryview):
        return _from_file(io.BytesIO(source), "the bytes", "image", max_pixels)
    if isinstance(source, PIL.Image.Image):
        return _from_pillow(source, max_pixels)
    if isinstance(source, np.ndarray):
        return _from_array(source, "the array", "array", max_pixels)
    if hasattr(source, "read"):
        return _from_stream(source, max_pixels)
    raise _unknown(source)


def _unknown(source: object) -> ImageError:
    kind = type(source)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    mend = "pass a path, bytes, an open file, a Pillow image or a numpy array"
    if name == "torch.Tensor":
        mend = "pass x.permute(1, 2, 0).numpy() for one picture of shape (C, H, W)"
    return ImageError(f"an object of type {name} is no picture", where="load_image", mend=mend)


def _sample(name: str, max_pixels: int) -> Image:
    found = samples.read(name.removeprefix(samples.PREFIX))
    if isinstance(found, bytes):
        return _from_file(io.BytesIO(found), name, name, max_pixels)
    return _from_array(found, name, name, max_pixels)


def _from_path(path: str | bytes, max_pixels: int) -> Image:
    where = os.fsdecode(path)
    if "://" in where[:12] or where.startswith("data:"):
        raise ImageError(
            "this is an address, not a file",
            where=where[:80],
            mend="download the picture and pass the file or its bytes",
        )
    try:
        file = Path(where).open("rb")  # noqa: SIM115 - closed below; errors of opening differ
    except FileNotFoundError as error:
        raise ImageError(
            "there is no such file", where=where, mend=f"check the path (seen from {Path.cwd()})"
        ) from error
    except (OSError, ValueError) as error:
        raise _closed(where, error) from error
    with file:
        return _from_stream(file, max_pixels, where)


def _closed(where: str, error: OSError | ValueError) -> ImageError:
    # Windows says "permission denied" of a folder. Path.is_dir raises where this says no.
    if os.path.isdir(where):  # noqa: PTH112
        return ImageError("this is a folder", where=where, mend="name one picture in it")
    if isinstance(error, PermissionError):
        return ImageError(
            "the file may not be read", where=where, mend="change its permissions (chmod +r)"
        )
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return ImageError(
        f"the file cannot be opened ({why})", where=where[:200], mend="check the path"
    )


def _from_stream(file: Any, max_pixels: int, where: str | None = None) -> Image:
    """A picture from an open file; one that cannot go back (a pipe) is read whole."""
    named = getattr(file, "name", None)
    where = where or (named if isinstance(named, str) else "the file")
    name = Path(where).name if isinstance(named, str) else "image"
    try:
        if not (hasattr(file, "seekable") and file.seekable()):
            # Its beginning first: a pipe may bring anything, without end.
            head = file.read(signature.HEAD)
            whole = isinstance(head, bytes) and signature.kind(head) is not None
            file = io.BytesIO(head + file.read() if whole else head)
        elif not isinstance(file.read(0), bytes):
            raise ImageError("it is open as text", where=where, mend="open it with mode 'rb'")
    except (OSError, ValueError, TypeError) as error:
        raise ImageError(
            f"the file cannot be read ({error})", where=where, mend="pass it open, with mode 'rb'"
        ) from error
    return _from_file(cast("BinaryIO", file), where, name, max_pixels)


def _from_file(file: BinaryIO, where: str, name: str, max_pixels: int) -> Image:
    found = decode(file, where, max_pixels)
    colours = red_green_blue(found.picture, where)
    pixels = np.asarray(upright(colours, found.orientation))
    return Image(pixels, name=name, mode=found.mode)


def _from_pillow(picture: PIL.Image.Image, max_pixels: int) -> Image:
    """The picture as it stands; one fresh from ``PIL.Image.open`` is turned like its file."""
    filename = getattr(picture, "filename", "")
    where = os.fsdecode(filename) if filename else "the Pillow image"
    check_size(*picture.size, max_pixels, where)
    try:
        picture.load()
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise ImageError(
            f"its pixels cannot be read ({error})", where=where, mend="pass the file itself"
        ) from error
    exif = picture.info.get("exif", b"")
    fresh = isinstance(picture, PIL.ImageFile.ImageFile) and isinstance(exif, bytes)
    pixels = upright(red_green_blue(picture, where), orientation(exif) if fresh else 1)
    name = Path(where).name if filename else "image"
    return Image(np.asarray(pixels), name=name, mode=picture.mode)


def _from_array(array: NDArray[Any], where: str, name: str, max_pixels: int) -> Image:
    shape = array.shape
    channels = shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or channels not in (1, 3, 4) or not array.size:
        raise _shapeless(shape, where)
    check_size(shape[1], shape[0], max_pixels, where)
    grey = channels == 1
    flat = np.ascontiguousarray(levels(array.reshape(shape[:2]) if grey else array, where))
    picture = red_green_blue(PIL.Image.fromarray(flat), where)
    deep = {"b": "1", "f": "F"}.get(array.dtype.kind, "I;16" if array.dtype.itemsize == 2 else "L")
    return Image(
        np.asarray(picture), name=name, mode=deep if grey else ("RGB", "RGBA")[channels - 3]
    )


def _shapeless(shape: tuple[int, ...], where: str) -> ImageError:
    mend = "pass (H, W), (H, W, 1), (H, W, 3) or (H, W, 4)"
    if len(shape) == 3 and shape[0] in (1, 3, 4):
        mend = "its channels come first: pass x.transpose(1, 2, 0)"
    elif len(shape) == 4:
        mend = "pass one picture of the batch, x[0]"
    return ImageError(f"an array of shape {shape} is no picture", where=where, mend=mend)
