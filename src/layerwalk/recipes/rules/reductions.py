"""Reductions: one number of all those along some dimensions."""

from __future__ import annotations

import math

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError, flat_position
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Combine, Recipe, Step
from layerwalk.recipes.rules.choices import larger_or_smaller
from layerwalk.recipes.rules.dimensions import Over, over
from layerwalk.recipes.rules.operands import Operands

__all__ = ["along", "best", "place_of_best", "running", "spread", "sum_or_mean", "truth"]

_X: Expression = ("read", 0)
_FLOAT = ("float", "bfloat", "complex")


def along(call: Call, operands: Operands) -> Over:
    """The way over the call's dimensions, with the read of the value there."""
    operand = call.tensor("self", "input")
    keepdim = bool(call.argument("keepdim", default=False))
    found = over(call, operand, call.argument("dim", default=None), keepdim=keepdim)
    operands.read(operand, found.index)
    return found


@rule("sum", "mean", "prod", "nansum", "count_nonzero")
def sum_or_mean(call: Call) -> Recipe:
    """All of the values, added or multiplied."""
    operands = Operands(call)
    found = along(call, operands)
    read = call.input(call.tensor("self")).dtype
    whole = read.startswith(_FLOAT) and not call.made.dtype.startswith(_FLOAT)
    if whole and call.kind != "count_nonzero":
        raise NoRecipeError(f"{read} made {call.made.dtype} first")
    name: Combine = "prod" if call.kind == "prod" else "mean" if call.kind == "mean" else "sum"
    terms: dict[str, Expression] = {
        "nansum": ("where", ("isnan", _X), 0, _X),
        "count_nonzero": ("where", ("ne", _X, 0), 1, 0),
    }
    label = "product" if name == "prod" else name
    term = terms.get(call.kind, _X)
    if read == "bool" and name == "prod":
        term = ("where", _X, 1, 0)
    return operands.recipe(label, (Step(label, found.loops, name, term),))


@rule("amax", "amin", "max", "min", "aminmax")
def best(call: Call) -> Recipe:
    """The largest or the smallest value, or (the second output of max and min) its place."""
    if call.operand("other") is not None:
        return larger_or_smaller(call)
    low = "min" in call.kind if call.kind != "aminmax" else call.output == 0
    if call.output == 1 and call.kind != "aminmax":
        return _place(call, low=low)
    operands = Operands(call)
    name: Combine = "min" if low else "max"
    return operands.recipe(name, (Step(name, along(call, operands).loops, name, _X),))


@rule("argmax", "argmin")
def place_of_best(call: Call) -> Recipe:
    """The first position of the largest or the smallest value."""
    return _place(call, low=call.kind == "argmin")


def _place(call: Call, *, low: bool) -> Recipe:
    operands = Operands(call)
    found = along(call, operands)
    name: Combine = "min" if low else "max"
    lengths = tuple(length for _, length in found.loops)
    place = flat_position(tuple(loop for loop, _ in found.loops), lengths)
    # A NaN counts as the best of all.
    here: Expression = ("or", ("eq", _X, name), ("isnan", _X))
    steps = (
        Step(name, found.loops, name, _X),
        Step("place", found.loops, "min", ("where", here, place, math.prod(lengths))),
    )
    return operands.recipe("place", steps)


@rule("any", "all")
def truth(call: Call) -> Recipe:
    """Whether any value, or every value, is not 0."""
    if call.made.dtype != "bool":
        raise NoRecipeError(f"{call.kind} of {call.made.dtype}")
    operands = Operands(call)
    found = along(call, operands)
    name: Combine = "any" if call.kind == "any" else "all"
    return operands.recipe(name, (Step(name, found.loops, name, ("ne", _X, 0)),))


@rule("var", "std", "var_mean", "std_mean")
def spread(call: Call) -> Recipe:
    """The mean of the squared differences from the mean, or its root."""
    operands = Operands(call)
    found = along(call, operands)
    mean = Step("mean", found.loops, "mean", _X)
    if call.output == 1:
        return operands.recipe("mean", (mean,))
    if call.input(call.tensor("self")).dtype.startswith("complex"):
        raise NoRecipeError("the variance of complex numbers")
    difference: Expression = ("sub", _X, "mean")
    squares = Step("squares", found.loops, "sum", ("mul", difference, difference))
    # 0 / 0 where nothing is left to divide by, as the framework has it
    result: Expression = ("div", "squares", float(max(found.count - _correction(call), 0)))
    if call.kind.startswith("std"):
        result = ("sqrt", result)
    return operands.recipe(result, (mean, squares))


def _correction(call: Call) -> float:
    if "correction" in dict(call.op.arguments):
        correction = call.argument("correction")
    else:
        correction = int(call.argument("unbiased", default=True))
    return 1 if correction is None else correction


@rule("cumsum", "cumprod")
def running(call: Call) -> Recipe:
    """The value and all before it, added or multiplied."""
    operands = Operands(call)
    operand, rank = call.tensor("self"), len(call.shape)
    read = call.input(operand).dtype
    if not rank or (read.startswith(_FLOAT) and not call.made.dtype.startswith(_FLOAT)):
        raise NoRecipeError(f"{call.kind} of {read} to {call.made.dtype}")
    dim = call.argument("dim") % rank
    before: Expression = ("sub", call.places[dim], "i")
    index = (*call.places[:dim], before, *call.places[dim + 1 :])
    operands.read(operand, index, beyond="skip")
    combine: Combine = "sum" if call.kind == "cumsum" else "prod"
    name = "sum" if combine == "sum" else "product"
    term: Expression = ("where", _X, 1, 0) if read == "bool" else _X
    step = Step(name, (("i", call.shape[dim]),), combine, term)
    return operands.recipe(name, (step,))
