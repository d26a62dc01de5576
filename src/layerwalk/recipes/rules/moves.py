"""Moves: values put side by side, taken apart, turned over and laid out anew."""

from __future__ import annotations

import math
from itertools import accumulate

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Read, Recipe
from layerwalk.recipes.rules.casts import cast
from layerwalk.recipes.rules.shapes import reordered
from layerwalk.recipes.rules.window import affine

__all__ = [
    "flipped", "grid", "joined", "part", "repeated", "rolled", "selected", "sliced", "stacked",
    "turned",
]  # fmt: skip


@rule("cat", "hstack", "vstack", "row_stack", "dstack", "column_stack")
def joined(call: Call) -> Recipe:
    """Values side by side along one dimension."""
    operands = [k for k in call.tensors("tensors") if call.input(k).shape != (0,)]
    rank = len(call.shape)
    if call.kind == "cat":
        dimension = call.argument("dim", default=0) % max(rank, 1)
    else:
        dimension = {"hstack": min(rank - 1, 1), "dstack": 2, "column_stack": 1}.get(call.kind, 0)
    shapes = [_at_least(call, call.input(k).shape, rank) for k in operands]
    ends = list(accumulate(shape[dimension] for shape in shapes))
    reads, values = [], []
    for operand, shape, end in zip(operands, shapes, ends, strict=True):
        places = list(call.places)
        places[dimension] = affine((1, places[dimension]), shape[dimension] - end)
        index = reordered(places, shape, call.input(operand).shape)
        # Asked at every position, but taken only at its own.
        reads.append(Read(operand, index, beyond="skip"))
        values.append(cast(("read", len(reads) - 1), call.input(operand).dtype, call.made.dtype))
    if len(values) == 1:
        return Recipe(call.axes, tuple(reads), (), values[0])
    chosen: Expression = ("choose", call.places[dimension], *ends, *values)
    return Recipe(call.axes, tuple(reads), (), chosen)


