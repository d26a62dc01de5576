"""One recorded call, as the rules read it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis
from layerwalk.record import Argument, Op, Ref, Value

__all__ = ["AXES", "Call", "NoRecipeError"]

# What people call the dimensions of a feature map, by how many there are.
AXES = {
    0: (), 1: ("c",), 2: ("n", "c"), 3: ("n", "c", "x"), 4: ("n", "c", "y", "x"),
    5: ("n", "c", "z", "y", "x"),
}  # fmt: skip
_REQUIRED = object()


class NoRecipeError(Exception):
    """A rule does not know this call; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """An op and which of its outputs a recipe is wanted for.

    Arguments are asked for by the names of the framework's schema.
    """

    op: Op
    output: int

    @property
    def kind(self) -> str:
        """The op's kind."""
        return self.op.kind

    @property
    def made(self) -> Value:
        """The output."""
        return self.op.made[self.output]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the output."""
        return self.made.shape

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The output's dimensions with their names, which are n, c, z, y, x where that fits."""
        rank = len(self.shape)
        names = AXES.get(rank) or tuple(f"d{k}" for k in range(rank))
        return tuple(zip(names, self.shape, strict=True))

    @property
    def places(self) -> tuple[Expression, ...]:
        """The output's position: the names of its axes."""
        return tuple(name for name, _ in self.axes)

    def argument(self, *names: str, default: Any = _REQUIRED) -> Any:
        """A plain argument, by the first of the names that the call has."""
        given = dict(self.op.arguments)
        for name in names:
            if name in given:
                return given[name]
        if default is _REQUIRED:
            raise NoRecipeError(f"the call has no argument {names[0]}")
        return default

    def operand(self, *names: str) -> int | None:
        """The position in ``op.inputs`` of a tensor argument; ``None`` where it was left out."""
        value: Argument = self.argument(*names, default=None)
        return value.input if isinstance(value, Ref) else None

    def tensor(self, *names: str) -> int:
        """The position in ``op.inputs`` of an argument that has to be a tensor."""
        found = self.operand(*names)
        if found is None:
            raise NoRecipeError(f"{names[0]} is not a tensor")
        return found

    def tensors(self, name: str) -> list[int]:
        """The positions of an argument that is a list of tensors."""
        value = self.argument(name)
        if not isinstance(value, tuple) or not all(isinstance(item, Ref) for item in value):
            raise NoRecipeError(f"{name} is not a list of tensors")
        return [item.input for item in value]

    def input(self, operand: int) -> Value:
        """The value at a position in ``op.inputs``."""
        return self.op.inputs[operand]

    def numbers(self, *names: str, count: int, default: Any = _REQUIRED) -> tuple[int, ...]:
        """An argument of one whole number or ``count`` of them, written out."""
        value = self.argument(*names, default=default)
        found = value if isinstance(value, tuple) else (value,)
        if len(found) == 1:
            found *= count
        if len(found) != count or not all(isinstance(item, int) for item in found):
            raise NoRecipeError(f"{names[0]} is {value}")
        return tuple(int(item) for item in found)

    def aligned(self, operand: int) -> tuple[Expression, ...]:
        """The index of an operand that is broadcast to the output."""
        shape, places = self.input(operand).shape, self.places
        if len(shape) > len(places):
            raise NoRecipeError(f"a {len(shape)}-D operand does not fit a {len(places)}-D output")
        tail = places[len(places) - len(shape) :]
        return tuple(0 if n == 1 else place for n, place in zip(shape, tail, strict=True))

    def flat(self) -> Expression:
        """The position in the output, counted along all of its dimensions."""
        return flat_position(self.places, self.shape)


def flat_position(places: tuple[Expression, ...], shape: tuple[int, ...]) -> Expression:
    """Where the element at ``places`` stands when the dimensions are laid in a row."""
    terms: list[Expression] = []
    for k, place in enumerate(places):
        step = math.prod(shape[k + 1 :])
        if shape[k] > 1:
            terms.append(place if step == 1 else ("mul", step, place))
    if not terms:
        return 0
    return terms[0] if len(terms) == 1 else ("add", *terms)
