"""Arithmetic: two or three values at the same place, each broadcast to the output."""

from __future__ import annotations

import math

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe
from layerwalk.recipes.rules.operands import Operands

__all__ = ["divided", "floor_divided", "fused", "of_two", "power", "remainder", "total"]

_NARROW = ("uint8", "int8", "int16")
_FLOAT = ("float", "bfloat", "complex")


@rule("add", "sub", "rsub")
def total(call: Call) -> Recipe:
    """A sum or a difference; ``alpha`` times the second."""
    operands = _operands(call)
    first, second = operands.named("self"), operands.named("other")
    alpha = call.argument("alpha", default=1)
    if call.kind == "rsub":  # other - alpha * self
        return operands.recipe(("sub", second, _times(alpha, first)))
    return operands.recipe((call.kind, first, _times(alpha, second)))


@rule("floor_divide")
def floor_divided(call: Call) -> Recipe:
    """The largest whole number not above a quotient."""
    operands = Operands(call)
    return operands.recipe(("floordiv", operands.exact("self"), operands.divisor("other")))


@rule("mul", "atan2", "hypot", "float_power", "xlogy", "logaddexp")
def of_two(call: Call) -> Recipe:
    """A function of two values."""
    operands = _operands(call)
    x, y = operands.named("self"), operands.named("other", "exponent")
    formulas: dict[str, Expression] = {
        "mul": ("mul", x, y),
        "atan2": ("atan2", x, y),
        "hypot": ("sqrt", ("add", ("mul", x, x), ("mul", y, y))),
        "xlogy": (
            "where", ("isnan", y), y, ("where", ("eq", x, 0), 0.0, ("mul", x, ("log", y))),
        ),
        "logaddexp": (
            "where", ("eq", x, y), ("add", x, math.log(2)),
            ("add", ("max", x, y), ("log1p", ("exp", ("neg", ("abs", ("sub", x, y)))))),
        ),
        "float_power": ("pow", ("mul", 1.0, x), y),
    }  # fmt: skip
    return operands.recipe(formulas[call.kind])


@rule("div")
def divided(call: Call) -> Recipe:
    """A quotient, whole where ``rounding_mode`` says so."""
    mode = call.argument("rounding_mode", default=None)
    operands = Operands(call)
    if mode is None:
        return operands.recipe(("div", operands.named("self"), operands.named("other")))
    if mode == "floor":
        return operands.recipe(("floordiv", operands.exact("self"), operands.divisor("other")))
    x, y = operands.exact("self"), operands.exact("other")
    # In less precision a quotient just below a whole number may be rounded to it first.
    if mode != "trunc" or call.made.dtype.startswith(_FLOAT):
        raise NoRecipeError(f"rounding_mode {mode!r} of {call.made.dtype}")
    return operands.recipe(("trunc", ("div", x, y)))


@rule("remainder", "fmod")
def remainder(call: Call) -> Recipe:
    """What a division leaves: with the divisor's sign, or (fmod) with the dividend's."""
    operands = Operands(call)
    x, y = operands.exact("self"), operands.exact("other")
    if call.kind == "remainder":
        return operands.recipe(("mod", x, y))
    return operands.recipe(("mul", ("sign", x), ("mod", ("abs", x), ("abs", y))))


@rule("pow")
def power(call: Call) -> Recipe:
    """A power."""
    operands = _operands(call)
    base, exponent = operands.named("self"), operands.named("exponent")
    if not call.made.dtype.startswith(_FLOAT) and not (isinstance(exponent, int) and exponent >= 0):
        raise NoRecipeError("whole numbers to a power that may be negative")
    if isinstance(base, int):
        base = float(base)
    if exponent == 2:
        return operands.recipe(("mul", base, base))
    return operands.recipe(("pow", base, exponent))


@rule("addcmul", "addcdiv", "lerp")
def fused(call: Call) -> Recipe:
    """A sum with a product or a quotient, or a place between two values."""
    operands = _operands(call)
    first = operands.named("self")
    if call.kind == "lerp":
        end, weight = operands.named("end"), operands.named("weight")
        return operands.recipe(("add", first, ("mul", weight, ("sub", end, first))))
    one, two = operands.named("tensor1"), operands.named("tensor2")
    inner: Expression = ("mul" if call.kind == "addcmul" else "div", one, two)
    return operands.recipe(("add", first, _times(call.argument("value", default=1), inner)))


def _operands(call: Call) -> Operands:
    if call.made.dtype in _NARROW:
        raise NoRecipeError(f"numbers of {call.made.dtype} wrap around")
    return Operands(call)


def _times(factor: Expression, value: Expression) -> Expression:
    if factor == 1:
        return value
    if not isinstance(factor, int | float):
        raise NoRecipeError(f"a factor of {factor}")
    return ("mul", factor, value)
