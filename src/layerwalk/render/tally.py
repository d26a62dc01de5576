"""What an array holds, counted once: its range, its zeros and what is not a number."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from layerwalk.record import Array
from layerwalk.render.numerals import tell_chance, tell_range

__all__ = ["Tally", "tally"]


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of one array.

    Attributes
    ----------
    size
        How many values there are.
    low, high
        The least and the greatest finite value; NaN when there is none.
    zeros
        How many values are exactly zero.
    nan, infinite
        How many values are not numbers, and how many are infinite.
    """

    size: int
    low: float
    high: float
    zeros: int
    nan: int
    infinite: int

    @property
    def span(self) -> str:
        """The range in words: ``"0 to 12.18"``."""
        return "no finite value" if math.isnan(self.low) else tell_range(self.low, self.high)

    @property
    def share_of_zeros(self) -> str:
        """The zeros in per cent, ``"zeros 43.1 %"``; ``""`` when there are none."""
        if not self.zeros:
            return ""
        return f"zeros {tell_chance(self.zeros / self.size).replace('.0 %', ' %')}"

    @property
    def flaws(self) -> str:
        """The values that have no colour, ``"3 NaN, 1 infinite"``; ``""`` when all have."""
        counts = ((self.nan, "NaN"), (self.infinite, "infinite"))
        return ", ".join(f"{count} {name}" for count, name in counts if count)


def tally(array: Array) -> Tally:
    """The counts of an array of any shape and any real dtype.

    Examples
    --------
    >>> import numpy as np
    >>> tally(np.array([[0.0, -1.5], [2.0, np.nan]]))
    Tally(size=4, low=-1.5, high=2.0, zeros=1, nan=1, infinite=0)
    """
    array = np.asarray(array)
    zeros = array.size - int(np.count_nonzero(array))
    if array.size == 0:
        return Tally(0, math.nan, math.nan, 0, 0, 0)
    low, high = array.min(), array.max()
    # NaN and infinity always reach the minimum or the maximum, so a clean array, the
    # common case, is read twice and no mask is made.
    if np.isfinite(low) and np.isfinite(high):
        return Tally(array.size, float(low), float(high), zeros, 0, 0)
    nan = int(np.count_nonzero(np.isnan(array)))
    finite = array[np.isfinite(array)]
    infinite = array.size - finite.size - nan
    if finite.size == 0:
        return Tally(array.size, math.nan, math.nan, zeros, nan, infinite)
    return Tally(array.size, float(finite.min()), float(finite.max()), zeros, nan, infinite)
