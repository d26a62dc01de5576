"""JPEG: read by libjpeg through Pillow; an end that comes early is always an error."""

from __future__ import annotations

import PIL.Image
from PIL.JpegImagePlugin import JpegImageFile

from layerwalk.data.formats.exif import orientation
from layerwalk.data.formats.opened import Opened
from layerwalk.data.formats.source import Source

__all__ = ["open_jpeg"]


class _Jpeg(JpegImageFile):
    source: Source

    def getexif(self) -> PIL.Image.Exif:
        """No EXIF: Pillow would read the resolution from it, and warn when it is broken."""
        return PIL.Image.Exif()

    def load_read(self, read_bytes: int) -> bytes:
        """The next bytes for libjpeg, or an error at the end of the file."""
        # Pillow itself lets the rest stay grey when someone in the process has set
        # ImageFile.LOAD_TRUNCATED_IMAGES.
        data = self.fp.read(read_bytes) if self.fp else b""
        if not data:
            raise self.source.cut_short()
        return data


def open_jpeg(source: Source) -> Opened:
    """The JPEG with its header read.

    Of an MPO file (several JPEGs in one) that is the first picture.
    """
    picture = _Jpeg(source.file)
    picture.source = source
    source.check_size(*picture.size)
    exif = picture.info.get("exif", b"")
    return Opened(picture, orientation(exif))
