"""The numbers of a value, or of a part of it."""

from __future__ import annotations

import numpy as np

from layerwalk.errors import NotFoundError
from layerwalk.record import Value
from layerwalk.surfaces.answer.binary import Binary, binary
from layerwalk.surfaces.answer.region import parse_region
from layerwalk.surfaces.library import Library, Opened
from layerwalk.surfaces.wire import AskPhoto, AskTensor

__all__ = ["photo", "tensor"]


def tensor(library: Library, ask: AskTensor) -> Binary:
    """The numbers that are asked for; no others are read.

    Raises
    ------
    LayerwalkError
        There is no such trace, value or region.
    """
    opened = library.opened(ask.trace)
    values = opened.once("values", lambda: _by_id(opened))
    value = values.get(ask.value)
    if value is None:
        raise NotFoundError(f"there is no value {ask.value}", where=opened.trace.name)
    region = parse_region(ask.region, value.shape)
    return binary(np.asarray(value.read(*region)), half=ask.half)


def photo(library: Library, ask: AskPhoto) -> Binary:
    """The pixels of the picture that was walked, uint8 of shape (H, W, channels).

    Raises
    ------
    LayerwalkError
        There is no such trace, or it walked no picture.
    """
    trace = library.opened(ask.trace).trace
    if trace.photo is None:
        raise NotFoundError("no picture was walked, only numbers", where=trace.name)
    return binary(trace.photo.pixels)


def _by_id(opened: Opened) -> dict[int, Value]:
    return {value.id: value for value in opened.trace.values}
