"""Values with their scale: by how much arithmetic in less precision may miss them.

A sum of products in float32 is off by a few 1e-7 of the sum of the *absolute* products,
which under cancellation is far more than of the sum itself. The scale of a value is that
sum of absolute terms, carried on through whatever is done with it afterwards: multiplied
where it is multiplied, and by the slope of a function behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.recipes.expression import FUNCTIONS, Expression

__all__ = ["Uncertain", "certain", "combined"]

Numbers = NDArray[Any]
_STEP = 1e-6
_SELECTING = frozenset(
    ("neg", "abs", "conj", "real", "imag", "max", "min", "clamp", "where", "choose")
)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Values, and of the same shape (or one that fits) their scales.

    ``sure`` are values that were read or selected, not reckoned: they carry no error on.
    """

    values: Numbers
    scales: Numbers
    sure: bool = False


def certain(values: Any) -> Uncertain:
    """Values that were read: their scale is their size."""
    values = np.asarray(values)
    if values.dtype.kind in "fc" and values.dtype not in (np.float64, np.complex128):
        values = values.astype(np.complex128 if values.dtype.kind == "c" else np.float64)
    return Uncertain(values, _size(values), sure=True)


def combined(expression: Expression, leaf: Callable[[Expression], Uncertain]) -> Uncertain:
    """The value of an expression, with its scale; ``leaf`` gives that of names and reads."""
    if isinstance(expression, (int, float)):
        return certain(expression)
    if isinstance(expression, str) or expression[0] not in FUNCTIONS:
        return leaf(expression)
    name = str(expression[0])
    parts = [combined(part, leaf) for part in expression[1:]]
    values = np.asarray(FUNCTIONS[name](*[part.values for part in parts]))
    selects = name in _SELECTING or values.dtype.kind not in "fc"
    if selects and all(part.sure for part in parts):
        return certain(values)
    return Uncertain(values, np.asarray(_scales(name, parts, values)))


def _size(values: Numbers) -> Numbers:
    return values.astype(np.float64) if values.dtype.kind == "b" else np.abs(values)


def _scales(name: str, parts: list[Uncertain], values: Numbers) -> Any:
    scales = [part.scales for part in parts]
    if name in ("add", "sub"):
        return FUNCTIONS["add"](*scales)
    if name == "mul":
        return _product(parts)
    if name in ("neg", "abs", "conj"):
        return scales[0]
    if name in ("max", "min"):
        return np.maximum(scales[0], scales[1])
    if name == "where":
        return np.where(parts[0].values, scales[1], scales[2])
    if name == "choose":
        half = (len(parts) - 1) // 2
        ends = [part.values for part in parts[1 : half + 1]]
        return FUNCTIONS["choose"](parts[0].values, *ends, *scales[half + 1 :])
    if values.dtype.kind not in "fc":
        return _size(values)
    return _size(values) + _slopes(name, parts)


def _product(parts: list[Uncertain]) -> Any:
    """What each reckoned factor's scale comes to beside the other factors' sizes.

    Not the product of the scales: the square of a difference that cancelled would get the
    square of a large scale, and a variance a margin in which any value fits.
    """
    size, scale, sure = _size(parts[0].values), parts[0].scales, parts[0].sure
    for part in parts[1:]:
        other = _size(part.values)
        if sure:
            scale = size * part.scales
        elif part.sure:
            scale = scale * other
        else:
            scale = scale * other + size * part.scales + _STEP * scale * part.scales
        size, sure = size * other, sure and part.sure
    # 0 times an infinite scale
    return scale if sure else np.where(np.isnan(scale), 0, scale)


def _slopes(name: str, parts: list[Uncertain]) -> Any:
    """How far the value moves when each reckoned argument moves by its scale."""
    total: Any = 0.0
    given = [part.values for part in parts]
    here = FUNCTIONS[name](*given)
    for place, part in enumerate(parts):
        if part.sure or part.values.dtype.kind not in "fc":
            continue
        # To either side: next to the end of a function's domain there is but one.
        moved = [part.values + by * part.scales for by in (_STEP, -_STEP)]
        changes = [
            np.abs(FUNCTIONS[name](*given[:place], to, *given[place + 1 :]) - here) / _STEP
            for to in moved
        ]
        total = total + np.maximum(*[np.where(np.isfinite(c), c, 0) for c in changes])
    return total
