"""The few values far from all others: where a scale may end before them, and how that is told."""

from __future__ import annotations

from typing import Final

import numpy as np

from layerwalk.record import Array
from layerwalk.render.numerals import tell

__all__ = ["reach", "tell_beyond"]

_SHARE: Final = 99.5
_MANY: Final = 1000


def reach(array: Array) -> float:
    """The largest size; of many values that within which all but 0.5 % of them lie.

    A scale from zero, or about it, that ends there shows the others, too. NaN and infinity are
    left out.

    Examples
    --------
    >>> reach(np.array([-3.0, 1.0])), reach(np.append(np.ones(1000), 500.0))
    (3.0, 1.0)
    """
    sizes = np.abs(array[np.isfinite(array)])
    most = float(np.percentile(sizes, _SHARE)) if sizes.size >= _MANY else 0.0
    # Where nearly all is zero the largest is the end.
    return most or float(sizes.max(initial=0.0))


def tell_beyond(array: Array, end: float) -> str:
    """What a scale that ends there, on both sides of zero, leaves out; ``""`` where nothing.

    Examples
    --------
    >>> tell_beyond(np.array([1.0, 7.0, -2.0]), 1.5), tell_beyond(np.array([1.0]), 1.5)
    ('2 beyond, to 7', '')
    """
    finite = array[np.isfinite(array)]
    count = int((np.abs(finite) > end).sum())
    if not count:
        return ""
    return f"{count:,} beyond, to {tell(float(finite[np.abs(finite).argmax()]))}"
