"""What a user may give for a filter: its name, itself, a matrix, or a matrix as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from layerwalk.errors import LayerwalkError
from layerwalk.filters.catalogue import find_filter
from layerwalk.filters.filter import Filter
from layerwalk.filters.notation import read_matrix

__all__ = ["Kernel", "as_filter", "as_filters", "parse_filter"]

Kernel: TypeAlias = str | Filter | ArrayLike
"""A filter's name, a filter, a matrix, or a matrix as text."""

_OWN = "a matrix of your own"


def parse_filter(text: str, name: str = "matrix") -> Filter:
    """The filter whose matrix is written in a text.

    Rows end with semicolons or lines, numbers with spaces or commas; a number may be a
    fraction, and a factor may stand before the whole in brackets. JSON will do as well.

    Parameters
    ----------
    text
        Of any size up to 11 x 11, square or not.
    name
        What to call it.

    Examples
    --------
    >>> parse_filter("0 1 0; 1 -4 1; 0 1 0").shape
    (3, 3)
    >>> parse_filter("1/9 * (1 1 1; 1 1 1; 1 1 1)").matrix[0, 0].item() == 1 / 9
    True
    >>> parse_filter('[["1/2", 0, -0.5]]').matrix
    array([[ 0.5,  0. , -0.5]])

    Raises
    ------
    LayerwalkError
        The text is no matrix, its rows differ in length, or it is too large.
    """
    rows = read_matrix(text)
    lengths = [len(row) for row in rows]
    for number, length in enumerate(lengths, start=1):
        if length != lengths[0]:
            raise LayerwalkError(
                f"row {number} has a length of {length} and row 1 of {lengths[0]}",
                where=f"filter {text.strip()[:60]!r}",
                mend="give every row the same number of numbers",
            )
    return Filter(name, np.array(rows), _OWN)


def as_filter(kernel: Kernel, name: str = "matrix") -> Filter:
    """The filter that was meant; ``name`` is for a matrix, which has none.

    Examples
    --------
    >>> as_filter("emboss").name, as_filter("0 1; 1 0").name, as_filter([[1, 2, 1]]).shape
    ('emboss', 'matrix', (1, 3))

    Raises
    ------
    LayerwalkError
        There is no such name, or it is no matrix.
    """
    if isinstance(kernel, Filter):
        return kernel
    if isinstance(kernel, str):
        # What begins with a letter is no number.
        named = kernel.strip()[:1].isalpha() or not kernel.strip()
        return find_filter(kernel) if named else parse_filter(kernel, name)
    matrix: Any = kernel  # Filter takes what numpy takes
    return Filter(name, matrix, _OWN)


def as_filters(kernels: Kernel | Sequence[Kernel]) -> tuple[Filter, ...]:
    """The filters that were meant by one kernel or by a sequence of them.

    A list of lists of numbers is one matrix, an array of three dimensions several.

    Examples
    --------
    >>> [one.name for one in as_filters(["sobel-x", [[1, 1]], [[1], [1]]])]
    ['sobel-x', 'matrix 1', 'matrix 2']
    >>> len(as_filters([[0, 1], [1, 0]])), len(as_filters(np.ones((5, 3, 3))))
    (1, 5)

    Raises
    ------
    LayerwalkError
        There is none, or one of them is no filter.
    """
    given: Any = kernels
    if isinstance(given, (list, tuple)) and not given:
        raise LayerwalkError(
            "there is no filter among them",
            where="filters",
            mend="give a name, such as sobel-x, or a matrix",
        )
    if _depth(given) <= 2:
        return (as_filter(given),)
    every = list(given)
    unnamed = [at for at, one in enumerate(every) if not _has_name(one)]
    names = {at: f"matrix {count}" for count, at in enumerate(unnamed, start=1)}
    if len(unnamed) == 1:
        names = {unnamed[0]: "matrix"}
    return tuple(as_filter(one, names.get(at, "")) for at, one in enumerate(every))


def _has_name(kernel: object) -> bool:
    return isinstance(kernel, Filter) or (isinstance(kernel, str) and kernel.strip()[:1].isalpha())


def _depth(kernels: object) -> int:
    """How deep its numbers are nested; a filter and a text stand for a matrix."""
    if isinstance(kernels, (str, Filter)):
        return 2
    if isinstance(kernels, (list, tuple)):
        return 1 + (_depth(kernels[0]) if kernels else 0)
    return int(getattr(kernels, "ndim", 0))
