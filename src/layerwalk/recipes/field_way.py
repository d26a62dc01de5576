"""A way back: one read of an op, from a part of its output to the part of the operand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from layerwalk.recipes.field_dimension import Dimension
from layerwalk.recipes.field_positions import Positions, united, within
from layerwalk.recipes.field_reads import Condition, Places, conditional_reads
from layerwalk.recipes.recipe import Recipe
from layerwalk.record import Op, Value

__all__ = ["Extent", "Way", "ways"]


@dataclass(frozen=True, slots=True, eq=False)
class Extent:
    """A part of a value: positions in each dimension, and what they would be without ends.

    ``free`` counts positions beyond the value's ends; it is ``sets`` itself where there are
    none. Both are products: every combination of the positions counts.
    """

    sets: tuple[Positions, ...]
    free: tuple[Positions, ...]

    def joined(self, other: Extent) -> Extent:
        """Both parts together, dimension by dimension."""
        sets = _joined(self.sets, other.sets)
        if self.free is self.sets and other.free is other.sets:
            return Extent(sets, sets)
        return Extent(sets, _joined(self.free, other.free))


def _joined(one: tuple[Positions, ...], other: tuple[Positions, ...]) -> tuple[Positions, ...]:
    # A part that is empty in one dimension is empty.
    if not all(map(len, other)):
        return one
    if not all(map(len, one)):
        return other
    return tuple(united(a, b) for a, b in zip(one, other, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One read that an op's values are made of.

    Attributes
    ----------
    value
        What is read.
    dimensions
        Where, in each dimension of it.
    conditions
        All that must hold for the read to count.
    apart
        Those of them which share no axis or loop with any index.
    """

    value: Value
    places: Places
    dimensions: tuple[Dimension, ...]
    conditions: tuple[Condition, ...]
    apart: tuple[Dimension, ...]

    @property
    def rates(self) -> tuple[tuple[Fraction | None, ...], ...]:
        """For each dimension, how far it moves with each axis of the output."""
        return tuple(dimension.rates for dimension in self.dimensions)

    def back(self, extent: Extent) -> Extent | None:
        """The part of the operand that a part of the output was read from, if any."""
        free = self._free(extent.free)
        if extent.free is extent.sets and all(
            dimension.free is dimension.index for dimension in self.dimensions
        ):
            wide = free
        else:
            wide = self._reached(extent.sets)
        if wide is None and free is None:
            return None
        nothing = (range(0),) * len(self.dimensions)
        sets = nothing if wide is None else self._clipped(wide)
        if free is None or (wide is free and sets is wide):
            return Extent(sets, sets)
        return Extent(sets, free)

    def _free(self, sets: Sequence[Positions]) -> tuple[Positions, ...] | None:
        return self._taken([d.of(sets, free=True) for d in self.dimensions], sets, free=True)

    def _reached(self, sets: Sequence[Positions]) -> tuple[Positions, ...] | None:
        if not all(map(len, sets)):
            return None
        return self._taken([d.of(sets, free=False) for d in self.dimensions], sets, free=False)

    def _taken(
        self, found: list[Positions], sets: Sequence[Positions], *, free: bool
    ) -> tuple[Positions, ...] | None:
        counts = all(map(len, found)) and all(len(d.of(sets, free=free)) for d in self.apart)
        return tuple(found) if counts else None

    def _clipped(self, wide: tuple[Positions, ...]) -> tuple[Positions, ...]:
        kept = [within(w, d.length) for w, d in zip(wide, self.dimensions, strict=True)]
        same = all(k is w for k, w in zip(kept, wide, strict=True))
        return wide if same else tuple(kept)


def ways(op: Op, recipe: Recipe) -> tuple[Way, ...]:
    """The reads of an op that carry on the network's input: not weights, not constants."""
    places = Places(recipe, op)
    found = []
    for number, conditions in conditional_reads(recipe):
        read = recipe.reads[number]
        value = op.inputs[read.operand]
        if value.role not in ("input", "result"):
            continue
        names = [places.names(index) for index in read.index]
        dimensions = []
        for k, (index, length) in enumerate(zip(read.index, value.shape, strict=True)):
            elsewhere = [name for j, other in enumerate(names) if j != k for name in other]
            dimensions.append(Dimension.written(places, length, index, conditions, elsewhere))
        near = {condition for dimension in dimensions for condition in dimension.conditions}
        apart = [
            Dimension.written(places, 1, 0, (), ()).under(condition)
            for condition in conditions
            if condition not in near
        ]
        found.append(Way(value, places, tuple(dimensions), conditions, tuple(apart)))
    return tuple(found)
