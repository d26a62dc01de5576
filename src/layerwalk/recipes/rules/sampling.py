"""Where a resized row reads the row it was made from, and with what weights.

The framework works the positions out in the precision of the numbers that it resizes, and
the weights of a wide row are off by a few 1e-6 from the exact ones: here the same arithmetic
is done, with the same roundings.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Resizing", "Row", "cubic", "linear", "nearest", "nearest_exact", "smooth"]

Numbers: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Resizing:
    """One dimension that is resized: from ``before`` positions to ``after``.

    ``factor`` is the scale factor, if the size was given by one; ``double`` says whether
    float64 numbers are resized (all others are in float32).
    """

    before: int
    after: int
    factor: float | None = None
    align_corners: bool = False
    double: bool = False

    @property
    def type(self) -> type[np.floating[Any]]:
        """The precision of positions and weights."""
        return np.float64 if self.double else np.float32

    @property
    def scale(self) -> Any:
        """How far apart two outputs lie in the input."""
        real = self.type
        if self.align_corners:
            return real(real(self.before - 1) / real(self.after - 1)) if self.after > 1 else real(0)
        if self.factor is not None and self.factor > 0:
            return real(1.0 / self.factor)
        return real(real(self.before) / real(self.after))

    def fused(self, a: Any, b: Any, c: Any) -> Numbers:
        """The rounded a * b + c, as processors work it out in one instruction."""
        wide = np.longdouble if self.double else np.float64
        found: Numbers = np.multiply(a, b, dtype=wide) + wide(c)
        return found.astype(self.type)

    def sources(self) -> Numbers:
        """Where the outputs' centres lie among the input's positions."""
        i = np.arange(self.after).astype(self.type)
        if self.align_corners:
            return np.asarray(self.scale * i)
        return self.fused(i + self.type(0.5), self.scale, self.type(-0.5))


@dataclass(frozen=True, slots=True)
class Row:
    """For each output the positions that it reads (-1: none) and their weights."""

    positions: Numbers
    weights: Numbers


def nearest(row: Resizing, *, by_size: bool) -> Numbers:
    """The position that each output takes: the one at or before it.

    ``by_size`` says whether the framework copies or doubles by the sizes alone, whatever the
    scale factor: it does so for maps with two dimensions.
    """
    i = np.arange(row.after)
    if by_size and row.after in (row.before, 2 * row.before):
        return i // (row.after // row.before)
    return _at(i.astype(row.type) * row.scale, row)


def nearest_exact(row: Resizing) -> Numbers:
    """The position that each output takes: the one nearest to its centre."""
    i = np.arange(row.after).astype(row.type)
    return _at((i + row.type(0.5)) * row.scale, row)


def _at(sources: Numbers, row: Resizing) -> Numbers:
    # Rounded down as float32, even where float64 is resized.
    found: Numbers = np.floor(sources.astype(np.float32)).astype(np.int64)
    return np.minimum(found, row.before - 1)


def _same(row: Resizing) -> Row:
    positions = np.arange(row.after)[:, None]
    return Row(positions, np.ones(positions.shape, dtype=row.type))


def linear(row: Resizing) -> Row:
    """The two neighbours of each output, by their distance; its own where the size stays."""
    if row.after == row.before:  # whatever the scale factor
        return _same(row)
    source = np.maximum(row.sources(), 0)
    left = np.minimum(np.floor(source).astype(np.int64), row.before - 1)
    right = np.minimum(left + 1, row.before - 1)
    share = np.clip(source - left.astype(row.type), 0, 1).astype(row.type)
    return Row(np.stack([left, right], 1), np.stack([row.type(1) - share, share], 1))


def cubic(row: Resizing) -> Row:
    """The four neighbours of each output, by cubic convolution with a = -0.75 (Keys, 1981)."""
    source = row.sources()
    first = np.minimum(np.floor(source).astype(np.int64), row.before - 1)
    t = np.clip(source - first.astype(row.type), 0, 1).astype(row.type)
    a, one = -0.75, row.type(1)

    def near(x: Numbers) -> Numbers:
        inner = row.fused(row.type(a + 2), x, row.type(-(a + 3)))
        found: Numbers = inner * x * x + one
        return found

    def far(x: Numbers) -> Numbers:
        inner = row.fused(row.type(a), x, row.type(-5 * a))
        found: Numbers = row.fused(inner, x, row.type(8 * a)) * x - row.type(4 * a)
        return found

    weights = [far(t + one), near(t), near(one - t), far(one - t + one)]
    positions = np.clip(first[:, None] + np.arange(-1, 3), 0, row.before - 1)
    return Row(positions, np.stack(weights, 1))


def _triangle(x: Numbers, row: Resizing) -> Numbers:
    found: Numbers = np.maximum(row.type(1) - np.abs(x), row.type(0))
    return found


def _cubic_of_pillow(x: Numbers, row: Resizing) -> Numbers:
    a, x, real = -0.5, np.abs(x), row.type
    near = row.fused(row.fused(real(a + 2), x, real(-(a + 3))) * x, x, real(1))
    far = row.fused(row.fused(real(a), x, real(-5 * a)), x, real(8 * a))
    far = row.fused(far, x, real(-4 * a))
    return np.where(x < 1, near, np.where(x < 2, far, real(0)))


_FILTERS = {2: _triangle, 4: _cubic_of_pillow}


def smooth(row: Resizing, width: int) -> Row:
    """All positions under each output's filter, which grows as the row shrinks (antialias).

    ``width`` is that of the filter where nothing shrinks: 2 (linear) or 4 (cubic). The
    weights of an output sum to 1.
    """
    if row.after == row.before:
        return _same(row)
    real, scale = row.type, row.scale
    grown = max(scale, real(1))
    support = real(real(width * 0.5) * grown)
    centre = ((np.arange(row.after) + 0.5) * np.float64(scale)).astype(real)
    start = np.maximum((centre - support + 0.5).astype(np.int64), 0)
    end = np.minimum((centre + support + 0.5).astype(np.int64), row.before)
    count = np.clip(end - start, 0, math.ceil(support) * 2 + 1)
    j = np.arange(max(int(count.max(initial=1)), 1))
    used = j < count[:, None]
    offsets = (start[:, None] + j).astype(real) - centre[:, None]
    far = ((offsets + 0.5) * np.float64(real(1) / grown)).astype(real)
    weights = np.where(used, _FILTERS[width](far, row), real(0))
    # One after the other, as the framework adds them up.
    total = np.add.accumulate(weights, 1)[:, -1:]
    weights = np.divide(weights, total, out=weights, where=total != 0)
    return Row(np.where(used, start[:, None] + j, -1), weights)
