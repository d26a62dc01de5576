"""Lengths of vectors, and the angle between two: roots of sums of powers."""

from __future__ import annotations

import math

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Combine, Recipe, Step
from layerwalk.recipes.rules.dimensions import over
from layerwalk.recipes.rules.operands import Operands
from layerwalk.recipes.rules.reductions import along

__all__ = ["cosine_similarity", "norm", "weight_norm"]

_X: Expression = ("read", 0)


@rule("linalg_vector_norm", "norm", "linalg_norm", "linalg_matrix_norm", "frobenius_norm")
def norm(call: Call) -> Recipe:
    """A norm of the values as one vector."""
    if call.input(call.tensor("self")).dtype.startswith("complex"):
        raise NoRecipeError("the length of complex numbers")
    operands = Operands(call)
    found = along(call, operands)
    order = call.argument("ord", "p", default=None)
    if order is None or order == "fro":
        order = 2
    elif call.kind in ("linalg_norm", "linalg_matrix_norm") and len(found.loops) != 1:
        raise NoRecipeError(f"a matrix norm of order {order}")
    if not isinstance(order, int | float):
        raise NoRecipeError(f"a norm of order {order}")
    size: Expression = ("abs", _X)
    if math.isinf(order):
        name: Combine = "max" if order > 0 else "min"
        return operands.recipe(name, (Step(name, found.loops, name, size),))
    terms: dict[float, Expression] = {
        0: ("where", ("ne", _X, 0), 1.0, 0.0),
        1: size,
        2: ("mul", _X, _X),
    }
    term = terms.get(order, ("pow", size, float(order)))
    result: Expression = "sum" if order in (0, 1) else ("pow", "sum", 1 / order)
    if order == 2:
        result = ("sqrt", "sum")
    return operands.recipe(result, (Step("sum", found.loops, "sum", term),))


@rule("cosine_similarity")
def cosine_similarity(call: Call) -> Recipe:
    """A dot product by the lengths of its two vectors."""
    operands = Operands(call)
    rank = len(call.shape) + 1
    dim, eps = call.argument("dim") % rank, call.argument("eps")
    length = 1
    for name in ("x1", "x2"):
        operand = call.tensor(name)
        shape = call.input(operand).shape
        if len(shape) != rank:
            raise NoRecipeError(f"vectors of {shape}")
        length = max(length, shape[dim])
        places = (*call.places[:dim], "i", *call.places[dim:])
        index = [0 if n == 1 else place for n, place in zip(shape, places, strict=True)]
        operands.read(operand, tuple(index))
    x, y, loops = ("read", 0), ("read", 1), (("i", length),)
    steps = (
        Step("squares of x", loops, "sum", ("mul", x, x)),
        Step("squares of y", loops, "sum", ("mul", y, y)),
        Step("sum", loops, "sum", ("mul", x, y)),
    )
    lengths = [("max", ("sqrt", f"squares of {v}"), eps) for v in ("x", "y")]
    return operands.recipe(("div", "sum", ("mul", *lengths)), steps)


@rule("_weight_norm", "_weight_norm_interface")
def weight_norm(call: Call) -> Recipe:
    """A direction by its length, times a learned one: weights of a layer."""
    if call.output:
        raise NoRecipeError("an output besides the weights")
    operands = Operands(call)
    direction, dim = call.tensor("v"), call.argument("dim", default=0)
    rank = len(call.shape)
    gone = tuple(k for k in range(rank) if dim == -1 or k != dim % rank)
    if not gone:
        raise NoRecipeError("lengths of single numbers")
    found = over(call, direction, gone, keepdim=True)
    x = operands.read(direction, found.index)
    step = Step("sum", found.loops, "sum", ("mul", x, x))
    own, length = operands.read(direction, call.places), operands.named("g")
    return operands.recipe(("mul", own, ("div", length, ("sqrt", "sum"))), (step,))
