"""Numbers of an edit: one, or a table of them."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from numbers import Real
from typing import Any, Final, TypeAlias

import numpy as np

from layerwalk.errors import EditError
from layerwalk.filters.notation import print_form

__all__ = [
    "Numbers",
    "as_number",
    "as_numbers",
    "shape_of",
    "spelled",
    "spelled_matrix",
    "spelled_number",
]

Numbers: TypeAlias = "float | tuple[Numbers, ...]"

_LARGEST_SIDE: Final = 5  # what a line has room for; more is told by its count


def as_number(given: Any, where: str) -> float:
    """One finite number as a float.

    Examples
    --------
    >>> as_number(np.float32(0.5), "relu"), as_number(2, "relu")
    (0.5, 2.0)

    Raises
    ------
    EditError
        It is none.
    """
    given = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(given, bool) or not isinstance(given, Real):
        raise EditError(f"{given!r} is no number"[:200], where=where)
    try:
        number = float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise EditError(f"{number} is not finite", where=where, mend="give a number")
    return number


def as_numbers(given: Any, where: str) -> Numbers:
    """Finite numbers as tuples of floats, of a number, nested lists, an array or a tensor.

    Examples
    --------
    >>> as_numbers([[0, 1], [0.5, -1]], "conv.weight")
    ((0.0, 1.0), (0.5, -1.0))

    Raises
    ------
    EditError
        Something in it is no finite number, or its rows are not of one length.
    """
    plain = given.tolist() if hasattr(given, "tolist") else given
    if not isinstance(plain, (list, tuple)):
        return as_number(plain, where)
    if not plain:
        raise EditError("there are no numbers", where=where, mend="give some")
    if set(map(type, plain)) == {float} and all(map(math.isfinite, plain)):
        return tuple(plain)  # a row as weights have them by the million
    numbers = tuple([as_numbers(item, where) for item in plain])
    if len({shape_of(item) for item in numbers}) != 1:
        raise EditError("its rows are not of one length", where=where, mend="give as many for each")
    return numbers


def shape_of(numbers: Numbers) -> tuple[int, ...]:
    """How long a table is along each axis; ``()`` for one number.

    Examples
    --------
    >>> shape_of(((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)))
    (2, 3)
    """
    return (len(numbers), *shape_of(numbers[0])) if isinstance(numbers, tuple) else ()


def spelled_number(number: float) -> str:
    """The shortest text that is read back as the very same number; the page writes it alike.

    Examples
    --------
    >>> spelled_number(2.0), spelled_number(1 / 3), spelled_number(1e-7), spelled_number(-0.0)
    ('2', '0.3333333333333333', '1e-7', '-0')
    """
    digits = repr(number + 0.0) if number else f"{math.copysign(0, number):.0f}"
    if 1e-6 <= abs(number) < 1e21:
        digits = f"{Decimal(digits):f}"
    return re.sub(r"e([-+])0*", r"e\1", digits).removesuffix(".0")


def spelled(numbers: Numbers) -> str:
    """Numbers in a few words: a small table in full, a larger one by its count.

    Examples
    --------
    >>> spelled(0.5), spelled(((0.0, 1.0), (1.0, 0.0))), spelled((1.0,) * 9)
    ('0.5', '0 1; 1 0', '(9 numbers)')
    """
    shape = shape_of(numbers)
    if len(shape) > 2 or max(shape, default=0) > _LARGEST_SIDE:
        return f"({math.prod(shape)} numbers)"
    rows = numbers if isinstance(numbers, tuple) else (numbers,)
    return "; ".join(
        " ".join(map(_spelled_cell, row)) if isinstance(row, tuple) else spelled_number(row)
        for row in rows
    )


def spelled_matrix(matrix: Numbers) -> str:
    """A filter's numbers: with what all are divided by, where that is shorter.

    Examples
    --------
    >>> spelled_matrix(((1 / 9,) * 3,) * 2), spelled_matrix(((0.0, 1.0),))
    ('1/9 * (1 1 1; 1 1 1)', '0 1')
    """
    if max(shape_of(matrix)) > _LARGEST_SIDE:
        return spelled(matrix)
    whole, divisor = print_form(np.array(matrix))
    rows = spelled(as_numbers(whole, "filter"))
    return rows if divisor == 1 else f"1/{divisor} * ({rows})"


def _spelled_cell(number: Numbers) -> str:
    return spelled(number) if isinstance(number, tuple) else spelled_number(number)
