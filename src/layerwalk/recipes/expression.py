"""Expressions: the small language in which recipes are written, as nested tuples.

An expression is a number, a name or a function of expressions in prefix form:
``("add", ("mul", 2, "y"), "u", -1)`` is ``2*y + u - 1``. Names are output axes, loops and
earlier steps; ``("read", k)`` is the recipe's k-th read. The same few functions serve
indices (whole numbers) and values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["FUNCTIONS", "Expression", "evaluate", "names_in", "reads_in", "spelled"]

Expression: TypeAlias = int | float | str | tuple["Expression", ...]
Numbers: TypeAlias = NDArray[Any]

_erf = np.frompyfunc(math.erf, 1, 1)


def _erf_of(x: Numbers) -> Numbers:
    return np.asarray(_erf(x), dtype=np.float64)


def _sigmoid(x: Numbers) -> Numbers:
    # By the sign, so that no exponential overflows.
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def _softplus(x: Numbers) -> Numbers:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _reflect(i: Numbers, n: Numbers) -> Numbers:
    """Mirrored at the first and the last element, which are not repeated."""
    period = 2 * (n - 1)
    i = np.mod(i, np.maximum(period, 1))
    mirrored: Numbers = np.minimum(i, period - i)
    return mirrored


def _rounded(x: Numbers, digits: int, least: int) -> Numbers:
    """The nearest float of so many binary digits whose exponents start at ``least``."""
    finite = np.where(np.isfinite(x), x, 0)
    _, exponents = np.frexp(finite)
    step = np.ldexp(1.0, np.maximum(exponents - 1, least) - digits + 1)
    found = np.where(np.isfinite(x), np.round(finite / step) * step, x)
    most = np.ldexp(2.0 - 2.0 ** (1 - digits), 1 - least)
    return np.where(np.abs(found) > most, np.copysign(np.inf, x), found)


def _choose(i: Numbers, *rest: Numbers) -> Numbers:
    """``choose(i, end0, end1, ..., x0, x1, ...)``: the first x whose end lies beyond i."""
    half = len(rest) // 2
    chosen: Numbers = np.select([i < end for end in rest[:half]], list(rest[half:]))
    return chosen


# What each function means; a page without Python has the same ones (see docs/recipes.md).
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": np.abs,
    "add": lambda *xs: sum(xs[1:], start=xs[0]),
    "and": np.logical_and,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "ceil": np.ceil,
    "choose": _choose,
    "clamp": lambda x, low, high: np.minimum(np.maximum(x, low), high),
    "conj": np.conj,
    "cos": np.cos,
    "div": np.true_divide,
    "eq": np.equal,
    "erf": _erf_of,
    "exp": np.exp,
    "expm1": np.expm1,
    "floor": np.floor,
    "floordiv": np.floor_divide,
    "ge": np.greater_equal,
    "gt": np.greater,
    "imag": np.imag,
    "isnan": np.isnan,
    "le": np.less_equal,
    "log": np.log,
    "log1p": np.log1p,
    "lt": np.less,
    "max": np.maximum,
    "min": np.minimum,
    "mod": np.mod,
    "mul": lambda *xs: math.prod(xs[1:], start=xs[0]),
    "ne": np.not_equal,
    "neg": np.negative,
    "not": np.logical_not,
    "or": np.logical_or,
    "pow": np.power,
    "real": np.real,
    "reflect": _reflect,
    "round": np.round,
    "rounded": _rounded,
    "sigmoid": _sigmoid,
    "sign": np.sign,
    "sin": np.sin,
    "softplus": _softplus,
    "sqrt": np.sqrt,
    "sub": np.subtract,
    "tan": np.tan,
    "tanh": np.tanh,
    "trunc": np.trunc,
    "where": np.where,
}


def evaluate(expression: Expression, leaf: Callable[[Expression], Any]) -> Any:
    """The value of an expression; ``leaf`` gives that of names and of reads and tables."""
    if isinstance(expression, (int, float)):
        return expression
    if isinstance(expression, str):
        return leaf(expression)
    function = FUNCTIONS.get(str(expression[0]))
    if function is None:
        return leaf(expression)
    return function(*[evaluate(part, leaf) for part in expression[1:]])


def _leaves(expression: Expression) -> Iterator[Expression]:
    """Names, reads and tables, wherever they stand."""
    if isinstance(expression, str):
        yield expression
    elif isinstance(expression, tuple):
        if expression[0] not in FUNCTIONS:
            yield expression
        for part in expression[1:]:
            yield from _leaves(part)


def names_in(expression: Expression) -> list[str]:
    """The names that an expression uses, each once, in the order in which they appear."""
    return list(dict.fromkeys(leaf for leaf in _leaves(expression) if isinstance(leaf, str)))


def reads_in(expression: Expression) -> list[int]:
    """The reads that an expression uses, each once."""
    found = [leaf for leaf in _leaves(expression) if isinstance(leaf, tuple)]
    return list(dict.fromkeys(int(str(leaf[1])) for leaf in found if leaf[0] == "read"))


_SIGNS = {
    "add": " + ", "sub": " - ", "mul": "*", "div": "/", "floordiv": " // ", "mod": " % ",
    "gt": " > ", "ge": " >= ", "lt": " < ", "le": " <= ", "eq": " == ", "ne": " != ",
    "pow": "^",
}  # fmt: skip
# A remainder or a whole quotient within a product stands in brackets: a*(b % c).
_BINDS = {"pow": 5, "mul": 4, "div": 4, "floordiv": 3, "mod": 3, "add": 2, "sub": 2}


def spelled(expression: Expression, read: Callable[[int], str] | None = None) -> str:
    """The expression as people write it; ``read`` says how a read is called.

    Examples
    --------
    >>> spelled(("add", ("mul", 2, "y"), "u", -1))
    '2*y + u - 1'
    """
    return _spelled(expression, read or (lambda k: f"r{k}"), 0)


def _spelled(expression: Expression, read: Callable[[int], str], outer: int) -> str:
    if isinstance(expression, float):
        text = f"{expression:.9g}"
        return f"({text})" if expression < 0 and outer > 2 else text
    if not isinstance(expression, tuple):
        return str(expression)
    name, parts = str(expression[0]), expression[1:]
    if name == "read":
        return read(int(str(parts[0])))
    if name == "neg":
        return f"-{_spelled(parts[0], read, 4)}"
    if name not in _SIGNS:
        return f"{name}({', '.join(_spelled(part, read, 0) for part in parts)})"
    binds = _BINDS.get(name, 1)
    # The right side of a - b and a / b binds tighter: a - (b - c).
    right = binds + (name in ("sub", "div", "floordiv", "mod", "pow"))
    texts = [_spelled(part, read, right if k else binds) for k, part in enumerate(parts)]
    text = _SIGNS[name].join(texts).replace("+ -", "- ")
    return f"({text})" if binds < outer else text
