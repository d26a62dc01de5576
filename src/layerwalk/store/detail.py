"""How exactly numbers are kept: as recorded, as float16, or in 8 bits a number.

8 bits are affine: ``number = (code - zero) * scale``, one ``scale`` and ``zero`` for each
channel. ``zero`` is a whole code, so 0.0 stays exactly 0.0; and a number that is not 0 never
takes that code, so signs, and with them the share of zeros, stay as recorded.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Array
from layerwalk.store.halves import Halver

__all__ = [
    "SMALL",
    "Detail",
    "Scales",
    "chunks",
    "codes",
    "compact",
    "encoded",
    "half_error",
    "halved",
    "scales_of",
]

Detail: TypeAlias = Literal["exact", "half", "compact"]

SMALL = 4096
"""Tensors of at most so many numbers are never written in 8 bits, but as float16."""

FEW = 16
"""Channels of fewer numbers share one scale: the scales would outweigh the codes."""

CHUNK = 1 << 17
"""Numbers that are converted at a time: they stay in the processor's cache."""


@dataclass(frozen=True, eq=False, slots=True)
class Scales:
    """What turns codes into numbers, for each channel.

    Channel ``c`` of a tensor in C order is where ``position // inner % len(scale) == c``.
    """

    scale: NDArray[np.float32]
    zero: NDArray[np.uint8]
    inner: int

    def along(self, codes: NDArray[np.uint8], channel: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the numbers of some codes; ``channel`` broadcasts against them."""
        numbers = codes.astype(np.float32)
        numbers -= self.zero.astype(np.float32)[channel]
        numbers *= self.scale[channel]
        return numbers


def chunks(array: Array, dtype: np.dtype[Any]) -> Iterator[Array]:
    """Yield the numbers in C order, flat, converted, without a copy of the whole array.

    A chunk may be overwritten by the next.
    """
    if array.flags.c_contiguous and array.dtype == dtype:
        yield array.reshape(-1)
        return
    with np.nditer(
        [array],
        flags=["external_loop", "buffered", "zerosize_ok"],
        op_flags=[["readonly"]],
        op_dtypes=[dtype],
        order="C",
        casting="unsafe",
        buffersize=CHUNK,
    ) as pieces:
        for piece in pieces:
            # A piece that needs no conversion comes unbuffered, with the array's own stride.
            yield np.ascontiguousarray(piece)


def halved(array: Array) -> Iterator[NDArray[np.float16]]:
    """Yield the numbers as float16, in C order, flat; a run may be overwritten by the next."""
    if array.dtype != np.float32:
        with np.errstate(all="ignore"):
            yield from chunks(array, np.dtype("<f2"))
        return
    halver = Halver(min(CHUNK, array.size))
    for numbers in _runs(array):
        yield halver.halves(numbers)


def half_error(array: Array) -> float | None:
    """Return the largest error of float16 over the finite numbers; ``None`` if one overflows."""
    error = Halver(min(CHUNK, array.size)).error if array.dtype == np.float32 else _plain_error
    worst = 0.0
    for numbers in _runs(array):
        found = error(numbers)
        if found is None:
            return None
        worst = max(worst, found)
    return worst


def _plain_error(numbers: Array) -> float | None:
    """The error of float16 as numpy casts; for floats of any width."""
    finite = numbers[np.isfinite(numbers)]
    with np.errstate(all="ignore"):
        halves = finite.astype(np.float16).astype(finite.dtype)
    if not np.isfinite(halves).all():
        return None
    # Both are floats of the same type and near, so the difference is exact.
    return float(np.abs(halves - finite).max(initial=0.0))


def _runs(array: Array) -> Iterator[Array]:
    """The numbers in C order, flat, at most ``CHUNK`` at a time."""
    for part in chunks(array, array.dtype):
        for start in range(0, part.size, CHUNK):
            yield part[start : start + CHUNK]


def compact(array: Array, axis: int | None) -> tuple[Scales, float] | None:
    """Return scales for 8 bits and the largest error; ``None`` where 8 bits do not serve.

    They do not serve small tensors and numbers that are not finite in float32.
    """
    if array.size <= SMALL:
        return None
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    if axis is not None and array.size < FEW * array.shape[axis]:
        axis = None
    low, high = _bounds(array, axis)
    limit = np.finfo(np.float32).max / 2  # so that no code decodes to infinity
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        return None
    if max(-low.min(), high.max()) > limit:
        return None
    inner = array.size if axis is None else math.prod(array.shape[axis + 1 :])
    scales = scales_of(low, high, inner)
    worst = 0.0
    for block in _blocks(array, scales):
        worst = block.error(worst)
    return scales, worst


def scales_of(low: NDArray[np.float64], high: NDArray[np.float64], inner: int) -> Scales:
    """Return the scales that reach from ``low`` to ``high`` in each channel.

    >>> scales = scales_of(np.array([-1.0]), np.array([3.0]), 1)
    >>> scales.zero
    array([64], dtype=uint8)
    """
    low, high = np.minimum(low, 0.0), np.maximum(high, 0.0)
    span = np.where(high > low, high - low, 1.0)
    # Each sign that occurs needs a code of its own beside the zero's.
    zero = np.clip(np.rint(-255 * low / span), low < 0, np.where(high > 0, 254, 255))
    above = high / np.maximum(255 - zero, 1)
    below = -low / np.maximum(zero, 1)
    scale = np.maximum(np.maximum(above, below), np.finfo(np.float32).tiny)
    return Scales(scale.astype(np.float32), zero.astype(np.uint8), inner)


def encoded(array: Array, scales: Scales) -> NDArray[np.uint8]:
    """Return the codes of a whole tensor."""
    flat = [part.copy() for part in codes(array, scales)]
    return np.concatenate(flat or [np.empty(0, np.uint8)]).reshape(array.shape)


def codes(array: Array, scales: Scales) -> Iterator[NDArray[np.uint8]]:
    """Yield the codes of a tensor, flat, in C order."""
    for block in _blocks(array, scales):
        yield block.codes().astype(np.uint8).reshape(-1)


@dataclass(frozen=True, eq=False, slots=True)
class _Block:
    """A part of a tensor, in C order, that the cache holds; scale and zero of each number."""

    numbers: Array
    scale: Array
    zero: Array

    def codes(self) -> Array:
        """The codes, as floats that are whole."""
        with np.errstate(all="ignore"):
            found = np.asarray(self.numbers / self.scale)
        np.rint(found, out=found)
        lost = found == 0
        lost &= self.numbers != 0
        places = np.flatnonzero(lost)
        found.reshape(-1)[places] = np.sign(self.numbers.reshape(-1)[places])
        found += self.zero
        if found.min() < 0 or found.max() > 255:  # rare, and clipping is slow
            np.clip(found, 0, 255, out=found)
        return found

    def error(self, worst: float) -> float:
        """The largest error that the codes make, or ``worst``, whichever is more."""
        decoded = self.codes().astype(np.float32, copy=False)
        decoded -= self.zero.astype(np.float32, copy=False)
        decoded *= self.scale.astype(np.float32, copy=False)
        errors = np.asarray(decoded - self.numbers)
        np.abs(errors, out=errors)
        # The difference itself was rounded: those that may be the largest are taken exactly.
        largest = errors.max() * (1 - 2.0**-20)
        if largest * (1 + 2.0**-18) < worst:
            return worst
        places = np.flatnonzero(errors >= largest)
        exact = decoded.reshape(-1)[places].astype(np.float64) - self.numbers.reshape(-1)[places]
        return max(worst, float(np.abs(exact).max()))


def _blocks(array: Array, scales: Scales) -> Iterator[_Block]:
    """The tensor cut up, in C order, so that each block is whole along its last axes."""
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    array = np.atleast_1d(array)
    along = _along(array.shape, scales)
    scale, zero = (
        np.broadcast_to(of.astype(array.dtype).reshape(along), array.shape)
        for of in (scales.scale, scales.zero)
    )
    axis = next(k for k in range(array.ndim) if math.prod(array.shape[k + 1 :]) <= CHUNK)
    step = max(1, CHUNK // max(1, math.prod(array.shape[axis + 1 :])))
    for before in np.ndindex(array.shape[:axis]):
        for start in range(0, array.shape[axis], step):
            part = (*before, slice(start, start + step))
            if array[part].size:
                yield _Block(np.ascontiguousarray(array[part]), scale[part], zero[part])


def _bounds(array: Array, axis: int | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest number of each channel; NaN where one is NaN."""
    others = tuple(k for k in range(array.ndim) if k != axis)
    low, high = array.min(axis=others), array.max(axis=others)
    return np.atleast_1d(low).astype(np.float64), np.atleast_1d(high).astype(np.float64)


def _along(shape: tuple[int, ...], scales: Scales) -> tuple[int, ...]:
    """The shape in which one number a channel broadcasts against a whole tensor."""
    count, along = len(scales.scale), [1] * len(shape)
    if count > 1:
        axis = next(
            k
            for k, length in enumerate(shape)
            if length == count and math.prod(shape[k + 1 :]) == scales.inner
        )
        along[axis] = count
    return tuple(along)
