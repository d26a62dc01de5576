"""Matrix products: sums of products along a dimension that two operands share."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis, Recipe, Step
from layerwalk.recipes.rules.operands import Operands

__all__ = ["added_product", "bilinear", "linear", "matmul", "outer"]

Index = tuple[Expression, ...]


@rule("linear")
def linear(call: Call) -> Recipe:
    """Each output: the inputs times its row of weights, summed, plus bias."""
    operands = Operands(call)
    value, weight = call.tensor("input"), call.tensor("weight")
    shape = call.input(weight).shape
    if len(shape) == 1:  # one output only, without a dimension of its own
        row: Index = ("i",)
        lead = call.places
    else:
        row, lead = (call.places[-1], "i"), call.places[:-1]
    terms: Expression = (
        "mul",
        operands.read(value, (*lead, "i")),
        operands.read(weight, row),
    )
    step = Step("sum", (("i", shape[-1]),), "sum", terms)
    bias = call.operand("bias")
    if bias is None:
        return operands.recipe("sum", (step,))
    return operands.recipe(("add", "sum", operands.read(bias, call.aligned(bias))), (step,))


@rule("matmul", "linalg_matmul", "mm", "bmm", "mv", "dot", "vdot", "inner")
def matmul(call: Call) -> Recipe:
    """Rows times columns; whatever stands before the last two dimensions is broadcast."""
    operands = Operands(call)
    first = call.tensor("self")
    second = call.tensor("other", "mat2", "vec", "tensor")
    if call.kind == "vdot" and call.input(first).dtype.startswith("complex"):
        raise NoRecipeError("a product with the conjugate")
    if call.kind == "inner":
        return _inner(call, operands, first, second)
    return operands.recipe("sum", (_product(call, operands, first, second),))


@rule("addmm", "addmv", "baddbmm", "addbmm", "addr")
def added_product(call: Call) -> Recipe:
    """A matrix product added to a value, each with a factor."""
    operands = Operands(call)
    first = call.tensor("mat1", "mat", "batch1", "vec1")
    second = call.tensor("mat2", "vec", "batch2", "vec2")
    beta, alpha = (call.argument(name, default=1) for name in ("beta", "alpha"))
    value = operands.named("self")
    added: Expression = value if beta == 1 else ("mul", beta, value)
    if call.kind == "addr":
        outer = ("mul", *_outer(call, operands, first, second))
        return operands.recipe(("add", added, outer if alpha == 1 else ("mul", alpha, outer)))
    batches: tuple[Axis, ...] = ()
    if call.kind == "addbmm":  # summed over the batch too
        batches = (("b", call.input(first).shape[0]),)
    step = _product(call, operands, first, second, batches)
    result: Expression = "sum" if alpha == 1 else ("mul", alpha, "sum")
    # Without its value (beta = 0) even NaN there does not count.
    return operands.recipe(result if beta == 0 else ("add", result, added), (step,))


def _product(
    call: Call, operands: Operands, first: int, second: int, batches: tuple[Axis, ...] = ()
) -> Step:
    left, right = call.input(first).shape, call.input(second).shape
    if not left or not right:
        raise NoRecipeError(f"a product of {left} and {right}")
    # A vector on the left has no row of the output, one on the right no column.
    gone = (len(left) == 1) + (len(right) == 1)
    rank = len(call.places) - (2 - gone)
    lead: Index = tuple(name for name, _ in batches) or call.places[:rank]
    row = () if len(left) == 1 else (call.places[rank if not batches else 0],)
    column = () if len(right) == 1 else (call.places[-1],)
    x = operands.read(first, (*_broadcast(lead, left[:-2]), *row, "i"))
    y = operands.read(second, (*_broadcast(lead, right[:-2]), "i", *column))
    return Step("sum", (*batches, ("i", left[-1])), "sum", ("mul", x, y))


def _broadcast(places: Index, shape: tuple[int, ...]) -> Index:
    tail = places[len(places) - len(shape) :]
    return tuple(0 if n == 1 else place for n, place in zip(shape, tail, strict=True))


def _inner(call: Call, operands: Operands, first: int, second: int) -> Recipe:
    """The last dimension of each, summed away."""
    left, right = call.input(first).shape, call.input(second).shape
    if not left or not right:
        return operands.recipe(("mul", operands.named("self"), operands.named("other")))
    split = len(left) - 1
    x = operands.read(first, (*call.places[:split], "i"))
    y = operands.read(second, (*call.places[split:], "i"))
    return operands.recipe("sum", (Step("sum", (("i", left[-1]),), "sum", ("mul", x, y)),))


@rule("outer", "ger")
def outer(call: Call) -> Recipe:
    """Each of one vector times each of the other."""
    operands = Operands(call)
    return operands.recipe(
        ("mul", *_outer(call, operands, call.tensor("self"), call.tensor("vec2")))
    )


def _outer(call: Call, operands: Operands, first: int, second: int) -> Index:
    row, column = call.places
    return operands.read(first, (row,)), operands.read(second, (column,))


@rule("bilinear")
def bilinear(call: Call) -> Recipe:
    """Each output: all products of one input with the other, weighted and summed."""
    operands = Operands(call)
    lead, out = call.places[:-1], call.places[-1]
    x = operands.read(call.tensor("input1"), (*lead, "i"))
    weight = call.tensor("weight")
    w = operands.read(weight, (out, "i", "j"))
    y = operands.read(call.tensor("input2"), (*lead, "j"))
    _, height, width = call.input(weight).shape
    step = Step("sum", (("i", height), ("j", width)), "sum", ("mul", x, w, y))
    bias = call.operand("bias")
    if bias is None:
        return operands.recipe("sum", (step,))
    return operands.recipe(("add", "sum", operands.read(bias, (out,))), (step,))
