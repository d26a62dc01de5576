"""Values laid over others: diagonals, scatters, and memory that was read again."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Read, Recipe
from layerwalk.recipes.rules.casts import cast, size_of
from layerwalk.recipes.rules.memory import Layout, found_in, laid_over
from layerwalk.recipes.rules.window import affine

__all__ = [
    "diagonal", "embedded", "place_scattered", "reread", "slice_scattered", "strided",
]  # fmt: skip


@rule("diagonal", "linalg_diagonal")
def diagonal(call: Call) -> Recipe:
    """Numbers whose positions in two dimensions differ by the offset."""
    operand = call.tensor("self", "A")
    rank = len(call.input(operand).shape)
    implied = (-2, -1) if call.kind == "linalg_diagonal" else (0, 1)
    first = call.argument("dim1", default=implied[0]) % rank
    second = call.argument("dim2", default=implied[1]) % rank
    offset = call.argument("offset", default=0)
    along = call.places[-1]
    index: list[Expression] = list(call.places[:-1])
    for dimension in sorted((first, second)):
        shift = max(-offset, 0) if dimension == first else max(offset, 0)
        index.insert(dimension, affine((1, along), shift))
    return Recipe(call.axes, (Read(operand, tuple(index)),), (), ("read", 0))


@rule("diag", "diag_embed")
def embedded(call: Call) -> Recipe:
    """Numbers put on a diagonal of zeros; of a matrix, ``diag`` takes the diagonal."""
    operand = call.tensor("self")
    offset = call.argument("diagonal", "offset", default=0)
    rank = len(call.shape)
    if call.kind == "diag" and rank == 1:
        along = call.places[0]
        taken = (affine((1, along), max(-offset, 0)), affine((1, along), max(offset, 0)))
        return Recipe(call.axes, (Read(operand, taken),), (), ("read", 0))
    first = call.argument("dim1", default=-2) % rank
    second = call.argument("dim2", default=-1) % rank
    y, x = call.places[first], call.places[second]
    lead = [place for k, place in enumerate(call.places) if k not in (first, second)]
    along = affine((1, y), min(offset, 0))
    off_by = affine((1, x), (-1, y), -offset)
    read = Read(operand, (*lead, along), beyond="skip")
    beyond = 2 * max(*call.shape, 1) + abs(offset)
    result: Expression = ("choose", off_by, 0, 1, beyond, 0, ("read", 0), 0)
    return Recipe(call.axes, (read,), (), result)


@rule("select_scatter")
def place_scattered(call: Call) -> Recipe:
    """A value with one position of a dimension replaced by another value."""
    dimension = call.argument("dim") % len(call.shape)
    length = call.shape[dimension]
    at = call.argument("index") % length
    rest = tuple(place for k, place in enumerate(call.places) if k != dimension)
    reads = (Read(call.tensor("self"), call.places), Read(call.tensor("src"), rest))
    new = _source(call)
    place = call.places[dimension]
    result: Expression = ("choose", place, at, at + 1, length, ("read", 0), new, ("read", 0))
    return Recipe(call.axes, reads, (), result)


@rule("slice_scatter")
def slice_scattered(call: Call) -> Recipe:
    """A value with a slice of a dimension replaced by another value."""
    dimension = call.argument("dim", default=0) % len(call.shape)
    place, length = call.places[dimension], call.shape[dimension]
    bounds = [call.argument(name, default=None) for name in ("start", "end", "step")]
    taken = range(*slice(*bounds).indices(length))
    reads = [Read(call.tensor("self"), call.places)]
    if not taken:
        return Recipe(call.axes, tuple(reads), (), ("read", 0))
    index = list(call.places)
    within = affine((1, place), -taken.start)
    index[dimension] = within if taken.step == 1 else ("floordiv", within, taken.step)
    reads.append(Read(call.tensor("src"), tuple(index), beyond="skip"))
    new: Expression = _source(call)
    if taken.step > 1:  # between the slice's positions the old value shows
        new = ("choose", ("mod", within, taken.step), 1, taken.step, new, ("read", 0))
    ends = (taken.start, taken[-1] + 1, length)
    result: Expression = ("choose", place, *ends, ("read", 0), new, ("read", 0))
    return Recipe(call.axes, tuple(reads), (), result)


def _source(call: Call) -> Expression:
    return cast(("read", 1), call.input(call.tensor("src")).dtype, call.made.dtype)


@rule("as_strided")
def strided(call: Call) -> Recipe:
    """The number at a place of the memory that the input lies in."""
    operand = call.tensor("self")
    value = call.input(operand)
    if call.argument("storage_offset", default=None) is not None:
        raise NoRecipeError("where in its memory the input begins is not recorded")
    here = Layout(0, call.argument("size"), call.argument("stride"))
    index = found_in(Layout(0, value.shape, value.data.strides), 0, here.terms(call.places))
    if index is None or 0 in call.shape:
        raise NoRecipeError("it reads the memory otherwise than by dimensions of the input")
    return Recipe(call.axes, (Read(operand, index),), (), ("read", 0))


@rule("reread")
def reread(call: Call) -> Recipe:
    """The newest of the values that were written where the number lies in memory."""
    if any(value.dtype != call.made.dtype for value in call.op.inputs):
        raise NoRecipeError("the memory is read as numbers of another type")
    own, places = _layout(call, call.argument("place")), call.places
    operands = call.tensors("inputs")
    reads: list[Read] = []
    result: Expression | None = None
    if call.argument("covers"):
        reads.append(Read(operands.pop(0), places))
        result = ("read", 0)
    laid = [_layout(call, place) for place in call.argument("places")]
    for operand, layout in zip(operands, laid[len(reads) :], strict=True):
        part = laid_over(own, layout, places)
        if part is None:
            continue
        if part.dimension is None and part.inside is None:
            reads, result = [Read(operand, part.index)], ("read", 0)
            continue
        if result is None:
            raise NoRecipeError("what lay beside the written part is not recorded")
        reads.append(Read(operand, part.index, beyond="skip"))
        new: Expression = ("read", len(reads) - 1)
        if part.dimension is None:
            result = ("choose", part.inside or 0, 1, 2, result, new)
        else:
            ends = (part.start, part.end, own.shape[part.dimension])
            result = ("choose", places[part.dimension], *ends, result, new, result)
    if result is None:
        raise NoRecipeError("what lay there is not recorded")
    return Recipe(call.axes, tuple(reads), (), result)


def _layout(call: Call, place: tuple[int, tuple[int, ...], tuple[int, ...]]) -> Layout:
    start, shape, strides = place
    size = size_of(call.made.dtype)
    if start % size or len(strides) != len(shape):
        raise NoRecipeError("it lies across the elements of its memory")
    return Layout(start // size, shape, strides)
