"""A picture that was walked, kept so that it can be walked again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TypeAlias

from layerwalk.data import Image, load_image
from layerwalk.data.formats import signature
from layerwalk.errors import ImageError
from layerwalk.record import Photo
from layerwalk.surfaces.library.problem import NotAPictureError

__all__ = ["Picture"]

_LONGEST_NAME = 120
_KEPT = 8 << 20

_Source: TypeAlias = "str | bytes | Photo | Image"


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """Where a picture comes from.

    Attributes
    ----------
    name
        What it is called.
    source
        A path or the name of a sample; the bytes of a file; a picture of a data set; or, where
        the original is not at hand, what a network saw of it.
    """

    name: str
    source: _Source = field(repr=False)

    @classmethod
    def named(cls, source: str) -> Picture:
        """The picture of a path or a sample: ``"sample:dog"``."""
        return cls(source, source)

    @classmethod
    def uploaded(cls, content: bytes, name: str) -> Picture:
        """The picture in the bytes of a file; of its name only what is printable, and no folder."""
        # A browser may send either system's paths, and anybody anything.
        last = PurePath(name.replace("\\", "/")).name
        plain = "".join(letter for letter in last if letter.isprintable()).strip()
        return cls(plain[-_LONGEST_NAME:] or "picture", content)

    @classmethod
    def of_set(cls, image: Image) -> Picture:
        """A picture of a data set, as it was read."""
        return cls(image.name, image)

    def load(self) -> Image:
        """The picture itself.

        Raises
        ------
        ImageError
            It cannot be read.
        """
        if isinstance(self.source, Photo):
            pixels = self.source.pixels
            image = load_image(pixels)
        elif isinstance(self.source, bytes):
            image = self._decoded(self.source)
        else:
            return load_image(self.source)
        return replace(image, name=self.name)

    @property
    def light(self) -> bool:
        """Whether it may be kept for as long as its walk is listed."""
        return sum(self.held.values()) <= _KEPT

    @property
    def held(self) -> dict[int, int]:
        """The memory of a file or picture: its length by what identifies it in this process."""
        if isinstance(self.source, Image):
            return {id(self.source.pixels): self.source.pixels.nbytes}
        return {id(self.source): len(self.source)} if isinstance(self.source, bytes) else {}

    def _decoded(self, content: bytes) -> Image:
        try:
            return load_image(content)
        except ImageError as error:
            known = signature.kind(content[: signature.HEAD]) is not None
            kind = ImageError if known else NotAPictureError
            raise kind(error.what, where=self.name, mend=error.mend) from error
