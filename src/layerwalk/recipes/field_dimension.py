"""One dimension of a read: from positions of the output to positions of what was read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.recipes.expression import Expression, names_in, reads_in
from layerwalk.recipes.field_positions import Positions, as_array, collected, united, within
from layerwalk.recipes.field_reads import Condition, Places

__all__ = ["Dimension", "Window", "linear"]

_MOST = 1 << 21  # positions that are worked out at once
# Steps with many divisors: over one of them an upsampling by 2, 3, 4 ... moves evenly.
_STEPS = (48, 24, 12, 6, 4, 3, 2, 1)
_LINEAR = ("add", "sub", "mul", "neg", "floordiv")


@dataclass(frozen=True, slots=True)
class Window:
    """``stride*axis + dilation*loop + offset``, the form that nearly all reads have.

    ``axis`` is the place of the output's axis, ``None`` where the window is the same for all.
    Only positions of it from ``start`` to ``stop`` - 1 have a window, if these are given.
    """

    axis: int | None
    stride: int
    dilation: int
    count: int
    offset: int
    start: int | None = None
    stop: int | None = None

    def of(self, positions: Positions) -> Positions:
        """Where the window lies over some positions of the axis."""
        if self.stop is not None:
            positions = within(positions, self.stop, self.start or 0)
        if not len(positions) or not self.count:
            return range(0)
        reach = self.dilation * (self.count - 1)
        dense = self.count == 1 or self.dilation == 1
        if isinstance(positions, range) and dense:
            first, last = positions[0], positions[-1]
            if first == last or 0 < self.stride <= reach + 1:
                start = self.stride * first + self.offset
                return range(start, self.stride * last + self.offset + reach + 1)
        starts = self.stride * as_array(positions) + self.offset
        return collected(starts[:, None] + self.dilation * np.arange(self.count))


@dataclass(frozen=True, slots=True)
class Dimension:
    """The positions in one dimension of an operand that a read visits.

    Attributes
    ----------
    index
        The index expression.
    free
        The same as it would be without the operand's ends: not mirrored, not clamped.
    conditions
        Those that share an axis or a loop with the index.
    names
        Axes and loops that the index and its conditions depend on.
    window
        The index as a window, if it is one and the conditions only bound its axis.
    unbounded
        Whether ``free`` means something beyond the output's own ends.
    rates
        How far the position moves when an axis of the output moves by one; ``None`` where it
        does not move evenly.
    """

    places: Places
    length: int
    index: Expression
    free: Expression
    conditions: tuple[Condition, ...]
    names: tuple[str, ...]
    window: Window | None
    unbounded: bool
    rates: tuple[Fraction | None, ...]

    @classmethod
    def written(
        cls,
        places: Places,
        length: int,
        index: Expression,
        conditions: Sequence[Condition],
        elsewhere: Sequence[str],
    ) -> Dimension:
        """The dimension of an index; ``elsewhere`` are names in the read's other indices."""
        free = _without_ends(index)
        near, names = _connected(places, index, conditions)
        axes = [name for name, _ in places.recipe.axes]
        own = [name for name in places.names(index) if name in axes]
        unbounded = not near and _is_linear(free) and len(own) < 2 and not set(own) & set(elsewhere)
        window = None if free != index else _window(places, index, near)
        rates = tuple(
            _rate(places, free, axis) if axis in places.names(free) else Fraction(0)
            for axis in axes
        )
        return cls(places, length, index, free, near, names, window, unbounded, rates)

    def of(self, sets: Sequence[Positions], *, free: bool) -> Positions:
        """The positions that are visited from the output's sets, beyond the ends too."""
        if self.window is not None:
            axis = self.window.axis
            positions = range(1) if axis is None else sets[axis]
            if self.unbounded or axis is None or not free:
                return self.window.of(positions)
            return self.window.of(within(positions, self.places.recipe.axes[axis][1]))
        found: Positions = range(0)
        for at in self._grids(sets, free=free):
            numbers = self.places.numbers(self.free if free else self.index, at)
            kept = numbers > -(1 << 38)
            for condition in self.conditions:
                kept = kept & self.places.numbers(condition, at).astype(bool)
            found = united(found, collected(np.broadcast_to(numbers, kept.shape)[kept]))
        return found

    def under(self, condition: Condition) -> Dimension:
        """The same dimension, under one condition which need not share a name with it."""
        names = tuple(self.places.names(condition))
        return replace(self, conditions=(condition,), names=names, window=None, unbounded=False)

    def _grids(self, sets: Sequence[Positions], *, free: bool) -> list[Mapping[str, NDArray[Any]]]:
        """All combinations of positions of the names, a part at a time where they are many."""
        lengths = self.places.lengths()
        axes = {name: k for k, (name, _) in enumerate(self.places.recipe.axes)}
        lines = []
        for name in self.names:
            line: Positions = sets[axes[name]] if name in axes else range(lengths[name])
            if free and not self.unbounded:
                line = within(line, lengths[name])
            lines.append(as_array(line))
        if not all(len(line) for line in lines):
            return []
        if not lines:
            return [{}]
        largest = max(range(len(lines)), key=lambda k: len(lines[k]))
        rest = math.prod(len(line) for k, line in enumerate(lines) if k != largest)
        size = max(_MOST // rest, 1)
        pieces = range(0, len(lines[largest]), size)
        grids: list[Mapping[str, NDArray[Any]]] = []
        for start in pieces:
            parts = [*lines[:largest], lines[largest][start : start + size], *lines[largest + 1 :]]
            grids.append(dict(zip(self.names, np.ix_(*parts), strict=True)))
        return grids


def linear(expression: Expression) -> tuple[Mapping[str, Fraction], Fraction] | None:
    """The factor of each name and what is added; ``None`` where it is not linear.

    Examples
    --------
    >>> factors, offset = linear(("add", ("mul", 2, "y"), "u", -1))
    >>> {name: int(factor) for name, factor in factors.items()}, int(offset)
    ({'y': 2, 'u': 1}, -1)
    """
    if isinstance(expression, int):
        return {}, Fraction(expression)
    if isinstance(expression, str):
        return {expression: Fraction(1)}, Fraction(0)
    if isinstance(expression, float) or expression[0] not in ("add", "sub", "mul", "neg"):
        return None
    parts = [linear(part) for part in expression[1:]]
    name, total = expression[0], parts[0]
    if name == "neg":
        return None if total is None else _scaled(total, Fraction(-1))
    for part in parts[1:]:
        if total is None or part is None:
            return None
        if name == "mul":
            if total[0] and part[0]:
                return None
            total = _scaled(total, part[1]) if not part[0] else _scaled(part, total[1])
            continue
        part = _scaled(part, Fraction(-1)) if name == "sub" else part  # noqa: PLW2901
        factors = {n: total[0].get(n, 0) + part[0].get(n, 0) for n in (*total[0], *part[0])}
        total = ({n: Fraction(f) for n, f in factors.items()}, total[1] + part[1])
    return total


def _scaled(
    form: tuple[Mapping[str, Fraction], Fraction], by: Fraction
) -> tuple[Mapping[str, Fraction], Fraction]:
    return {name: factor * by for name, factor in form[0].items()}, form[1] * by


def _window(places: Places, index: Expression, conditions: Sequence[Condition]) -> Window | None:
    form = linear(index)
    if form is None:
        return None
    lengths, axes = places.lengths(), [name for name, _ in places.recipe.axes]
    factors = {name: int(factor) for name, factor in form[0].items() if factor}
    own = [name for name in factors if name in axes]
    loops = [name for name in factors if name not in axes]
    if len(own) > 1 or len(loops) > 1:
        return None
    bounds = _bounds(conditions, own[0], lengths[own[0]]) if own and conditions else None
    if conditions and bounds is None:
        return None
    start, stop = bounds or (None, None)
    count, dilation = (lengths[loops[0]], factors[loops[0]]) if loops else (1, 1)
    return Window(
        axis=axes.index(own[0]) if own else None,
        stride=factors[own[0]] if own else 0,
        dilation=abs(dilation),
        count=count,
        offset=int(form[1]) + min(dilation, 0) * (count - 1),  # a flipped kernel, from its end
        start=start,
        stop=stop,
    )


def _bounds(conditions: Sequence[Condition], axis: str, length: int) -> tuple[int, int] | None:
    """The positions of an axis at which conditions hold that only compare it with numbers."""
    start, stop = 0, length
    for condition in conditions:
        if not isinstance(condition, tuple) or len(condition) != 3:
            return None
        name, place, limit = condition
        if place != axis or not isinstance(limit, int) or name not in ("ge", "lt"):
            return None
        start, stop = (max(start, limit), stop) if name == "ge" else (start, min(stop, limit))
    return start, max(start, stop)


def _without_ends(index: Expression) -> Expression:
    """The index without what a border makes of it."""
    while isinstance(index, tuple) and index[0] in ("reflect", "clamp"):
        index = index[1]
    return index


def _is_linear(expression: Expression) -> bool:
    """Whether it goes on beyond the ends as it does between them."""
    if not isinstance(expression, tuple):
        return True
    if expression[0] == "exact":
        return _is_linear(expression[1])
    return expression[0] in _LINEAR and all(_is_linear(part) for part in expression[1:])


def _connected(
    places: Places, index: Expression, conditions: Sequence[Condition]
) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    """The conditions that share names with an index, or with one that does."""
    names, near = places.names(index), list[Condition]()
    left = list(conditions)
    while found := [c for c in left if set(places.names(c)) & set(names)]:
        near += found
        left = [c for c in left if c not in found]
        names = list(dict.fromkeys((*names, *(n for c in found for n in places.names(c)))))
    return tuple(near), tuple(names)


def _rate(places: Places, index: Expression, axis: str) -> Fraction | None:
    """How far an index moves when the axis moves by one."""
    if isinstance(index, tuple) and index[0] in ("exact", "floordiv"):
        inner, by = _rate(places, index[1], axis), index[2]
        return inner / by if inner is not None and isinstance(by, int) else None
    form = linear(index)
    if form is not None:
        return form[0].get(axis, Fraction(0))
    if isinstance(index, tuple) and index[0] in ("add", "sub"):
        parts = [_rate(places, part, axis) for part in index[1:]]
        signs = [1, *[1 if index[0] == "add" else -1] * (len(parts) - 1)]
        if all(part is not None for part in parts):
            return sum((s * p for s, p in zip(signs, parts, strict=True) if p), Fraction(0))
        return None
    return _measured_rate(places, index, axis)


def _measured_rate(places: Places, index: Expression, axis: str) -> Fraction | None:
    """The rate of an index of one axis which stays within one position of a line."""
    if reads_in(index) or axis not in names_in(index):
        return None if reads_in(index) else Fraction(0)
    lengths, axes = places.lengths(), [name for name, _ in places.recipe.axes]
    names = [axis, *(name for name in places.names(index) if name != axis)]
    if any(name in axes for name in names[1:]):
        return None
    lines = [np.arange(lengths[name]) for name in names]
    numbers = places.numbers(index, dict(zip(names, np.ix_(*lines), strict=True)))
    course = numbers.reshape(len(lines[0]), -1).mean(1)
    # The ends may be held by the operand's own: the middle half says how it moves.
    quarter = len(course) // 4
    middle = course[quarter : len(course) - quarter]
    if len(middle) < 2:
        return Fraction(0)
    step = next(step for step in _STEPS if step < len(middle))
    rate = Fraction(round((middle[step] - middle[0]) * 64), 64 * step)
    apart = middle - middle[0] - float(rate) * np.arange(len(middle))
    return rate if float(np.abs(apart).max()) <= 1 else None
