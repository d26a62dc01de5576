"""Changes of shape: the same numbers in the same order, in other dimensions or another order."""

from __future__ import annotations

import math
from collections.abc import Sequence

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError, flat_position
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Read, Recipe
from layerwalk.recipes.rules.window import affine

__all__ = ["broadcast", "permuted", "reordered", "reshaped"]


@rule(
    "reshape", "view", "flatten", "unflatten", "ravel", "squeeze", "unsqueeze", "view_as",
    "reshape_as", "atleast_1d", "atleast_2d", "atleast_3d",
)  # fmt: skip
def reshaped(call: Call) -> Recipe:
    """The same numbers, counted along the last dimension first."""
    operand = call.operand("self", "input")
    if operand is None:  # a list of tensors, each reshaped by itself
        operand = call.tensors("tensors")[call.output]
    value = call.input(operand)
    if math.prod(value.shape) != math.prod(call.shape) or value.dtype != call.made.dtype:
        raise NoRecipeError("the memory is read as numbers of another type")
    index = reordered(call.places, call.shape, value.shape)
    return Recipe(call.axes, (Read(operand, index),), (), ("read", 0))


@rule("expand", "expand_as", "broadcast_to", "broadcast_tensors")
def broadcast(call: Call) -> Recipe:
    """Numbers repeated along dimensions of length 1."""
    operand = call.operand("self")
    if operand is None:
        operand = call.tensors("tensors")[call.output]
    return Recipe(call.axes, (Read(operand, call.aligned(operand)),), (), ("read", 0))


@rule("permute", "transpose", "t", "mT", "movedim", "mH", "matrix_H", "adjoint")
def permuted(call: Call) -> Recipe:
    """The dimensions in another order; the conjugate where the op is named after Hermite."""
    operand = call.tensor("self")
    order = _order(call, len(call.input(operand).shape))
    index: list[Expression] = [0] * len(order)
    for place, dimension in zip(call.places, order, strict=True):
        index[dimension] = place
    conjugate = call.kind in ("mH", "matrix_H", "adjoint") and "complex" in call.made.dtype
    result: Expression = ("conj", ("read", 0)) if conjugate else ("read", 0)
    return Recipe(call.axes, (Read(operand, tuple(index)),), (), result)


def _order(call: Call, rank: int) -> list[int]:
    """Which dimension of the input each dimension of the output is."""
    order = list(range(rank))
    if call.kind == "permute":
        return [dimension % rank for dimension in call.argument("dims")]
    if call.kind == "movedim":
        source, target = (
            [int(d) % rank for d in call.numbers(name, count=_length(call.argument(name)))]
            for name in ("source", "destination")
        )
        order = [d for d in order if d not in source]
        for place, dimension in sorted(zip(target, source, strict=True)):
            order.insert(place, dimension)
        return order
    if call.kind == "t":
        return order[::-1]
    first, second = rank - 2, rank - 1
    if call.kind == "transpose":
        first = call.argument("dim0", "axis0") % max(rank, 1)
        second = call.argument("dim1", "axis1") % max(rank, 1)
    if rank > 1:
        order[first], order[second] = order[second], order[first]
    return order


def _length(value: object) -> int:
    return len(value) if isinstance(value, tuple) else 1


def reordered(
    places: Sequence[Expression], shape: tuple[int, ...], other: tuple[int, ...]
) -> tuple[Expression, ...]:
    """The position in shape ``other`` of the number that stands at ``places`` in ``shape``.

    Only the dimensions that merge or split are reckoned with each other: a channel shuffle's
    view touches the channels alone.

    Examples
    --------
    >>> reordered(("n", "c", "y"), (1, 6, 5), (1, 2, 3, 5))
    (0, ('floordiv', 'c', 3), ('mod', 'c', 3), 'y')
    >>> reordered(("a", "b"), (8, 5), (2, 4, 5))
    (('floordiv', 'a', 4), ('mod', 'a', 4), 'b')
    """
    if 0 in shape:  # nothing is ever read
        return (0,) * len(other)
    found: list[Expression] = [0] * len(other)
    ours = [k for k, length in enumerate(shape) if length > 1]
    theirs = [k for k, length in enumerate(other) if length > 1]
    while ours or theirs:
        mine, yours = [ours.pop(0)], [theirs.pop(0)]
        size, wanted = shape[mine[0]], other[yours[0]]
        while size != wanted:
            if size < wanted:
                mine.append(ours.pop(0))
                size *= shape[mine[-1]]
            else:
                yours.append(theirs.pop(0))
                wanted *= other[yours[-1]]
        group = _regrouped(
            [places[k] for k in mine], [shape[k] for k in mine], [other[k] for k in yours]
        )
        for k, expression in zip(yours, group, strict=True):
            found[k] = expression
    return tuple(found)


def _regrouped(places: list[Expression], lengths: list[int], wanted: list[int]) -> list[Expression]:
    """Positions within dimensions that have to be reckoned together."""
    if len(wanted) == 1:
        return [flat_position(tuple(places), tuple(lengths))]
    steps = [math.prod(lengths[k + 1 :]) for k in range(len(lengths))]
    found: list[Expression] = []
    for k, length in enumerate(wanted):
        step = math.prod(wanted[k + 1 :])
        # Whole turns of this dimension and of those before it do not matter here.
        kept = [(s, place) for s, place in zip(steps, places, strict=True) if s % (step * length)]
        whole = all(s % step == 0 for s, _ in kept)
        position = affine(*((s // step if whole else s, place) for s, place in kept))
        if step > 1 and not whole:
            position = ("floordiv", position, step)
        most = sum(s * (n - 1) for s, n in zip(steps, lengths, strict=True) if s % (step * length))
        if most // step >= length:
            position = ("mod", position, length)
        found.append(position)
    return found
