"""A recipe: how one output value of an op is made, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from layerwalk.recipes.expression import FUNCTIONS, Expression

__all__ = ["Axis", "Combine", "Read", "Recipe", "Step"]

Combine: TypeAlias = Literal["sum", "mean", "max", "min", "prod", "any", "all"]
# A name and how many positions it has.
Axis: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Read:
    """Where one factor of the arithmetic is read.

    Attributes
    ----------
    operand
        Position in ``Op.inputs``.
    index
        An expression of output axes and loops for each dimension of the operand. Beside
        the functions there are ``("table", t, ...)``, an element of the recipe's t-th table;
        ``("exact", e, s)``, e / s where that is a whole number and no position otherwise;
        and ``("read", k)``, the whole number that another read gives.
    beyond
        What happens beyond the operand's ends: ``None``, it never goes there; ``"skip"``,
        there is no such term; a number, that is read (padding).
    limits
        Where ``beyond`` is a number, for each dimension the first position and the one
        after the last for which it holds; further out there is no such term.
    """

    operand: int
    index: tuple[Expression, ...]
    beyond: float | Literal["skip"] | None = None
    limits: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A number on the way: terms over all positions of the loops, combined.

    ``each`` are loops of other steps that this one keeps apart: it has a number for every
    position of them (the scores of attention, one for each key).
    """

    name: str
    loops: tuple[Axis, ...]
    combine: Combine
    term: Expression
    each: tuple[Axis, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an op makes one value of one output.

    Attributes
    ----------
    axes
        The output's dimensions, with names: ``(("n", 1), ("c", 64), ("y", 112), ("x", 112))``.
    reads
        What ``("read", k)`` in the expressions means.
    steps
        In the order in which they are worked out. The terms of the last are what a
        person wants to see.
    result
        The value, of reads, steps and axes.
    tables
        Whole or real numbers, in rows of one or two dimensions.
    forms
        Other ways to write the result, with a name: a batch norm folded into one product
        and one sum.

    Examples
    --------
    A 3x3 convolution of stride 2 and padding 1 from 3 channels, with bias:

    >>> Recipe(
    ...     axes=(("n", 1), ("c", 64), ("y", 112), ("x", 112)),
    ...     reads=(
    ...         Read(0, ("n", "i", ("add", ("mul", 2, "y"), "u", -1),
    ...              ("add", ("mul", 2, "x"), "v", -1)), beyond=0.0),
    ...         Read(1, ("c", "i", "u", "v")),
    ...         Read(2, ("c",)),
    ...     ),
    ...     steps=(Step("sum", (("i", 3), ("u", 3), ("v", 3)), "sum",
    ...                 ("mul", ("read", 0), ("read", 1))),),
    ...     result=("add", "sum", ("read", 2)),
    ... ).moves
    False
    """

    axes: tuple[Axis, ...]
    reads: tuple[Read, ...]
    steps: tuple[Step, ...]
    result: Expression
    tables: tuple[tuple[float | tuple[float, ...], ...], ...] = field(default=(), repr=False)
    forms: tuple[tuple[str, Expression], ...] = ()

    @property
    def main(self) -> Step | None:
        """The step whose terms are shown: the last that goes over a loop."""
        return next((step for step in reversed(self.steps) if step.loops), None)

    @property
    def moves(self) -> bool:
        """Whether the op only moves or selects values: the result is one of them, exactly."""
        if any(step.combine not in ("max", "min") for step in self.steps):
            return False
        terms = {step.name: step.term for step in self.steps}
        return _selects(self.result, terms) and all(_selects(t, terms) for t in terms.values())


def _selects(expression: Expression, steps: dict[str, Expression]) -> bool:
    if isinstance(expression, str):
        return expression in steps
    if not isinstance(expression, tuple):
        return True
    name, parts = expression[0], expression[1:]
    if name == "read":
        return True
    if name == "choose":
        return all(_selects(part, steps) for part in parts[1 + (len(parts) - 1) // 2 :])
    if name == "where":
        return all(_selects(part, steps) for part in parts[1:])
    return (
        name in ("max", "min", "clamp", "neg", "abs")
        and name in FUNCTIONS
        and all(_selects(part, steps) for part in parts)
    )
