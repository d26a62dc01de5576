"""What a user may give for an op, for channels and for a place in a weight."""

from __future__ import annotations

import operator
from typing import Any, TypeAlias

from layerwalk.errors import EditError
from layerwalk.record import Op, Value

__all__ = ["Channels", "Named", "as_channels", "as_name", "as_whole", "as_wholes"]

Named: TypeAlias = "str | Op | Value"
"""The name of an op or weight, or itself."""

Channels: TypeAlias = Any
"""A channel's number, or several in a list, a range or an array."""


def as_name(given: Any, where: str = "edit") -> str:
    """The name that was meant, in which an edit outlives the trace.

    Examples
    --------
    >>> import layerwalk as lw
    >>> as_name(lw.trace(lw.load_model("edges"), "sample:cat")["relu"])
    'relu'

    Raises
    ------
    EditError
        It is none.
    """
    name = given.name if isinstance(given, Op | Value) else given
    if not isinstance(name, str) or not name:
        raise EditError(
            f"{given!r} is no name"[:200], where=where, mend="name an op, or give the op itself"
        )
    return name


def as_whole(given: Any, where: str, what: str) -> int:
    """A whole number as Python's own, also of NumPy's.

    Examples
    --------
    >>> import numpy as np
    >>> as_whole(np.int64(3), "relu", "channel")
    3

    Raises
    ------
    EditError
        It is none: a truth value, a fraction, something else.
    """
    try:
        if not isinstance(given, bool):
            return operator.index(given)
    except TypeError:
        pass
    raise EditError(f"{given!r} is no {what}"[:200], where=where, mend="give a whole number")


def as_wholes(given: Any, where: str, what: str) -> tuple[int, ...]:
    """Whole numbers of one, or of a sequence of them.

    Examples
    --------
    >>> as_wholes(range(3), "relu", "channel"), as_wholes(4, "relu", "channel")
    ((0, 1, 2), (4,))

    Raises
    ------
    EditError
        One of them is none.
    """
    plain = given.tolist() if hasattr(given, "tolist") else given
    if not isinstance(plain, (list, tuple, range)):
        return (as_whole(plain, where, what),)
    return tuple([as_whole(item, where, what) for item in plain])


def as_channels(given: tuple[Channels, ...], op: str) -> tuple[int, ...]:
    """Channels as they were given one after the other, each one or several; none for all.

    Examples
    --------
    >>> as_channels((0, [2, 5]), "relu"), as_channels((), "relu")
    ((0, 2, 5), ())

    Raises
    ------
    EditError
        One of them is none; or a list has none in it, which is not to mean all.
    """
    every = [as_wholes(item, op, "channel") for item in given]
    if not all(every):
        raise EditError(
            "an empty list names no channel", where=op, mend="leave it out to change all of them"
        )
    return tuple([channel for several in every for channel in several])
