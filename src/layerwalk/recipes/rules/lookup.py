"""Look-ups: values read at positions that another operand holds."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe
from layerwalk.recipes.rules.operands import Operands
from layerwalk.record import Ref

__all__ = ["embedding", "gather", "index", "index_select", "take"]


@rule("embedding")
def embedding(call: Call) -> Recipe:
    """The row of a table that an index names; the padding's row as any other."""
    operands = Operands(call)
    row = operands.read(call.tensor("indices"), call.places[:-1])
    return operands.recipe(operands.read(call.tensor("weight"), (row, call.places[-1])))


@rule("index_select")
def index_select(call: Call) -> Recipe:
    """Slices of a dimension, in the order of the indices."""
    operands, value = Operands(call), call.tensor("self")
    if not call.input(value).shape:
        raise NoRecipeError("a slice of one number")
    dim, places = call.argument("dim") % len(call.shape), list(call.places)
    which = call.tensor("index")
    places[dim] = operands.read(which, (places[dim],) if call.input(which).shape else ())
    return operands.recipe(operands.read(value, tuple(places)))


@rule("gather", "take_along_dim")
def gather(call: Call) -> Recipe:
    """Along one dimension, the value at the position that stands at the same place."""
    operands, value = Operands(call), call.tensor("self")
    which, dim = call.tensor("index", "indices"), call.argument("dim")
    shape = call.input(value).shape
    if dim is None or not shape or len(call.shape) != len(shape):
        raise NoRecipeError("positions counted along all dimensions")
    dim %= len(shape)
    found = operands.read(which, call.aligned(which))
    # take_along_dim broadcasts what lies beside the dimension; gather leaves the rest unread.
    places = [
        0 if call.kind == "take_along_dim" and n == 1 else place
        for n, place in zip(shape, call.places, strict=True)
    ]
    places[dim] = found
    return operands.recipe(operands.read(value, tuple(places)))


@rule("take")
def take(call: Call) -> Recipe:
    """The value at a position counted along all dimensions."""
    operands, value = Operands(call), call.tensor("self")
    shape = call.input(value).shape
    found = operands.read(call.tensor("index"), call.places)
    places: list[Expression] = []
    size = 1
    for n in reversed(shape):
        places.insert(0, ("mod", ("floordiv", found, size), n))
        size *= n
    return operands.recipe(operands.read(value, tuple(places)))


@rule("index")
def index(call: Call) -> Recipe:
    """Values at positions that tensors name, one for each of some dimensions.

    The tensors are broadcast together. What they make stands where they stood or, where
    other dimensions lie between them, in front.
    """
    given = call.argument("indices")
    value = call.tensor("self")
    shape = call.input(value).shape
    which = {k: item.input for k, item in enumerate(given) if isinstance(item, Ref)}
    if len(which) + sum(item is None for item in given) != len(given):
        raise NoRecipeError(f"an index of {given}")
    for operand in which.values():
        if call.input(operand).dtype in ("bool", "uint8"):
            raise NoRecipeError("a mask, which makes as many values as it holds true")
    operands = Operands(call)
    rank = max((len(call.input(operand).shape) for operand in which.values()), default=0)
    together = max(which) - min(which) + 1 == len(which) if which else True
    start = min(which) if which and together else 0
    block = call.places[start : start + rank]
    others = iter((*call.places[:start], *call.places[start + rank :]))
    places: list[Expression] = []
    for k, length in enumerate(shape):
        if k not in which:
            places.append(next(others))
            continue
        found = call.input(which[k]).shape
        tail = block[len(block) - len(found) :]
        at = tuple(0 if n == 1 else place for n, place in zip(found, tail, strict=True))
        # Counted from the end where it is negative.
        places.append(("mod", operands.read(which[k], at), length))
    return operands.recipe(operands.read(value, tuple(places)))
