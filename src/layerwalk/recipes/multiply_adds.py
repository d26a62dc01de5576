"""How much work a network is: the products that each op adds up."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from layerwalk.recipes.book import recipe_of, why_not
from layerwalk.recipes.expression import Expression, evaluate, names_in, reads_in
from layerwalk.recipes.recipe import Recipe, Step
from layerwalk.record import Op, Trace

__all__ = ["OpCost", "Workload", "multiply_adds"]


@dataclass(frozen=True, slots=True, eq=False)
class OpCost:
    """The work of one op.

    Attributes
    ----------
    op
        The op.
    products
        How many products of two values it adds up, over all its outputs; ``None`` where no
        recipe says so.
    missing
        Why not; ``""`` where it is known.
    """

    op: Op
    products: int | None
    missing: str = ""

    @property
    def parameters(self) -> int:
        """How many numbers the op's own weights have."""
        return sum(value.size for value in self.op.parameters)


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """The work of a whole walk, op by op.

    Attributes
    ----------
    rows
        One for each op, in the order of the walk.
    """

    rows: tuple[OpCost, ...] = field(repr=False)

    @property
    def total(self) -> int:
        """All multiply-adds that are known."""
        return sum(row.products or 0 for row in self.rows)

    @property
    def unknown(self) -> tuple[OpCost, ...]:
        """The ops whose multiply-adds are not known, so that the total is the least there are."""
        return tuple(row for row in self.rows if row.products is None)

    def __getitem__(self, name: str) -> int | None:
        """The multiply-adds of the op of that name."""
        return next(row.products for row in self.rows if row.op.name == name)


def multiply_adds(trace: Trace) -> Workload:
    """The multiply-adds of each op of a walk: products of two values that are added up.

    Counted from the recipes: the terms of a sum, times the outputs that have one of their own.
    These are the convolutions, linear layers, matrix products and attention; a bias, an
    activation, a normalisation and a pooling have none. A product with padding counts, as is
    usual; the scores of attention count once, whatever is then made of them. Of a batch the
    work of all its pictures is counted.

    Examples
    --------
    >>> import layerwalk as lw
    >>> work = multiply_adds(lw.trace(lw.load_model("lenet5"), "sample:digits/0"))
    >>> work["c1"], work["c3"], work.total
    (117600, 240000, 416520)
    """
    return Workload(tuple(_cost(op) for op in trace))


def _cost(op: Op) -> OpCost:
    total = 0
    for output in range(len(op.made)):
        recipe = recipe_of(op, output)
        if recipe is None:
            return OpCost(op, None, why_not(op, output))
        total += sum(_products(op, recipe, step) for step in recipe.steps)
    return OpCost(op, total)


def _products(op: Op, recipe: Recipe, step: Step) -> int:
    """The products in all sums of one step."""
    if step.combine != "sum" or not step.loops:
        return 0
    steps = {one.name for one in recipe.steps}
    each = sum(_factors(term, steps) - 1 for term in _multiplied(step.term, steps))
    if not each:
        return 0
    lengths = dict((*recipe.axes, *step.loops, *step.each))
    used = [name for name in _free(recipe, step) if name in lengths]
    # A loop that no factor hangs on still adds its terms.
    used = list(dict.fromkeys((*used, *(name for name, _ in step.loops))))
    positions = math.prod(lengths[name] for name in used)
    return each * round(positions * _there(op, recipe, step.term, lengths))


def _multiplied(term: Expression, steps: Set[str]) -> Iterator[Expression]:
    """The products within a term."""
    if isinstance(term, tuple):
        if term[0] == "mul" and _factors(term, steps) > 1:
            yield term
        for part in term[1:]:
            yield from _multiplied(part, steps)


def _factors(product: Expression, steps: Set[str]) -> int:
    """How many different values are multiplied: no constants, and a square is one of them."""
    parts = product[1:] if isinstance(product, tuple) else ()
    values = (part for part in parts if reads_in(part) or steps & set(names_in(part)))
    return len(set(values))


def _free(recipe: Recipe, step: Step) -> list[str]:
    """The axes and loops that a step's terms hang on, those of earlier steps included."""
    steps = {one.name: one for one in recipe.steps}
    found: list[str] = []
    for name in names_in(step.term):
        if name in steps and name != step.name:
            inner = steps[name]
            gone = {loop for loop, _ in inner.loops}
            found += [one for one in _free(recipe, inner) if one not in gone]
        else:
            found.append(name)
    for number in reads_in(step.term):
        for place in recipe.reads[number].index:
            found += names_in(place)
    return list(dict.fromkeys(found))


def _there(op: Op, recipe: Recipe, term: Expression, lengths: Mapping[str, int]) -> float:
    """Which share of the terms there is: a transposed convolution leaves most out."""
    share = 1.0
    for read in (recipe.reads[number] for number in reads_in(term)):
        if read.beyond == "skip":
            sides = op.inputs[read.operand].shape
            for place, side in zip(read.index, sides, strict=True):
                share *= _share(place, side, lengths)
    return share


def _share(place: Expression, side: int, lengths: Mapping[str, int]) -> float:
    """How many positions of an index lie on an operand's side, of all that the loops go over."""
    exact = isinstance(place, tuple) and place[0] == "exact"
    inner, stride = (place[1], place[2]) if isinstance(place, tuple) and exact else (place, 1)
    axes = [(name, lengths[name]) for name in names_in(inner)]
    grids = np.meshgrid(*(np.arange(length) for _, length in axes), indexing="ij")
    at: dict[str, Any] = {name: grid for (name, _), grid in zip(axes, grids, strict=True)}
    position = np.asarray(evaluate(inner, lambda leaf: at[str(leaf)]))
    there = (position >= 0) & (position < side * int(str(stride)))
    return float(np.mean(there & (position % int(str(stride)) == 0)))
