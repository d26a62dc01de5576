"""How far two arrays of one shape are apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Array

__all__ = ["Measure", "apart", "measure"]

_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Measure:
    """How far an array is from a reference; sums are kept in float64.

    Where one of the two holds NaN or an infinity the error is not a number, so such places are
    left out of the errors and counted.

    Attributes
    ----------
    count
        How many numbers there are.
    unequal
        How many of them differ at all.
    max_error, mean_error
        Of the absolute differences; 0.0 where there is nothing to compare.
    relative_error
        Norm of the difference over the norm of the reference; infinite where the reference is
        zero everywhere and the other is not.
    cosine
        Of the angle between the two; NaN where just one of them is zero everywhere.
    snr
        Signal to noise in dB, -20 log10(relative_error): infinite where nothing differs.
    worst
        Where the greatest error is; ``None`` where nothing differs.
    flawed
        Places where one is NaN or infinite and the other is not the same.
    nan, infinite
        How many there are in the reference and in the other.
    """

    count: int
    unequal: int
    max_error: float
    mean_error: float
    relative_error: float
    cosine: float
    snr: float
    worst: tuple[int, ...] | None
    flawed: int
    nan: tuple[int, int]
    infinite: tuple[int, int]

    def within(self, tolerance: float) -> bool:
        """Whether the relative error is no larger, and NaN and infinities are the same."""
        return self.flawed == 0 and self.relative_error <= tolerance


def measure(reference: Array, other: Array) -> Measure:
    """How far ``other`` is from ``reference``, both of one shape.

    Raises
    ------
    ValueError
        The shapes differ.

    Examples
    --------
    >>> import numpy as np
    >>> found = measure(np.array([3.0, 4.0]), np.array([3.0, 4.5]))
    >>> found.max_error, found.relative_error, found.snr, found.worst
    (0.5, 0.1, 20.0, (1,))
    """
    if reference.shape != other.shape:
        raise ValueError(f"shapes {reference.shape} and {other.shape} differ")
    sums = _Sums()
    for start, one, two in _blocks(reference, other):
        sums.add(start, one, two)
    return sums.result(reference.shape)


def apart(reference: Array, other: Array) -> NDArray[np.float64]:
    """The absolute differences: 0 where both are the same NaN or infinity, NaN where one is.

    >>> import numpy as np
    >>> apart(np.array([1.0, np.nan, np.inf]), np.array([1.5, np.nan, 2.0]))
    array([0.5, 0. , nan])
    """
    one, two = _wide(reference), _wide(other)
    with np.errstate(invalid="ignore", over="ignore"):
        found = np.abs(two - one)
        found[(one == two) | (np.isnan(one) & np.isnan(two))] = 0
    found[~np.isfinite(found)] = np.nan
    return np.asarray(found, dtype=np.float64)


def _blocks(one: Array, two: Array) -> Iterator[tuple[int, Array, Array]]:
    flat, other = one.reshape(-1), two.reshape(-1)
    for start in range(0, flat.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        yield start, _wide(flat[part]), _wide(other[part])


def _wide(array: Array) -> Array:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


@dataclass(slots=True)
class _Sums:
    """What the blocks so far add up to."""

    count: int = 0
    unequal: int = 0
    compared: int = 0
    largest: float = 0.0
    total: float = 0.0
    noise: float = 0.0  # sums of squares, from here on
    first: float = 0.0
    second: float = 0.0
    product: float = 0.0
    place: int = -1
    flawed: int = 0
    nan: tuple[int, int] = (0, 0)
    infinite: tuple[int, int] = (0, 0)

    def add(self, start: int, one: Array, two: Array) -> None:
        good = np.isfinite(one) & np.isfinite(two)
        same = one == two
        if not good.all():
            same |= np.isnan(one) & np.isnan(two)
            self.flawed += int(np.count_nonzero(~good & ~same))
            self.nan = _plus(self.nan, np.isnan(one), np.isnan(two))
            self.infinite = _plus(self.infinite, np.isinf(one), np.isinf(two))
            one, two = np.where(good, one, 0), np.where(good, two, 0)
        self.count += one.size
        self.unequal += one.size - int(np.count_nonzero(same))
        self.compared += int(np.count_nonzero(good))
        with np.errstate(over="ignore", invalid="ignore"):
            error = np.abs(two - one)
            self.total += float(error.sum())
            self.noise += _inner(error, error)
            self.first += _inner(one, one)
            self.second += _inner(two, two)
            self.product += _inner(one, two)
        at = int(np.argmax(error)) if error.size else 0
        if error.size and error[at] > self.largest:
            self.largest, self.place = float(error[at]), start + at

    def result(self, shape: tuple[int, ...]) -> Measure:
        relative = _ratio(math.sqrt(self.noise), math.sqrt(self.first))
        norms = math.sqrt(self.first) * math.sqrt(self.second)
        if norms > 0 and self.noise > 0:
            cosine = min(max(self.product / norms, -1.0), 1.0)
        else:
            cosine = 1.0 if self.first == self.second else math.nan
        worst = None
        if self.place >= 0:
            worst = tuple(int(part) for part in np.unravel_index(self.place, shape))
        return Measure(
            count=self.count,
            unequal=self.unequal,
            max_error=self.largest,
            mean_error=self.total / self.compared if self.compared else 0.0,
            relative_error=relative,
            cosine=cosine,
            snr=math.inf if relative == 0 else -20 * math.log10(relative),
            worst=worst,
            flawed=self.flawed,
            nan=self.nan,
            infinite=self.infinite,
        )


def _ratio(noise: float, signal: float) -> float:
    if noise == 0:
        return 0.0
    return noise / signal if signal > 0 else math.inf


def _plus(so_far: tuple[int, int], one: Array, two: Array) -> tuple[int, int]:
    return so_far[0] + int(np.count_nonzero(one)), so_far[1] + int(np.count_nonzero(two))


def _inner(one: Array, two: Array) -> float:
    """The inner product of two vectors, its real part.

    Not by BLAS, which starts a thread for each core: on cores that are busy waiting for them
    takes thirty times as long as the products.
    """
    return float(np.einsum("i,i->", one.conj(), two).real)
