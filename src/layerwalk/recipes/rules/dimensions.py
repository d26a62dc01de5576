"""Dimensions that an op goes over: the loops of a step, and where it reads."""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis

__all__ = ["Over", "over", "over_all"]

_LOOPS = ("i", "j", "k", "l", "m", "p", "q", "r")


@dataclass(frozen=True, slots=True)
class Over:
    """An op's way over some dimensions of an operand.

    Attributes
    ----------
    loops
        One for each of the dimensions.
    index
        The position in the operand: loops in those dimensions, the output's places elsewhere.
    """

    loops: tuple[Axis, ...]
    index: tuple[Expression, ...]

    @property
    def count(self) -> int:
        """How many numbers there are."""
        count = 1
        for _, length in self.loops:
            count *= length
        return count


def over(call: Call, operand: int, dims: object, *, keepdim: bool) -> Over:
    """The way over ``dims`` of an operand; ``None`` or none of them: over all.

    ``keepdim`` says that the output has those dimensions too (of length 1 or, where the op
    gives a value for each position, in full).
    """
    shape = call.input(operand).shape
    rank = len(shape)
    if dims is None or dims == ():
        dims = tuple(range(rank))
    found = dims if isinstance(dims, tuple) else (dims,)
    gone = sorted({int(dim) % max(rank, 1) for dim in found if isinstance(dim, int)})
    if len(gone) != len(found) or rank > len(_LOOPS):
        raise NoRecipeError(f"dimensions {dims} of {shape}")
    if not rank:
        return Over((), ())
    if len(call.places) != (rank if keepdim else rank - len(gone)):
        raise NoRecipeError(f"{shape} over {dims} to {call.shape}")
    names = dict(zip(gone, _LOOPS, strict=False))
    kept = iter(call.places if not keepdim else [])
    index: tuple[Expression, ...] = tuple(
        names[k] if k in names else call.places[k] if keepdim else next(kept) for k in range(rank)
    )
    return Over(tuple((names[k], shape[k]) for k in gone), index)


def over_all(call: Call, operand: int) -> Over:
    """The way over the whole operand."""
    shape = call.input(operand).shape
    if len(shape) > len(_LOOPS):
        raise NoRecipeError(f"{len(shape)} dimensions")
    loops = tuple(zip(_LOOPS, shape, strict=False))
    return Over(loops, tuple(name for name, _ in loops))
