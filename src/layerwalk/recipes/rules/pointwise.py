"""Pointwise functions: each value from the one at the same place."""

from __future__ import annotations

import math

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe
from layerwalk.recipes.rules.operands import Operands, stored

__all__ = ["function", "logit", "nan_to_num", "negated", "one_hot", "rounded", "view_as_real"]

_X: Expression = ("read", 0)
_FUNCTIONS: dict[str, Expression] = {
    **{
        name: (name, _X)
        for name in (
            "abs", "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "tanh", "atan",
            "erf", "floor", "ceil", "trunc", "isnan", "real", "imag",
        )
    },
    "neg": ("neg", _X),
    # A NaN has the sign 0.
    **dict.fromkeys(("sign", "sgn"), ("where", ("gt", _X, 0), 1, ("where", ("lt", _X, 0), -1, 0))),
    "exp2": ("pow", 2.0, _X),
    "log2": ("div", ("log", _X), math.log(2)),
    "log10": ("div", ("log", _X), math.log(10)),
    "rsqrt": ("div", 1, ("sqrt", _X)),
    "square": ("mul", _X, _X),
    "reciprocal": ("div", 1, _X),
    "sinh": ("div", ("sub", ("exp", _X), ("exp", ("neg", _X))), 2),
    "cosh": ("div", ("add", ("exp", _X), ("exp", ("neg", _X))), 2),
    "asin": ("atan2", _X, ("sqrt", ("mul", ("sub", 1, _X), ("add", 1, _X)))),
    "acos": ("atan2", ("sqrt", ("mul", ("sub", 1, _X), ("add", 1, _X))), _X),
    "erfc": ("sub", 1, ("erf", _X)),
    "deg2rad": ("mul", math.pi / 180, _X),
    "rad2deg": ("mul", 180 / math.pi, _X),
    "frac": ("sub", _X, ("trunc", _X)),
    "isinf": ("eq", ("abs", _X), math.inf),
    "isfinite": ("lt", ("abs", _X), math.inf),
    "logical_not": ("not", _X),
    "_conj": ("conj", _X),
    "angle": ("atan2", ("imag", _X), ("real", _X)),
}  # fmt: skip
_LARGEST = {
    "float64": 1.7976931348623157e308, "float32": 3.4028234663852886e38,
    "float16": 65504.0, "bfloat16": 3.3895313892515355e38,
}  # fmt: skip
_NARROW = ("uint8", "int8", "int16")


@rule(*_FUNCTIONS)
def function(call: Call) -> Recipe:
    """A function of mathematics."""
    operands = Operands(call)
    operands.named("self")
    kind = call.input(call.tensor("self")).dtype
    if kind in _NARROW and call.kind in ("square", "neg", "abs"):
        raise NoRecipeError(f"numbers of {kind} wrap around")
    if kind.startswith("complex") and call.kind not in (
        "abs",
        "real",
        "imag",
        "_conj",
        "neg",
        "angle",
        "exp",
        "square",
        "reciprocal",
    ):
        raise NoRecipeError(f"{call.kind} of complex numbers")  # fmt: skip
    result = _FUNCTIONS[call.kind]
    if call.kind == "abs" and kind.startswith("complex"):
        parts: list[Expression] = [("real", _X), ("imag", _X)]
        result = ("sqrt", ("add", *[("mul", part, part) for part in parts]))
    if call.kind == "angle" and not kind.startswith("complex"):
        result = ("where", ("isnan", _X), _X, ("atan2", 0, _X))
    return operands.recipe(result)


@rule("round")
def rounded(call: Call) -> Recipe:
    """The nearest whole number, of two the even one."""
    if call.argument("decimals", default=0):
        raise NoRecipeError("it rounds behind the point")
    operands = Operands(call)
    return operands.recipe(("round", operands.named("self")))


@rule("bitwise_not")
def negated(call: Call) -> Recipe:
    """Not, of truth values."""
    if call.made.dtype != "bool":
        raise NoRecipeError("the bits of whole numbers")
    operands = Operands(call)
    return operands.recipe(("not", operands.named("self")))


@rule("nan_to_num")
def nan_to_num(call: Call) -> Recipe:
    """The value itself, and numbers in place of NaN and the infinities."""
    operands = Operands(call)
    x, kind = operands.named("self"), call.made.dtype
    largest = _LARGEST.get(kind)
    if largest is None:
        return operands.recipe(x)
    given = [call.argument(name, default=None) for name in ("nan", "posinf", "neginf")]
    usual = (0.0, largest, -largest)
    nan, high, low = (
        stored(default if number is None else number, kind)
        for number, default in zip(given, usual, strict=True)
    )
    infinite: Expression = ("where", ("eq", x, math.inf), high, x)
    infinite = ("where", ("eq", x, -math.inf), low, infinite)
    return operands.recipe(("where", ("isnan", x), nan, infinite))


@rule("logit")
def logit(call: Call) -> Recipe:
    """The logarithm of the odds; ``eps`` keeps the probability off 0 and 1."""
    operands = Operands(call)
    x, eps = operands.named("self"), call.argument("eps", default=None)
    if eps is not None:
        x = ("clamp", x, eps, 1 - eps)
    return operands.recipe(("log", ("div", x, ("sub", 1, x))))


@rule("one_hot")
def one_hot(call: Call) -> Recipe:
    """1 at the place that the number names, 0 elsewhere."""
    operands = Operands(call)
    which = operands.read(call.tensor("self"), call.places[:-1])
    return operands.recipe(("where", ("eq", which, call.places[-1]), 1, 0))


@rule("view_as_real")
def view_as_real(call: Call) -> Recipe:
    """The real and the imaginary part, side by side in a dimension of their own."""
    operands = Operands(call)
    z = operands.read(call.tensor("self"), call.places[:-1])
    return operands.recipe(("where", ("eq", call.places[-1], 0), ("real", z), ("imag", z)))
