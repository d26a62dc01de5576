"""A filter's numbers as text: what a user types, and how it is written down again."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError

__all__ = ["print_form", "read_matrix", "spell_matrix"]

_NUMBER: Final = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_ENTRY: Final = re.compile(rf"({_NUMBER})(?:/({_NUMBER}))?")
_FACTORED: Final = re.compile(
    rf"(?P<factor>{_NUMBER}(?:/{_NUMBER})?)\s*[*×]?\s*[(\[](?P<rows>.*)[)\]]",  # noqa: RUF001
    re.DOTALL,
)
_MINUS: Final = "\N{MINUS SIGN}"
_LONGEST: Final = 10_000  # letters: 121 numbers of full length are a third of it
_LARGEST_DIVISOR: Final = 1024
_SHORT_DIVISOR: Final = 64
_LARGEST_WHOLE: Final = 1e9
_MEND: Final = 'write rows like "0 1 0; 1 -4 1; 0 1 0" or JSON like [[0, 1], [1, 0]]'


def read_matrix(text: str) -> list[list[float]]:
    """The rows of numbers in a text; they may be of different lengths.

    Rows end with semicolons or lines, numbers with spaces or commas; a number may be a
    fraction, and a factor may stand before the whole in brackets. A text with nested
    brackets is JSON, in which a fraction is a string.

    Examples
    --------
    >>> read_matrix("0 1/2; -1, .5")
    [[0.0, 0.5], [-1.0, 0.5]]
    >>> read_matrix("1/16 * (1 2 1; 2 4 2; 1 2 1)")[0]
    [0.0625, 0.125, 0.0625]
    >>> read_matrix('[[0, "1/4"], [1e1, 2]]')
    [[0.0, 0.25], [10.0, 2.0]]

    Raises
    ------
    LayerwalkError
        The text is empty, too long, no JSON, or has something in it that is no number.
    """
    if len(text) > _LONGEST:
        raise LayerwalkError(
            f"a text of {len(text):,} letters is no filter", where="filter", mend=_MEND
        )
    bare = re.sub(r"\s*/\s*", "/", text.replace(_MINUS, "-")).strip()
    if re.match(r"\[\s*\[", bare):
        return _read_json(bare, text)
    factor = "1"
    if found := _FACTORED.fullmatch(bare):
        factor, bare = found["factor"], found["rows"]
    elif bare[:1] in ("[", "(") and bare[-1:] in ("]", ")"):
        bare = bare[1:-1]
    rows = [row for row in re.split(r"[;\n]", bare) if row.strip()]
    if not rows:
        raise _wrong(text, "there is no number in it")
    return [
        [_number(entry, factor, text) for entry in re.split(r"[\s,]+", row.strip(" \t\r,"))]
        for row in rows
    ]


def print_form(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    """The numbers to print and the one number, up to 1024, that all are divided by.

    The divisor is 1, and the matrix as it is, where one decimal tells it; where no divisor
    gives it bit for bit; and where two decimals are shorter than a divisor above 64.

    Examples
    --------
    >>> numbers, divisor = print_form(np.full((1, 2), 1 / 9))
    >>> numbers.tolist(), divisor
    ([[1.0, 1.0]], 9)
    >>> [print_form(np.array([[number]]))[1] for number in (0.5, 0.25, 0.01, 0.1234567)]
    [1, 4, 1, 1]
    """
    if np.abs(matrix).max() > _LARGEST_WHOLE or np.array_equal(np.round(matrix, 1), matrix):
        return matrix, 1
    short = np.array_equal(np.round(matrix, 2), matrix)
    for divisor in range(2, (_SHORT_DIVISOR if short else _LARGEST_DIVISOR) + 1):
        numbers = np.rint(matrix * divisor)
        if np.array_equal(numbers / divisor, matrix):
            return numbers, divisor
    return matrix, 1


def spell_matrix(matrix: NDArray[np.float64]) -> str:
    """The matrix as text that :func:`read_matrix` reads back bit for bit.

    Examples
    --------
    >>> spell_matrix(np.array([[0.0, 0.25], [-1.0, 0.0]]))
    '1/4 * (0 1; -4 0)'
    >>> spell_matrix(np.full((1, 3), 1 / 3))
    '1/3 * (1 1 1)'
    """
    numbers, divisor = print_form(matrix)
    return _rows(numbers) if divisor == 1 else f"1/{divisor} * ({_rows(numbers)})"


def _rows(matrix: NDArray[Any]) -> str:
    return "; ".join(" ".join(_plain(float(number)) for number in row) for row in matrix)


def _plain(number: float) -> str:
    whole = number == int(number) and abs(number) < 1e15
    return str(int(number)) if whole else repr(number)


def _read_json(bare: str, text: str) -> list[list[float]]:
    try:
        rows = json.loads(bare)
    except (ValueError, RecursionError) as error:
        said = str(error).partition(":")[0].lower()
        raise _wrong(text, f"it begins like JSON, but is none ({said})") from None
    if not all(isinstance(row, list) and row for row in rows):
        raise _wrong(text, "not every part of it is a row of numbers")
    return [[_number(_told(entry), "1", text) for entry in row] for row in rows]


def _told(entry: object) -> str:
    if isinstance(entry, str):
        return re.sub(r"\s*/\s*", "/", entry).strip()
    return json.dumps(entry)


def _number(entry: str, factor: str, text: str) -> float:
    found, scaled = _ENTRY.fullmatch(entry), _ENTRY.fullmatch(factor)
    if not found or not scaled:
        raise _wrong(text, f"{_shortened(entry)} is no number")
    over, under = (
        float(found[part] or 1) * float(scaled[part] or 1) for part in (1, 2)
    )  # one division, so that 1/3 * 2 is 2/3 bit for bit
    if under == 0:
        raise _wrong(text, f"{_shortened(entry)} divides by zero")
    number = over / under
    if not np.isfinite(number):
        raise _wrong(text, f"{_shortened(entry)} is too large a number")
    return number


def _wrong(text: str, what: str) -> LayerwalkError:
    return LayerwalkError(what, where=f"filter {_shortened(text.strip())}", mend=_MEND)


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
