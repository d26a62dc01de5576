"""Softmax and its kin: exponentials, less the peak so that none overflows."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe, Step
from layerwalk.recipes.rules.dimensions import Over, over
from layerwalk.recipes.rules.operands import Operands

__all__ = ["logsumexp", "softmax"]

_X: Expression = ("read", 0)


def _steps(found: Over, shift: Expression) -> tuple[Step, ...]:
    return (
        Step("peak", found.loops, "max", _X),
        Step("total", found.loops, "sum", ("exp", ("sub", _X, shift))),
    )


@rule("softmax", "log_softmax")
def softmax(call: Call) -> Recipe:
    """The exponential of a value by the sum of all exponentials, or the logarithm of that."""
    operands = Operands(call)
    operand = call.tensor("self")
    if not call.shape:
        raise NoRecipeError("a softmax of one number")
    found = over(call, operand, call.argument("dim"), keepdim=True)
    operands.read(operand, found.index)
    own = operands.read(operand, call.places)
    above: Expression = ("sub", own, "peak")
    if call.kind == "log_softmax":
        result: Expression = ("sub", above, ("log", "total"))
    else:
        result = ("div", ("exp", above), "total")
    if call.op.target.startswith("aten._safe_softmax"):  # where all are -inf: 0, not 0 / 0
        result = ("where", ("eq", "peak", float("-inf")), 0.0, result)
    return operands.recipe(result, _steps(found, "peak"))


@rule("logsumexp")
def logsumexp(call: Call) -> Recipe:
    """The logarithm of the sum of all exponentials."""
    operands = Operands(call)
    operand = call.tensor("self")
    keepdim = call.argument("keepdim", default=False)
    found = over(call, operand, call.argument("dim"), keepdim=keepdim)
    operands.read(operand, found.index)
    # An infinite peak is not taken off: inf - inf is no number.
    shift: Expression = ("where", ("eq", ("abs", "peak"), float("inf")), 0.0, "peak")
    return operands.recipe(("add", shift, ("log", "total")), _steps(found, shift))
