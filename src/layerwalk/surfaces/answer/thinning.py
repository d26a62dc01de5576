"""The points of a long series that show in a drawing."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from layerwalk.runs import Series

__all__ = ["thinned"]


def thinned(series: Series, scale: Literal["log", "linear"], most: int) -> NDArray[np.int64]:
    """Which points of a series to draw: positions, in order.

    The width is divided into ``most`` equal parts; of a part with more than four points the first,
    the lowest, the highest and the last are kept, and the first that is no finite number. A line
    through them covers the same pixels as a line through all (Jugel et al. 2014, "M4: a
    visualization-oriented time series data aggregation").

    Examples
    --------
    >>> steps = np.arange(1000)
    >>> series = Series("loss", steps, np.sin(steps / 5.0), steps / 10)
    >>> len(thinned(series, "linear", 50)), len(thinned(series, "linear", 500))
    (157, 1000)
    """
    count = len(series)
    if count <= 4 * most:
        return np.arange(count)
    places = np.log1p(series.steps) if scale == "log" else series.steps.astype(np.float64)
    low, high = float(places[0]), float(places[-1])
    parts = np.minimum((places - low) * (most / (high - low or 1.0)), most - 1).astype(np.int64)
    kept: list[int] = []
    edges = [*np.flatnonzero(np.diff(parts)) + 1, count]
    first = 0
    for stop in map(int, edges):
        kept.extend(_few(series.values[first:stop], first))
        first = stop
    return np.array(kept, np.int64)


def _few(values: NDArray[np.float64], first: int) -> list[int]:
    """The positions that show of one part, which begins at ``first``."""
    if len(values) <= 4:
        return list(range(first, first + len(values)))
    found = {0, len(values) - 1}
    finite = np.isfinite(values)
    if finite.any():
        found |= {int(np.where(finite, values, np.inf).argmin())}
        found |= {int(np.where(finite, values, -np.inf).argmax())}
    if not finite.all():
        found |= {int((~finite).argmax())}
    return [first + one for one in sorted(found)]
