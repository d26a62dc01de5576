"""Answers that are no JSON: raw numbers, and files."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from layerwalk.record import Array

__all__ = ["Binary", "Document", "Stream", "binary"]

_HALF: Final = np.finfo(np.float16)


@dataclass(frozen=True, eq=False, slots=True)
class Binary:
    """Numbers as they travel: little-endian, in C order.

    Attributes
    ----------
    array
        The numbers; truth values are 0 and 1 of uint8.
    exact
        Whether they are those of the trace, bit for bit.
    """

    array: Array = field(repr=False)
    exact: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the dimensions."""
        return self.array.shape

    @property
    def dtype(self) -> str:
        """The numbers' type, as numpy calls it: ``"float32"``."""
        return self.array.dtype.name

    @property
    def data(self) -> memoryview:
        """The bytes, where they lie."""
        # An empty array has no bytes that could be looked at.
        return self.array.data.cast("B") if self.array.size else memoryview(b"")


@dataclass(frozen=True, slots=True)
class Document:
    """A small file: its bytes, and what it is."""

    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Stream:
    """A large file: its bytes as they are made, what it is, and what it is called."""

    parts: Generator[bytes] = field(repr=False)
    media_type: str
    name: str


def binary(array: Array, *, half: bool = False) -> Binary:
    """The numbers of an array as they travel; of complex ones, the magnitudes.

    Parameters
    ----------
    array
        Any array of a trace.
    half
        Whether float16 will do. It is not taken where a number would become infinite by it,
        or where all are so small that it has no digits for them.

    Examples
    --------
    >>> binary(np.array([True, False]))
    Binary(exact=True)
    >>> binary(np.array([0.1, 7e4]), half=True).dtype
    'float64'
    """
    exact = True
    if np.iscomplexobj(array):
        array, exact = np.abs(array), False
    if array.dtype.kind == "b":
        array = array.view(np.uint8)
    if half and array.dtype.kind == "f" and array.dtype.itemsize > 2 and _fits_half(array):
        array, exact = array.astype(np.float16), False
    array = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
    return Binary(array, exact)


def _fits_half(array: Array) -> bool:
    if array.size == 0:
        return True
    with np.errstate(invalid="ignore"):
        largest = max(-float(array.min()), float(array.max()))
    if not np.isfinite(largest):
        finite = np.abs(array[np.isfinite(array)])
        largest = float(finite.max()) if finite.size else 0.0
    # Below the smallest normal number, float16 has fewer and fewer digits.
    return largest == 0 or float(_HALF.smallest_normal) <= largest <= float(_HALF.max)
