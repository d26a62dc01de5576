"""Choices: ops that compare values at the same place, or pick one of them."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe
from layerwalk.recipes.rules.operands import Operands

__all__ = ["clamp", "comparison", "larger_or_smaller", "logic", "masked_fill", "where"]

_LOGIC = {
    "logical_and": "and", "logical_or": "or", "logical_xor": "ne",
    "bitwise_and": "and", "bitwise_or": "or", "bitwise_xor": "ne",
}  # fmt: skip


@rule("eq", "ne", "lt", "le", "gt", "ge")
def comparison(call: Call) -> Recipe:
    """Whether the one stands so to the other."""
    operands = Operands(call)
    return operands.recipe((call.kind, operands.exact("self"), operands.exact("other")))


@rule(*_LOGIC)
def logic(call: Call) -> Recipe:
    """And, or, either."""
    if call.made.dtype != "bool":
        raise NoRecipeError("the bits of whole numbers")
    operands = Operands(call)
    x, y = operands.named("self"), operands.named("other")
    if call.kind == "logical_xor":  # any number but 0 is true
        x, y = ("ne", x, 0), ("ne", y, 0)
    return operands.recipe((_LOGIC[call.kind], x, y))


@rule("maximum", "minimum", "fmax", "fmin")
def larger_or_smaller(call: Call) -> Recipe:
    """The larger or the smaller of two."""
    operands = Operands(call)
    x, y = operands.exact("self"), operands.exact("other")
    picked: Expression = ("max" if "max" in call.kind else "min", x, y)
    if call.kind.startswith("f"):  # a NaN does not count
        picked = ("where", ("isnan", x), y, ("where", ("isnan", y), x, picked))
    return operands.recipe(picked)


@rule("clamp", "clamp_min", "clamp_max")
def clamp(call: Call) -> Recipe:
    """The value, or the end of a range where it lies outside."""
    operands = Operands(call)
    x = operands.exact("self")
    low, high = (
        None if call.argument(name, default=None) is None else operands.exact(name)
        for name in ("min", "max")
    )
    if low is not None and high is not None:
        return operands.recipe(("clamp", x, low, high))
    if low is not None:
        return operands.recipe(("max", x, low))
    return operands.recipe(x if high is None else ("min", x, high))


@rule("where")
def where(call: Call) -> Recipe:
    """One of two values, by a third that is true or false."""
    operands = Operands(call)
    condition = operands.named("condition")
    return operands.recipe(("where", condition, operands.exact("self"), operands.exact("other")))


@rule("masked_fill")
def masked_fill(call: Call) -> Recipe:
    """A number where the mask is true, the value elsewhere."""
    operands = Operands(call)
    value, mask = operands.exact("self"), operands.named("mask")
    return operands.recipe(("where", mask, operands.exact("value"), value))
