"""The window that a number was made from, laid out in rows and columns as people draw it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerwalk.recipes.explanation import Explanation, Terms
from layerwalk.record import Array, Value

__all__ = ["Plane", "Window", "window_of"]

_WIDEST = 11  # cells each way that can still be printed


@dataclass(frozen=True, eq=False)
class Plane:
    """The terms of one channel of the input; arrays of shape (h, w), NaN where there is none.

    Attributes
    ----------
    channel
        Position in all dimensions of the input before the window's own.
    numbers, weights, results
        What was read, what it was multiplied by (``None`` for pooling), what that gave.
    padding, absent
        Where the window lies beyond the input and padding was read; where there is no term.
    places
        Row and column on the input, (h, w, 2); beyond its ends where ``padding`` is true.
    """

    channel: tuple[int, ...]
    numbers: Array
    weights: Array | None
    results: Array
    padding: NDArray[np.bool_]
    absent: NDArray[np.bool_]
    places: NDArray[np.int64]

    @property
    def total(self) -> float:
        """The sum of the plane's terms."""
        return float(np.nansum(self.results))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """First row and column on the input, and those after the last."""
        inside = self.places[~self.absent]
        (top, left), (bottom, right) = inside.min(axis=0), inside.max(axis=0)
        return int(top), int(left), int(bottom) + 1, int(right) + 1


@dataclass(frozen=True, eq=False)
class Window:
    """All planes of a window: one for each channel that it goes through.

    Attributes
    ----------
    input, weight
        The values it was read from; ``weight`` is ``None`` for pooling.
    planes
        By channel.
    rank
        How many of the input's last dimensions the window lies in, 1 or 2.
    """

    input: Value
    weight: Value | None
    planes: tuple[Plane, ...]
    rank: int

    def holds(self, channel: tuple[int, ...]) -> bool:
        """Whether a plane lies in the input, not in the padding before or behind it."""
        lengths = self.input.shape[: len(channel)]
        return all(0 <= k < length for k, length in zip(channel, lengths, strict=True))


def window_of(explanation: Explanation, *, printed: bool = True) -> Window | None:
    """The window of an explanation; ``None`` where its terms do not form one.

    They do where each is a number of a map, or that times a weight, and lies in a row and a
    column of its own: convolution and pooling, but no matrix product and no mean over
    hundreds of places. With ``printed`` there must be more than one row or column, and no
    more than fit on a page; a film takes windows of every size.

    Examples
    --------
    >>> import layerwalk as lw
    >>> from layerwalk.recipes.explain import explain
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> window = window_of(explain(trace, "pool", (0, 1, 5, 7)))
    >>> [plane.box for plane in window.planes]
    [(10, 14, 12, 16)]
    """
    terms, main = explanation.terms, explanation.recipe.main
    plain = main is not None and _plain(main.term)
    if main is None or not plain or not len(terms) or terms.results.dtype.kind == "c":
        return None
    dimensions = len(terms.values[0].shape)
    rank = len(terms.values[1].shape) - 2 if len(terms.values) == 2 else len(main.loops)
    rank = min(rank, 2)
    if rank < 1 or dimensions <= rank or len(explanation.index) < rank:
        return None
    found = _laid(terms, rank, printed=printed)
    if found is None:
        return None
    weight = terms.values[1] if len(terms.values) == 2 else None
    return Window(terms.values[0], weight, found, rank)


def _plain(term: object) -> bool:
    """Whether a term is a number that was read, or the product of two."""
    if not isinstance(term, tuple):
        return False
    if term[0] == "mul":
        return len(term) == 3 and all(isinstance(p, tuple) and p[0] == "read" for p in term[1:])
    return bool(term[0] == "read")


def _laid(terms: Terms, rank: int, *, printed: bool) -> tuple[Plane, ...] | None:
    lead, own = terms.places[0][:, :-rank], terms.places[0][:, -rank:]
    # A kernel has its own rows and columns; the input's may repeat, where padding mirrors it.
    cells = terms.places[1][:, -rank:] if len(terms.values) == 2 else own
    if rank == 1:
        own, cells = (np.insert(each, 0, 0, axis=1) for each in (own, cells))
    channels, plane = np.unique(lead, axis=0, return_inverse=True)
    rows, row = np.unique(cells[:, 0], return_inverse=True)
    columns, column = np.unique(cells[:, 1], return_inverse=True)
    shape = (len(channels), len(rows), len(columns))
    if printed and (max(shape[1:]) > _WIDEST or shape[1] * shape[2] < 2):
        return None
    at = (plane.reshape(-1), row, column)
    if len(np.unique(np.ravel_multi_index(at, shape))) < len(terms):
        return None

    def grid(values: Array, empty: float) -> Array:
        made = np.full(shape, empty, dtype=np.float64)
        made[at] = values
        return made

    numbers, results = grid(terms.numbers[0], np.nan), grid(terms.results, np.nan)
    weights = grid(terms.numbers[1], np.nan) if len(terms.values) == 2 else None
    padding, present = grid(terms.padding[0], 0) > 0, grid(np.ones(len(terms)), 0) > 0
    places = np.stack([grid(own[:, k], -1) for k in range(2)], axis=-1).astype(np.int64)
    return tuple(
        Plane(
            tuple(channels[k].tolist()),
            numbers[k],
            None if weights is None else weights[k],
            results[k],
            padding[k],
            ~present[k],
            places[k],
        )
        for k in range(shape[0])
    )
