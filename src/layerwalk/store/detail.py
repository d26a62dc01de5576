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

__all__ = ["SMALL", "Detail", "Scales", "chunks", "compact", "encoded", "half_error", "scales_of"]

Detail: TypeAlias = Literal["exact", "half", "compact"]

SMALL = 4096
"""Tensors of at most so many numbers are never written in 8 bits, but as float16."""

FEW = 16
"""Channels of fewer numbers share one scale: the scales would outweigh the codes."""

CHUNK = 1 << 16
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


def half_error(array: Array) -> float | None:
    """Return the largest error of float16 over the finite numbers; ``None`` if one overflows."""
    worst = 0.0
    with np.errstate(all="ignore"):
        for part in chunks(array, array.dtype):
            for start in range(0, part.size, CHUNK):
                numbers = part[start : start + CHUNK]
                halves = numbers.astype(np.float16).astype(array.dtype)
                # Both are floats of the same type and near, so the difference is exact.
                errors = np.abs(halves - numbers)
                if not np.isfinite(errors).all():
                    finite = np.isfinite(numbers)
                    if not np.isfinite(halves[finite]).all():
                        return None
                    errors = errors[finite]
                worst = max(worst, float(errors.max(initial=0.0)))
    return worst


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
    numbers = scales.along(encoded(array, scales), _channels(array, scales))
    errors = np.abs(numbers - array)
    # The difference itself was rounded: those that may be the largest are taken exactly.
    largest = errors >= errors.max() * (1 - 2.0**-20)
    return scales, float(np.abs(numbers[largest].astype(np.float64) - array[largest]).max())


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
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    channel = _channels(array, scales)
    zero = scales.zero[channel].astype(array.dtype)
    with np.errstate(all="ignore"):
        codes = array / scales.scale[channel].astype(array.dtype)
    np.rint(codes, out=codes)
    nonzero = array != 0
    np.copyto(codes, np.sign(array), where=nonzero & (codes == 0))
    codes += zero
    np.clip(codes, 0, 255, out=codes)
    return np.asarray(codes, dtype=np.uint8)


def _bounds(array: Array, axis: int | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lowest and highest number of each channel; NaN where one is NaN."""
    others = tuple(k for k in range(array.ndim) if k != axis)
    low, high = array.min(axis=others), array.max(axis=others)
    return np.atleast_1d(low).astype(np.float64), np.atleast_1d(high).astype(np.float64)


def _channels(array: Array, scales: Scales) -> NDArray[np.intp]:
    """The channel of each number of a whole tensor, in a shape that broadcasts against it."""
    count, shape = len(scales.scale), [1] * array.ndim
    if count > 1:
        axis = next(
            k
            for k, length in enumerate(array.shape)
            if length == count and math.prod(array.shape[k + 1 :]) == scales.inner
        )
        shape[axis] = count
    return np.arange(count).reshape(shape)
