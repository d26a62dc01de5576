"""Which part of a value is meant: ``"0,3:5"``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from layerwalk.record import Region
from layerwalk.surfaces.library.problem import RequestError

__all__ = ["parse_indices", "parse_region"]

_PART = re.compile(r"([0-9]{1,18})(?::([0-9]{1,18}))?")


def parse_region(text: str, shape: Sequence[int]) -> Region:
    """The region that a text names in a value of a shape; dimensions that it leaves out are whole.

    Examples
    --------
    >>> parse_region("0,3:5", (1, 64, 7, 7))
    (0, slice(3, 5, None))
    >>> parse_region("", (1, 64, 7, 7))
    ()

    Raises
    ------
    RequestError
        It is no region, or lies outside of the value.
    """
    if not text:
        return ()
    parts = text.split(",")
    if len(parts) > len(shape):
        raise _wrong(f"the region {text[:60]!r} has more dimensions than {_spelled(shape)}")
    region: list[slice | int] = []
    for part, length in zip(parts, shape, strict=False):
        match = _PART.fullmatch(part)
        if match is None:
            raise _wrong(f"{part[:60]!r} is no part of a region")
        first, stop = int(match[1]), match[2]
        inside = first < length if stop is None else first <= int(stop) <= length
        if not inside:
            raise _wrong(f"{part} lies outside of a dimension of length {length}")
        region.append(first if stop is None else slice(first, int(stop)))
    return tuple(region)


def parse_indices(text: str, what: str) -> tuple[int, ...]:
    """Whole numbers with commas between them, none of them negative.

    >>> parse_indices("0,3,10", "positions"), parse_indices("", "positions")
    ((0, 3, 10), ())

    Raises
    ------
    RequestError
        The text is something else.
    """
    if not text:
        return ()
    parts = text.split(",")
    if not all(re.fullmatch("[0-9]{1,18}", part) for part in parts):
        raise RequestError(f"{text[:60]!r} are no {what}", mend="give whole numbers: 0,3,10")
    return tuple(int(part) for part in parts)


def _wrong(what: str) -> RequestError:
    return RequestError(
        what, where="region", mend="give a position or first:stop for each dimension: 0,3:5"
    )


def _spelled(shape: Sequence[int]) -> str:
    return f"a value of shape {tuple(shape)}"
