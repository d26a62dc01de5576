"""Arguments of a call as JSON, and back, exactly.

Numbers, texts, true, false and null are themselves and a tuple is a list. What JSON cannot
spell is a table with one key: ``{"ref": 0}``, ``{"symbol": ["dtype", "float32"]}``,
``{"complex": [re, im]}``, ``{"float": "nan"}``.
"""

from __future__ import annotations

import math
from types import NoneType
from typing import TypeAlias, Union

from layerwalk.errors import FileError
from layerwalk.record import Argument, Ref, Symbol
from layerwalk.store.document import Damaged

__all__ = ["Json", "argument", "spelled"]

Json: TypeAlias = Union["dict[str, Json]", "list[Json]", str, int, float, bool, None]

_PLAIN = (int, NoneType, str, float, bool)
_ODD = ("nan", "inf", "-inf")


def spelled(item: Argument) -> Json:
    """Return an argument as JSON.

    Examples
    --------
    >>> spelled((1, Ref(0), float("inf")))
    [1, {'ref': 0}, {'float': 'inf'}]
    """
    if item is None or isinstance(item, bool | int | str):
        return item
    if isinstance(item, float):
        return item if math.isfinite(item) else {"float": repr(float(item))}
    if isinstance(item, complex):
        return {"complex": [spelled(item.real), spelled(item.imag)]}
    if isinstance(item, Ref):
        return {"ref": item.input}
    if isinstance(item, Symbol):
        return {"symbol": [item.type, item.name]}
    if isinstance(item, tuple):
        return [spelled(part) for part in item]
    raise FileError(f"an argument of type {type(item).__name__} cannot be stored")


def argument(item: object) -> Argument:
    """Return the argument that ``item`` spells; :class:`Damaged` where it spells none."""
    if isinstance(item, _PLAIN):
        return item
    if isinstance(item, list):
        return tuple([part if isinstance(part, _PLAIN) else argument(part) for part in item])
    if not isinstance(item, dict) or len(item) != 1:
        raise Damaged("an argument cannot be read")
    ((kind, content),) = item.items()
    if kind == "ref" and type(content) is int:  # the most frequent by far
        return Ref(content)
    match kind, content:
        case "float", str() if content in _ODD:
            return float(content)
        case "symbol", [str(type_), str(name)]:
            return Symbol(type_, name)
        case "complex", [real, imaginary]:
            return complex(_float(argument(real)), _float(argument(imaginary)))
        case _:
            raise Damaged(f"an argument of the kind {kind!r} cannot be read")


def _float(item: Argument) -> float:
    if not isinstance(item, float):
        raise Damaged("a complex number is not made of two numbers")
    return item