def _at_least(call: Call, shape: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """The shape with the dimensions of length 1 that stacking adds."""
    if call.kind == "cat" or len(shape) == rank:
        return shape
    if call.kind == "column_stack":
        return (*shape, *[1] * (2 - len(shape)))[:2] if shape else (1, 1)
    if call.kind == "dstack" and len(shape) == 1:
        return (1, *shape, 1)
    if call.kind == "dstack":
        return (*shape, *[1] * (3 - len(shape)))
    return (*[1] * (rank - len(shape)), *shape)


@rule("stack")
def stacked(call: Call) -> Recipe:
    """Values one after the other along a new dimension."""
    operands = call.tensors("tensors")
    dimension = call.argument("dim", default=0) % len(call.shape)
    index = tuple(place for k, place in enumerate(call.places) if k != dimension)
    reads = tuple(Read(operand, index) for operand in operands)
    values = [
        cast(("read", k), call.input(operand).dtype, call.made.dtype)
        for k, operand in enumerate(operands)
    ]
    ends = range(1, len(reads) + 1)
    if len(reads) == 1:
        return Recipe(call.axes, reads, (), values[0])
    return Recipe(call.axes, reads, (), ("choose", call.places[dimension], *ends, *values))


@rule(
    "split", "split_with_sizes", "chunk", "tensor_split", "hsplit", "vsplit", "dsplit",
    "unsafe_split", "unsafe_split_with_sizes", "unsafe_chunk",
)  # fmt: skip
def part(call: Call) -> Recipe:
    """One of the parts that a dimension was cut into."""
    shape = call.input(call.tensor("self")).shape
    implied = {"hsplit": min(len(shape) - 1, 1), "vsplit": 0, "dsplit": 2}
    dimension = implied.get(call.kind)
    if dimension is None:
        dimension = call.argument("dim", default=0) % len(shape)
    if (
        "sections" not in dict(call.op.arguments)
        and "split" in call.kind
        and "indices" in dict(call.op.arguments)
    ):
        cuts = (0, *call.argument("indices"))
        start = slice(cuts[call.output], None).indices(shape[dimension])[0]
    elif call.operand("tensor_indices_or_sections") is not None:
        raise NoRecipeError("a tensor says where to cut")
    else:
        start = sum(made.shape[dimension] for made in call.op.made[: call.output])
    return _along(call, dimension, affine((1, call.places[dimension]), start))


@rule("unbind", "select")
def selected(call: Call) -> Recipe:
    """One position of a dimension, which is dropped."""
    shape = call.input(call.tensor("self")).shape
    dimension = call.argument("dim", default=0) % len(shape)
    place = call.output if call.kind == "unbind" else call.argument("index")
    if not isinstance(place, int):
        raise NoRecipeError("a tensor says which position is taken")
    index: list[Expression] = list(call.places)
    index.insert(dimension, place % shape[dimension])
    return Recipe(call.axes, (Read(call.tensor("self"), tuple(index)),), (), ("read", 0))


@rule("slice", "narrow")
def sliced(call: Call) -> Recipe:
    """Every step-th position of a dimension, from a start."""
    shape = call.input(call.tensor("self")).shape
    dimension = call.argument("dim", default=0) % len(shape)
    start, step = call.argument("start", default=None), call.argument("step", default=1)
    if not isinstance(start, int | None) or not isinstance(step, int):
        raise NoRecipeError("a tensor says where the slice starts")
    first = slice(start, None).indices(shape[dimension])[0]
    return _along(call, dimension, affine((step, call.places[dimension]), first))


@rule("flip", "fliplr", "flipud")
def flipped(call: Call) -> Recipe:
    """Dimensions read from their ends."""
    rank = len(call.shape)
    dimensions = {"fliplr": (1,), "flipud": (0,)}.get(call.kind) or call.argument("dims")
    index = list(call.places)
    for dimension in dimensions:
        index[dimension % rank] = _from_end(index[dimension % rank], call.shape[dimension % rank])
    return Recipe(call.axes, (Read(call.tensor("self"), tuple(index)),), (), ("read", 0))


@rule("rot90")
def turned(call: Call) -> Recipe:
    """Quarter turns in the plane of two dimensions."""
    rank = len(call.shape)
    a, b = (dimension % rank for dimension in call.argument("dims", default=(0, 1)))
    turns = call.argument("k", default=1) % 4
    shape = call.input(call.tensor("self")).shape
    index, (p, q) = list(call.places), (call.places[a], call.places[b])
    first = (p, q, _from_end(p, shape[a]), _from_end(q, shape[a]))[turns]
    second = (q, _from_end(p, shape[b]), _from_end(q, shape[b]), p)[turns]
    index[a], index[b] = first, second
    return Recipe(call.axes, (Read(call.tensor("self"), tuple(index)),), (), ("read", 0))


def _from_end(place: Expression, length: int) -> Expression:
    return ("sub", length - 1, place)


@rule("roll")
def rolled(call: Call) -> Recipe:
    """Positions shifted along dimensions; what leaves at one end enters at the other."""
    shape, dimensions = call.shape, call.argument("dims", default=())
    shifts = call.numbers("shifts", count=max(len(dimensions), 1))
    if not dimensions:
        size = math.prod(shape)
        flat = _shifted(call.flat(), -shifts[0], size)
        index: tuple[Expression, ...] = reordered((flat,), (size,), shape)
    else:
        sums = [0] * len(shape)
        for dimension, shift in zip(dimensions, shifts, strict=True):
            sums[dimension % len(shape)] -= shift
        index = tuple(
            _shifted(place, by, n) for place, by, n in zip(call.places, sums, shape, strict=True)
        )
    return Recipe(call.axes, (Read(call.tensor("self"), index),), (), ("read", 0))


def _shifted(place: Expression, by: int, length: int) -> Expression:
    by %= max(length, 1)
    return ("mod", ("add", place, by), length) if by else place


@rule("repeat", "tile", "repeat_interleave")
def repeated(call: Call) -> Recipe:
    """Values again and again: whole dimensions one after the other, or each number by itself."""
    operand = call.tensor("self")
    shape = call.input(operand).shape
    if call.kind == "repeat_interleave":
        repeats, dimension = call.argument("repeats"), call.argument("dim", default=None)
        if not isinstance(repeats, int):
            raise NoRecipeError("a tensor says how often each number is repeated")
        if dimension is not None:
            place: Expression = ("floordiv", call.places[dimension % len(shape)], repeats)
            return _along(call, dimension % len(shape), place)
        flat: Expression = ("floordiv", call.flat(), repeats)
        index = reordered((flat,), (math.prod(shape),), shape)
    else:
        tail = call.places[len(call.places) - len(shape) :]
        lengths = call.shape[len(call.places) - len(shape) :]
        index = tuple(
            0 if n == 1 else (place if n == length else ("mod", place, n))
            for n, length, place in zip(shape, lengths, tail, strict=True)
        )
    return Recipe(call.axes, (Read(operand, index),), (), ("read", 0))


@rule("meshgrid")
def grid(call: Call) -> Recipe:
    """A row of numbers, repeated over a grid whose other dimensions are the other rows."""
    operand = call.tensors("tensors")[call.output]
    axis = call.output
    if call.argument("indexing", default="ij") == "xy" and axis < 2 <= len(call.shape):
        axis = 1 - axis
    index = (call.places[axis],) if call.input(operand).shape else ()
    return Recipe(call.axes, (Read(operand, index),), (), ("read", 0))


def _along(call: Call, dimension: int, place: Expression) -> Recipe:
    """Another position in one dimension, the same in all others."""
    index = list(call.places)
    index[dimension] = place
    return Recipe(call.axes, (Read(call.tensor("self"), tuple(index)),), (), ("read", 0))
