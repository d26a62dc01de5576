"""Which bytes of an answer are wanted."""

from __future__ import annotations

import re

__all__ = ["byte_range"]

_ONE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


def byte_range(header: str, size: int) -> range | None:
    """The bytes that the header ``Range`` names, of so many.

    ``None`` where it is none of one part: then all are sent, as RFC 9110 has it. Empty where
    there are no such bytes.

    Examples
    --------
    >>> byte_range("bytes=2-5", 10), byte_range("bytes=-3", 10), byte_range("bytes=8-", 10)
    (range(2, 6), range(7, 10), range(8, 10))
    >>> byte_range("bytes=10-", 10), byte_range("bytes=0-1,4-5", 10)
    (range(0, 0), None)
    """
    match = _ONE.fullmatch(header.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        found = range(max(size - int(match[2]), 0), size)
    else:
        first = int(match[1])
        last = int(match[2]) if match[2] else size - 1
        if match[2] and last < first:
            return None
        found = range(first, min(last + 1, size))
    return found or range(0)
