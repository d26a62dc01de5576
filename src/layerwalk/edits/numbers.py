"""Numbers of an edit: one, or a table of them."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

from layerwalk.errors import EditError

__all__ = ["Numbers", "checked_numbers", "spelled"]

Numbers: TypeAlias = "float | tuple[Numbers, ...]"


def checked_numbers(numbers: Any, where: str) -> None:
    """Look that all of them are finite numbers, in rows of the same length.

    Raises
    ------
    EditError
        They are not.
    """
    _shape(numbers, where)


def _shape(numbers: Any, where: str) -> tuple[int, ...]:
    if isinstance(numbers, tuple):
        shapes = {_shape(item, where) for item in numbers}
        if len(shapes) != 1:
            raise EditError(
                "its rows are not of one length", where=where, mend="give as many for each"
            )
        return (len(numbers), *shapes.pop())
    if isinstance(numbers, bool) or not isinstance(numbers, int | float):
        raise EditError(f"{numbers!r} is no number", where=where)
    if not math.isfinite(numbers):
        raise EditError(f"{numbers} is not finite", where=where, mend="give a number")
    return ()


def spelled(numbers: Numbers) -> str:
    """Numbers in a few words.

    Examples
    --------
    >>> spelled(0.5), spelled(((0.0, 1.0), (1.0, 0.0))), spelled((1.0,) * 9)
    ('0.5', '0 1; 1 0', '9 numbers')
    """
    if not isinstance(numbers, tuple):
        return f"{numbers:g}"
    rows = [row if isinstance(row, tuple) else (row,) for row in numbers]
    flat = all(not isinstance(item, tuple) for row in rows for item in row)
    if flat and len(rows) <= 5 and max(map(len, rows)) <= 5:
        return "; ".join(" ".join(spelled(item) for item in row) for row in rows)
    return f"{_count(numbers)} numbers"


def _count(numbers: Numbers) -> int:
    return sum(map(_count, numbers)) if isinstance(numbers, tuple) else 1
