"""The ways through a whole trace, and how to go them backwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar
from weakref import WeakKeyDictionary

from layerwalk.errors import NotFoundError
from layerwalk.recipes.book import recipe_of, why_not
from layerwalk.recipes.field_way import Way, ways
from layerwalk.record import Op, Trace, Value

__all__ = ["Paths", "Rates", "paths_of"]

Part = TypeVar("Part")
# For each axis of a value and each dimension of the input: how far the input's position
# moves when the value's index moves by one; None where it does not move evenly.
Rates = tuple[tuple[Fraction | None, ...], ...]


@dataclass(slots=True)
class Paths:
    """The ways of one trace that lead to one of its inputs, written when they are asked for."""

    input: Value
    ops: tuple[Op, ...]
    from_input: frozenset[int]
    _ways: dict[tuple[int, int], tuple[Way, ...]] = field(default_factory=dict)
    _rates: dict[int, Rates] = field(default_factory=dict)

    @classmethod
    def through(cls, trace: Trace, value: Value) -> Paths:
        """The paths from an input through a trace."""
        found = {value.id}
        for op in trace:
            if any(read.id in found for read in op.inputs):
                found.update(made.id for made in op.made)
        return cls(value, trace.ops, frozenset(found))

    def ways(self, op: Op, output: int) -> tuple[Way, ...]:
        """The ways back from an op's output that lead to the input.

        Raises
        ------
        NotFoundError
            The op has no recipe.
        """
        key = (op.index, output)
        if key not in self._ways:
            recipe = recipe_of(op, output)
            if recipe is None:
                raise NotFoundError(
                    f"the receptive field ends here: how a number of this {op.kind} is made "
                    f"is not known ({why_not(op, output)})",
                    where=op.name,
                    mend="layerwalk verify lists the ops without a recipe",
                )
            found = ways(op, recipe)
            self._ways[key] = tuple(way for way in found if way.value.id in self.from_input)
        return self._ways[key]

    def back(
        self,
        op: Op,
        output: int,
        start: Part,
        step: Callable[[Way, Part], Part | None],
        join: Callable[[Part, Part], Part],
    ) -> Part | None:
        """What a part of an op's output was made of, of the input.

        ``step`` goes one way back, to ``None`` where it leads nowhere; ``join`` puts two
        parts of one value together.
        """
        parts: dict[int, Part] = {op.made[output].id: start}
        if op.made[output].id not in self.from_input:
            return None
        for earlier in self.ops[op.index :: -1]:
            for place, made in enumerate(earlier.made):
                if made.id not in parts:
                    continue
                part = parts.pop(made.id)
                for way in self.ways(earlier, place):
                    found = step(way, part)
                    if found is not None:
                        known = parts.get(way.value.id)
                        parts[way.value.id] = found if known is None else join(known, found)
        return parts.get(self.input.id)

    def rates(self, op: Op, output: int) -> Rates:
        """How the position on the input moves with the index of an op's output.

        Raises as :meth:`ways` does.
        """
        wanted = op.made[output].id
        if wanted not in self._rates:
            known: dict[int, Rates] = {self.input.id: _itself(len(self.input.shape))}
            needed = self._needed(op, output)
            for earlier in self.ops[: op.index + 1]:
                for place, made in enumerate(earlier.made):
                    if made.id in needed:
                        known.setdefault(made.id, self._composed(earlier, place, known))
            self._rates.update(known)
        return self._rates[wanted]

    def _needed(self, op: Op, output: int) -> set[int]:
        needed = {op.made[output].id}
        for earlier in self.ops[op.index :: -1]:
            for place, made in enumerate(earlier.made):
                if made.id in needed and made.id in self.from_input:
                    needed.update(way.value.id for way in self.ways(earlier, place))
        return needed

    def _composed(self, op: Op, output: int, known: Mapping[int, Rates]) -> Rates:
        made, width = op.made[output], len(self.input.shape)
        if made.id in self._rates:
            return self._rates[made.id]
        found: list[Rates] = []
        if made.id in self.from_input:
            found = [
                _through(way.rates, known[way.value.id], len(made.shape), width)
                for way in self.ways(op, output)
            ]
        still: Rates = ((Fraction(0),) * width,) * len(made.shape)
        if not found:
            return still
        return tuple(
            tuple(_agreed([rates[a][d] for rates in found]) for d in range(width))
            for a in range(len(made.shape))
        )


def _itself(rank: int) -> Rates:
    return tuple(tuple(Fraction(int(a == d)) for d in range(rank)) for a in range(rank))


def _through(by: Rates, before: Rates, axes: int, width: int) -> Rates:
    """The rates of an output: of each dimension with its axes, times of the operand."""
    return tuple(
        tuple(
            _sum([_product(by[k][a], before[k][d]) for k in range(len(by))]) for d in range(width)
        )
        for a in range(axes)
    )


def _product(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    if one == 0 or other == 0:
        return Fraction(0)
    return None if one is None or other is None else one * other


def _sum(rates: list[Fraction | None]) -> Fraction | None:
    moving = [rate for rate in rates if rate != 0]
    if len(moving) < 2:
        return moving[0] if moving else Fraction(0)
    total = Fraction(0)
    for rate in moving:
        if rate is None:
            return None
        total += rate
    return total


def _agreed(rates: list[Fraction | None]) -> Fraction | None:
    return rates[0] if all(rate == rates[0] for rate in rates) else None


_KNOWN: WeakKeyDictionary[Trace, dict[int, Paths]] = WeakKeyDictionary()


def paths_of(trace: Trace, input: object = 0) -> Paths:  # noqa: A002 - the field's word
    """The paths from an input of a trace, kept as long as the trace is.

    Raises
    ------
    NotFoundError
        The trace has no such input.
    """
    if not isinstance(input, int) or not 0 <= input < len(trace.inputs):
        raise NotFoundError(
            f"there is no input {input}",
            where=trace.name,
            mend=f"it has {len(trace.inputs)}, counted from 0",
        )
    known = _KNOWN.setdefault(trace, {})
    if input not in known:
        known[input] = Paths.through(trace, trace.inputs[input])
    return known[input]
