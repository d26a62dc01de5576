"""A filter: a small matrix with a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.filters.notation import print_form, spell_matrix

__all__ = ["LARGEST", "Filter"]

LARGEST: Final = 11
"""How many rows and columns a filter may have."""


@dataclass(frozen=True, eq=False, slots=True)
class Filter:
    """A small matrix that is laid over every place of a picture, with its name.

    Attributes
    ----------
    name
        What it is called: ``"sobel-x"``.
    matrix
        float64 of shape (height, width), 1 to 11 each way; read-only.
    about
        What it does, in a few words.

    Examples
    --------
    >>> difference = Filter("difference", [[-1, 1]], "brighter to the right")
    >>> difference.shape, difference.total, difference.text
    ((1, 2), 0.0, '-1 1')

    Raises
    ------
    LayerwalkError
        The matrix is no table of finite numbers, or too large.
    """

    name: str
    matrix: NDArray[np.float64] = field(repr=False)
    about: str = ""

    def __post_init__(self) -> None:
        matrix = _matrix(self.matrix, self.name)
        matrix.flags.writeable = False
        object.__setattr__(self, "matrix", matrix)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.matrix.shape
        return height, width

    @property
    def total(self) -> float:
        """The sum of its numbers, which it makes of an even picture of ones.

        1 keeps the brightness, 0 looks for changes.
        """
        return float(self.matrix.sum())

    @property
    def printed(self) -> tuple[NDArray[np.float64], int]:
        """The numbers as they are best printed, and what all of them are divided by.

        Whole numbers and a divisor up to 1024 where these are the matrix exactly and
        decimals would be longer; else the matrix and 1.
        """
        return print_form(self.matrix)

    @property
    def text(self) -> str:
        """The matrix in one line; :func:`.parse_filter` reads it back bit for bit."""
        return spell_matrix(self.matrix)


def _matrix(given: object, name: str) -> NDArray[np.float64]:
    mend = f"give rows of equal length, at most {LARGEST} x {LARGEST} numbers"
    try:
        matrix = np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        what = "it is no table of numbers"
        raise LayerwalkError(what, where=f"filter {name}", mend=mend) from None
    if matrix.ndim != 2 or matrix.size == 0:
        what = f"an array of shape {matrix.shape} is no filter"
        raise LayerwalkError(what, where=f"filter {name}", mend=mend)
    if max(matrix.shape) > LARGEST:
        what = f"{matrix.shape[0]} x {matrix.shape[1]} numbers are too many"
        raise LayerwalkError(what, where=f"filter {name}", mend=mend)
    if not np.isfinite(matrix).all():
        raise LayerwalkError(
            "not all of its numbers are finite", where=f"filter {name}", mend="give other numbers"
        )
    return matrix
