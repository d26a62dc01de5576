"""The evaluator: a recipe and its operands give values, with every term, in float64."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.recipes.expression import Expression, evaluate, reads_in
from layerwalk.recipes.margin import Uncertain, certain, combined
from layerwalk.recipes.recipe import Read, Recipe, Step

__all__ = ["Gathered", "Outcome", "Work", "places_at_once", "work_out"]

Numbers = NDArray[Any]
_MOST_TERMS = 1 << 21


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one read gave: arrays of shape (K, loops...), lengths 1 where it does not depend.

    ``places`` has an array for each dimension of the operand; ``beyond`` is where padding was
    read, ``skipped`` where there is no term (``None``: nowhere).
    """

    values: Numbers
    places: tuple[Numbers, ...]
    beyond: Numbers | None
    skipped: Numbers | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The values at K places, and by how much arithmetic in other precision may miss them.

    ``values`` and ``scales`` have shape (K,); ``scales`` is the sum of the absolute terms.
    """

    values: Numbers
    scales: Numbers


@dataclass(slots=True)
class Work:
    """A recipe being worked out at K places: ``at`` is of shape (K, number of axes)."""

    recipe: Recipe
    operands: Sequence[Numbers]
    at: NDArray[np.int64]
    reads: dict[int, Gathered] = field(default_factory=dict)
    steps: dict[str, Uncertain] = field(default_factory=dict)
    _loops: dict[str, int] = field(default_factory=dict)
    _lengths: dict[str, int] = field(default_factory=dict)
    _places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for step in self.recipe.steps:
            for name, length in (*step.each, *step.loops):
                self._loops.setdefault(name, len(self._loops) + 1)
                self._lengths[name] = length
        self._places = {name: k for k, (name, _) in enumerate(self.recipe.axes)}

    def run(self) -> Uncertain:
        """The result; the steps and reads on the way stay in ``steps`` and ``reads``."""
        for step in self.recipe.steps:
            self.steps[step.name] = self._step(step)
        result = self.value(self.recipe.result)
        # Its loops are all of length 1: what is left is one number for each place.
        shape = (len(self.at), *[1] * len(self._loops))
        values, scales = (np.broadcast_to(part, shape) for part in (result.values, result.scales))
        # What is not a number has no scale.
        return Uncertain(values.reshape(-1), np.where(np.isnan(scales), 0, scales).reshape(-1))

    def value(self, expression: Expression) -> Uncertain:
        """The value of an expression, of shape (K, loops...)."""
        with np.errstate(all="ignore"):  # infinities and NaN are values as any other
            return combined(expression, self._leaf)

    def position(self, name: str) -> Numbers:
        """The positions of an output axis or a loop."""
        rank = len(self._loops) + 1
        if name in self._places:
            return self.at[:, self._places[name]].reshape(-1, *[1] * (rank - 1))
        shape = [1] * rank
        shape[self._loops[name]] = self._lengths[name]
        return np.arange(self._lengths[name]).reshape(shape)

    def gathered(self, number: int) -> Gathered:
        """What the read of this number gives."""
        if number not in self.reads:
            self.reads[number] = self._gather(self.recipe.reads[number])
        return self.reads[number]

    def _leaf(self, expression: Expression) -> Uncertain:
        if isinstance(expression, str):
            if expression in self.steps:
                return self.steps[expression]
            return certain(self.position(expression))
        if isinstance(expression, tuple) and expression[0] == "read":
            return certain(self.gathered(int(str(expression[1]))).values)
        return certain(self._index(expression))

    def _index(self, expression: Expression) -> Any:
        return evaluate(expression, self._index_leaf)

    def _index_leaf(self, expression: Expression) -> Any:
        if isinstance(expression, str):
            return self.position(expression)
        if not isinstance(expression, tuple):
            return expression
        name, parts = expression[0], expression[1:]
        if name == "table":
            table = np.asarray(self.recipe.tables[int(str(parts[0]))])
            return table[tuple(self._index(part) for part in parts[1:])]
        if name == "exact":
            whole, rest = np.divmod(self._index(parts[0]), parts[1])
            return np.where(rest == 0, whole, -1)
        return self.gathered(int(str(parts[0]))).values.astype(np.int64)

    def _gather(self, read: Read) -> Gathered:
        operand = self.operands[read.operand]
        one = np.zeros([1] * (len(self._loops) + 1), dtype=np.int64)
        places = tuple(np.asarray(self._index(index)) + one for index in read.index)
        if read.beyond is None:
            return Gathered(_taken(operand, places, one), places, None, None)
        outside = _outside(places, [(0, length) for length in operand.shape])
        inner = tuple(
            np.clip(place, 0, max(length - 1, 0))
            for place, length in zip(places, operand.shape, strict=True)
        )
        values = _taken(operand, inner, one)
        if read.beyond == "skip":
            return Gathered(values, places, None, outside)
        values = np.where(outside, np.asarray(read.beyond, dtype=values.dtype), values)
        skipped = None if read.limits is None else _outside(places, read.limits)
        return Gathered(values, places, outside, skipped)

    def _step(self, step: Step) -> Uncertain:
        term = self.value(step.term)
        shape = list(np.broadcast_shapes(term.values.shape, term.scales.shape))
        axes = tuple(self._loops[name] for name, _ in step.loops)
        for name, length in step.loops:
            shape[self._loops[name]] = length
        skipped = self.skipped(step)
        if skipped is not None:
            shape = list(np.broadcast_shapes(tuple(shape), skipped.shape))
        values, scales = np.broadcast_to(term.values, shape), np.broadcast_to(term.scales, shape)
        with np.errstate(all="ignore"):
            reduced = _reduced(step, values, scales, skipped, axes)
        if term.sure and step.combine in ("max", "min"):
            return certain(reduced.values)
        return reduced

    def skipped(self, step: Step) -> Numbers | None:
        """Where the step has no term."""
        masks = [self.gathered(number).skipped for number in reads_in(step.term)]
        found = [mask for mask in masks if mask is not None]
        return np.logical_or.reduce(np.broadcast_arrays(*found)) if found else None


def _reduced(
    step: Step, values: Numbers, scales: Numbers, skipped: Numbers | None, axes: tuple[int, ...]
) -> Uncertain:
    if step.combine in ("sum", "mean"):
        if skipped is not None:
            values, scales = np.where(skipped, 0, values), np.where(skipped, 0, scales)
        total, scale = (part.sum(axes, keepdims=True) for part in (values, scales))
        if step.combine == "sum":
            return Uncertain(total, scale)
        kept = np.ones(values.shape, dtype=bool) if skipped is None else ~skipped
        count = np.broadcast_to(kept, values.shape).sum(axes, keepdims=True)
        return Uncertain(total / np.maximum(count, 1), scale / np.maximum(count, 1))
    if step.combine in ("any", "all"):
        reduce = np.any if step.combine == "any" else np.all
        if skipped is not None:  # a term that does not exist decides nothing
            values = np.where(skipped, step.combine == "all", values)
        return certain(reduce(values, axis=axes, keepdims=True))
    if step.combine == "prod":
        if skipped is not None:
            values = np.where(skipped, 1, values)
        total = values.prod(axes, keepdims=True)
        return Uncertain(total, np.abs(total) * values[0].size)
    sign = 1 if step.combine == "max" else -1
    if skipped is not None:
        values = np.where(skipped, _least(values.dtype, sign), values)
    reduce_by = np.max if sign == 1 else np.min
    best = reduce_by(values, axis=axes, keepdims=True)
    same = scales if skipped is None else np.where(skipped, 0, scales)
    return Uncertain(best, np.max(same, axis=axes, keepdims=True))


def _least(dtype: np.dtype[Any], sign: int) -> Any:
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return limits.min if sign == 1 else limits.max
    return False if dtype.kind == "b" else -sign * np.inf


def _outside(places: Sequence[Numbers], limits: Sequence[tuple[int, int]]) -> Numbers:
    masks = [
        (place < low) | (place >= high) for place, (low, high) in zip(places, limits, strict=True)
    ]
    return np.logical_or.reduce(np.broadcast_arrays(*masks)) if masks else np.zeros(1, dtype=bool)


def _taken(operand: Numbers, places: tuple[Numbers, ...], one: Numbers) -> Numbers:
    if not places:
        return operand.reshape(one.shape)
    if any(place.size and place.min() < 0 for place in places):
        raise IndexError("a recipe's read went before the beginning")  # a fault of the recipe
    if not operand.size:  # all around it is padding, or nothing
        return np.zeros(np.broadcast_shapes(*(place.shape for place in places)), operand.dtype)
    taken: Numbers = operand[places]
    return taken


def places_at_once(recipe: Recipe) -> int:
    """At how many places a recipe is worked out in one go, for the memory that it takes."""
    lengths = {name: length for step in recipe.steps for name, length in (*step.each, *step.loops)}
    return max(_MOST_TERMS // math.prod(max(length, 1) for length in lengths.values()), 1)


def work_out(recipe: Recipe, operands: Sequence[Numbers], at: NDArray[np.int64]) -> Outcome:
    """The values of a recipe at the places ``at``, of shape (K, axes), a batch at a time."""
    batch = places_at_once(recipe)
    parts = [
        Work(recipe, operands, at[start : start + batch]).run()
        for start in range(0, len(at), batch)
    ]
    if not parts:
        return Outcome(np.zeros(0), np.zeros(0))
    return Outcome(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.scales for part in parts]),
    )
