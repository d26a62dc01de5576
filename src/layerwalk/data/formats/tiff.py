"""TIFF: its directory is read here first, so that Pillow finds nothing to warn about."""

from __future__ import annotations

import io
import struct
from typing import BinaryIO

import PIL.Image
from PIL.TiffImagePlugin import TiffImageFile

from layerwalk.data.formats.directory import Directory, Entry, read_directory
from layerwalk.data.formats.opened import Opened
from layerwalk.data.formats.source import Source
from layerwalk.errors import ImageError

__all__ = ["open_tiff"]

# Tag numbers of TIFF 6.0, appendix A.
_SUBFILE, _WIDTH, _HEIGHT, _ORIENTATION, _SAMPLES, _PLANAR = 254, 256, 257, 274, 277, 284
_STRIPS, _ROWS, _STRIP_SIZES = 273, 278, 279
_TILE_WIDTH, _TILE_HEIGHT, _TILES, _TILE_SIZES = 322, 323, 324, 325
_COMPRESSION, _COLOUR, _FILL_ORDER, _PREDICTOR, _RESOLUTION = 259, 262, 266, 317, {282, 283, 296}
_BITS, _PALETTE, _EXTRA, _SAMPLE_FORMAT, _JPEG_TABLES, _SUBSAMPLING = 258, 320, 338, 339, 347, 530

_SINGLE = {_WIDTH, _HEIGHT, _SAMPLES, _PLANAR, _ROWS, _TILE_WIDTH, _TILE_HEIGHT}
_SINGLE |= {_COMPRESSION, _COLOUR, _FILL_ORDER, _PREDICTOR}
_NEEDED = _SINGLE | {_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES, _BITS, _PALETTE, _EXTRA}
_NEEDED |= {_SAMPLE_FORMAT, _JPEG_TABLES, _SUBSAMPLING}
_MOST_SAMPLES = 6
_PRIVATE = 65000


class _Tiff(TiffImageFile):
    def load_prepare(self) -> None:
        """Memory for the pixels; Pillow would warn of its own size limit here."""
        size = getattr(self, "_tile_size", self.size)
        self.im = PIL.Image.new(self.mode, size).im
        super().load_prepare()

    def load_end(self) -> None:
        """Nothing turned: Pillow would read the EXIF block, and warn when it is broken."""
        self._size = self.im.size


def open_tiff(source: Source) -> Opened:
    """The first page of the TIFF or BigTIFF with its header read.

    Raises
    ------
    ImageError
        Also for a first page that is only a preview, as in camera raw files.
    """
    directory = read_directory(source)
    faulty = _faulty(source, directory)
    width, height = (_number(source, directory, tag, 0) for tag in (_WIDTH, _HEIGHT))
    source.check_size(width, height)
    if any(flags & 1 for flags in directory.numbers(source, _SUBFILE)):
        raise ImageError(
            "its first page is only a preview, as in a camera raw file",
            where=source.where,
            mend="develop it to JPEG or PNG",
        )
    if _number(source, directory, _SAMPLES, 1) > _MOST_SAMPLES:
        raise source.damaged(f"more than {_MOST_SAMPLES} numbers a pixel")
    _check_pieces(source, directory, width, height)
    broken = {entry.tag for entry in faulty}
    turn = 1 if _ORIENTATION in broken else _number(source, directory, _ORIENTATION, 1)
    file = _without(source, directory, faulty) if faulty else source.file
    file.seek(0)
    return Opened(_Tiff(file), turn)


def _number(source: Source, directory: Directory, tag: int, default: int) -> int:
    numbers = directory.numbers(source, tag)
    return numbers[0] if numbers else default


def _faulty(source: Source, directory: Directory) -> list[Entry]:
    """The lines that Pillow would warn about; an error if the picture needs one of them."""
    end = source.length
    faulty = []
    for entry in directory.entries:
        outside = entry.offset + entry.size > end
        several = entry.count != 1 and entry.tag in _SINGLE | _RESOLUTION | {_ORIENTATION}
        if entry.tag in _NEEDED and outside:
            raise source.cut_short()
        if entry.tag in _NEEDED and several:
            raise source.damaged(f"its tag {entry.tag} gives {entry.count} numbers, not one")
        if outside or several:
            faulty.append(entry)
    # Lines that lie over one another could ask for the same bytes many times.
    far = [entry for entry in directory.entries if not entry.inside and entry not in faulty]
    if sum(entry.size for entry in far) > end:
        faulty += [entry for entry in far if entry.tag not in _NEEDED]
    if sum(entry.size for entry in far if entry.tag in _NEEDED) > end:
        raise source.damaged("its tags lie over one another")
    return faulty


def _check_pieces(source: Source, directory: Directory, width: int, height: int) -> None:
    """Nothing, when every strip or tile is there: Pillow leaves missing ones black."""
    tiled = directory.find(_TILES) is not None
    across = _number(source, directory, _TILE_WIDTH, 0) if tiled else width
    down = _number(source, directory, _TILE_HEIGHT if tiled else _ROWS, 0 if tiled else height)
    if not (across and down):
        raise source.damaged("its strips or tiles have no size")
    planes = _number(source, directory, _SAMPLES, 1)
    layers = planes if _number(source, directory, _PLANAR, 1) == 2 else 1
    expected = -(-width // across) * -(-height // down) * layers
    offsets = directory.numbers(source, _TILES if tiled else _STRIPS)
    sizes = directory.numbers(source, _TILE_SIZES if tiled else _STRIP_SIZES)
    if len(offsets) < expected:
        raise source.damaged(f"{len(offsets)} of {expected} strips or tiles are there")
    ends = (offset + size for offset, size in zip(offsets, sizes, strict=False))
    if max(ends, default=0) > source.length:
        raise source.cut_short()


def _without(source: Source, directory: Directory, faulty: list[Entry]) -> BinaryIO:
    """The file in memory, with the faulty lines turned into private ones of one byte."""
    source.file.seek(0)
    data = bytearray(source.take(source.length))
    line = directory.order + ("HHQ" if directory.big else "HHI")
    for entry in faulty:
        struct.pack_into(line, data, entry.position, _PRIVATE, 1, 1)
    return io.BytesIO(data)
