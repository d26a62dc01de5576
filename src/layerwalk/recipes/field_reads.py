"""Which reads a value depends on, and under which conditions: found in its recipe alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.recipes.expression import Expression, evaluate, names_in, reads_in
from layerwalk.recipes.recipe import Read, Recipe
from layerwalk.record import Op

__all__ = ["Condition", "Places", "conditional_reads"]

Condition = Expression
# Where an ("exact", e, s) is no whole number: further out than any sum brings back.
_NOWHERE = -(1 << 40)


def conditional_reads(recipe: Recipe) -> list[tuple[int, tuple[Condition, ...]]]:
    """The numbers of the reads that the result is made of, each with its conditions.

    Reads that only say where another one reads are not among them. The conditions are
    expressions of axes, loops and tables; where one is false the read does not count: a
    ``choose`` or ``where`` takes the other value, or a factor beside the read is zero.

    Examples
    --------
    >>> cat = ("choose", "c", 3, 8, ("read", 0), ("read", 1))
    >>> conditional_reads(Recipe((("c", 8),), (), (), cat))
    [(0, (('lt', 'c', 3),)), (1, (('ge', 'c', 3), ('lt', 'c', 8)))]
    """
    steps = {step.name: step.term for step in recipe.steps}
    found = dict.fromkeys(_reads(recipe.result, (), steps, set()))
    always = {number for number, conditions in found if not conditions}
    return [pair for pair in found if not pair[1] or pair[0] not in always]


def _reads(
    expression: Expression,
    conditions: tuple[Condition, ...],
    steps: Mapping[str, Expression],
    seen: set[tuple[str, tuple[Condition, ...]]],
) -> Iterator[tuple[int, tuple[Condition, ...]]]:
    if isinstance(expression, str):
        if expression in steps and (expression, conditions) not in seen:
            seen.add((expression, conditions))
            yield from _reads(steps[expression], conditions, steps, seen)
        return
    if not isinstance(expression, tuple):
        return
    if expression[0] == "read":
        yield int(str(expression[1])), conditions
        return
    for part, more in _parts(expression, steps):
        yield from _reads(part, (*conditions, *more), steps, seen)


def _parts(
    expression: tuple[Expression, ...], steps: Mapping[str, Expression]
) -> list[tuple[Expression, tuple[Condition, ...]]]:
    """The arguments of a function, each with what must hold for it to matter."""
    name, parts = expression[0], expression[1:]
    if name == "choose":
        half = (len(parts) - 1) // 2
        place, limits, chosen = parts[0], parts[1 : half + 1], parts[half + 1 :]
        if all(_is_positional(part, steps) for part in (place, *limits)):
            lower: list[tuple[Condition, ...]] = [(), *((("ge", place, e),) for e in limits)]
            return [
                (part, (*low, ("lt", place, end)))
                for part, low, end in zip(chosen, lower[:-1], limits, strict=True)
            ]
    if name == "where" and _is_positional(parts[0], steps):
        return [(parts[1], (parts[0],)), (parts[2], (("not", parts[0]),))]
    if name == "mul":
        fixed = [part for part in parts if _is_positional(part, steps)]
        zeros = tuple(("ne", part, 0) for part in fixed if isinstance(part, (str, tuple)))
        return [(part, zeros) for part in parts if not _is_positional(part, steps)]
    return [(part, ()) for part in parts]


def _is_positional(expression: Expression, steps: Mapping[str, Expression]) -> bool:
    """Whether an expression depends on axes, loops and tables only."""
    return not reads_in(expression) and not any(name in steps for name in names_in(expression))


@dataclass(frozen=True, slots=True)
class Places:
    """Works out index expressions and conditions of one op's recipe."""

    recipe: Recipe
    op: Op

    def lengths(self) -> Mapping[str, int]:
        """How many positions each axis and loop has."""
        loops = [loop for step in self.recipe.steps for loop in (*step.each, *step.loops)]
        return dict((*loops, *self.recipe.axes))

    def names(self, expression: Expression) -> list[str]:
        """Axes and loops that an expression depends on, also by the reads within it."""
        nested = [self.recipe.reads[number].index for number in reads_in(expression)]
        parts: Sequence[Expression] = (expression, *(part for index in nested for part in index))
        inner = [name for part in parts[1:] for name in self.names(part)]
        return list(dict.fromkeys((*names_in(expression), *inner)))

    def numbers(self, expression: Expression, at: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """The expression where its names have the given positions, as they broadcast."""

        def leaf(part: Expression) -> Any:
            if isinstance(part, str):
                return at[part]
            if not isinstance(part, tuple):
                return part
            if part[0] == "table":
                table = np.asarray(self.recipe.tables[int(str(part[1]))])
                return table[tuple(evaluate(inner, leaf) for inner in part[2:])]
            if part[0] == "exact":
                whole, rest = np.divmod(evaluate(part[1], leaf), part[2])
                return np.where(rest == 0, whole, _NOWHERE)
            return self._recorded(self.recipe.reads[int(str(part[1]))], leaf)

        return np.asarray(evaluate(expression, leaf))

    def _recorded(self, read: Read, leaf: Any) -> NDArray[np.int64]:
        """The whole numbers that the network itself read there."""
        value = self.op.inputs[read.operand].array()
        places = [np.asarray(evaluate(index, leaf)) for index in read.index]
        bounded = [
            np.clip(place, 0, max(length - 1, 0))
            for place, length in zip(places, value.shape, strict=True)
        ]
        return np.asarray(value[tuple(bounded)]).astype(np.int64)
