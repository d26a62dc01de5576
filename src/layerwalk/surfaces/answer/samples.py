"""The pictures that come with the package, and a small copy of each."""

from __future__ import annotations

import functools
import io

import numpy as np
from PIL.Image import Resampling

from layerwalk.data import digits, load_image
from layerwalk.data.samples import PREFIX
from layerwalk.data.samples import samples as packaged
from layerwalk.errors import ImageError, NotFoundError
from layerwalk.surfaces.answer.binary import Document
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskSamplePicture, AskSamples, ListedSample

__all__ = ["sample_picture", "samples"]

_DIGITS = "digits"
_LARGEST = 160


def samples(_library: Library, _ask: AskSamples) -> tuple[ListedSample, ...]:
    """The photos, and one handwritten digit of each sort."""
    return _listed()


def sample_picture(_library: Library, ask: AskSamplePicture) -> Document:
    """A sample as a PNG file, at most 160 pixels across and down.

    Raises
    ------
    NotFoundError
        There is no such sample.
    """
    return Document(_png(ask.name), "image/png")


@functools.cache
def _listed() -> tuple[ListedSample, ...]:
    found: list[ListedSample] = []
    for one in packaged():
        if one.name != _DIGITS:
            found.append(ListedSample(one.name, one.title, one.licence, one.author, one.source))
            continue
        labels = digits().labels
        for label in range(10):
            name = f"{_DIGITS}/{int(np.argmax(labels == label))}"
            title = f"Handwritten {label}"
            found.append(ListedSample(name, title, one.licence, one.author, one.source))
    return tuple(found)


@functools.lru_cache(maxsize=64)
def _png(name: str) -> bytes:
    try:
        picture = load_image(PREFIX + name).pil()
    except ImageError as error:
        raise NotFoundError(error.what, where=error.where, mend=error.mend) from error
    picture.thumbnail((_LARGEST, _LARGEST), Resampling.LANCZOS)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()
