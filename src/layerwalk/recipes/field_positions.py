"""Sets of positions along one dimension: a range where there are no holes, else an array."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Positions", "as_array", "collected", "ends", "united", "within"]

# Ranges have step 1; arrays are sorted and have holes.
Positions: TypeAlias = range | NDArray[np.int64]


def collected(numbers: NDArray[Any]) -> Positions:
    """The set of the whole numbers of an array, in whatever order and number they stand.

    Examples
    --------
    >>> collected(np.array([3, 1, 2, 2])), collected(np.array([4, 0]))
    (range(1, 4), array([0, 4]))
    """
    if numbers.size == 0:
        return range(0)
    low, high = int(numbers.min()), int(numbers.max())
    length = high - low + 1
    if length > 8 * numbers.size:  # too sparse for a row of flags
        return np.unique(numbers).astype(np.int64)
    flags = np.zeros(length, dtype=bool)
    flags[numbers.reshape(-1) - low] = True
    return range(low, high + 1) if flags.all() else np.flatnonzero(flags).astype(np.int64) + low


def as_array(positions: Positions) -> NDArray[np.int64]:
    """The positions as a sorted array."""
    if isinstance(positions, range):
        return np.arange(positions.start, positions.stop, dtype=np.int64)
    return positions


def united(one: Positions, other: Positions) -> Positions:
    """The positions that are in either set."""
    if one is other or not len(other):
        return one
    if not len(one):
        return other
    if isinstance(one, range) and isinstance(other, range):
        if one == other:
            return one
        if one.start <= other.stop and other.start <= one.stop:
            return range(min(one.start, other.start), max(one.stop, other.stop))
    return collected(np.concatenate([as_array(one), as_array(other)]))


def within(positions: Positions, stop: int, start: int = 0) -> Positions:
    """The positions from ``start`` to ``stop`` - 1; the set itself where all of them are."""
    if not len(positions) or (positions[0] >= start and positions[-1] < stop):
        return positions
    if isinstance(positions, range):
        first = max(positions.start, start)
        return range(first, max(min(positions.stop, stop), first))
    return collected(positions[(positions >= start) & (positions < stop)])


def ends(positions: Positions) -> tuple[int, int]:
    """The first position and the one past the last; (0, 0) of no positions."""
    return (int(positions[0]), int(positions[-1]) + 1) if len(positions) else (0, 0)
