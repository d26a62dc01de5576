"""The exact part of an operand that a part of an output was read from, holes and all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layerwalk.recipes.field_reads import Condition
from layerwalk.recipes.field_way import Way

__all__ = ["mask_back"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Knot:
    """Axes, loops, dimensions and conditions that depend on each other, and on no others."""

    names: frozenset[str]
    dimensions: tuple[int, ...]
    conditions: tuple[Condition, ...]


def mask_back(way: Way, mask: Mask) -> Mask | None:
    """Where the operand is read by the outputs that a mask marks; ``None``: nowhere.

    Dimensions which share no axis or loop are gone through one after the other, so that a
    window costs the sum of its sides and not their product.
    """
    if not mask.any():
        return None
    places = way.places
    axes = [name for name, _ in places.recipe.axes]
    knots = _knots(way)
    used = {name for knot in knots for name in knot.names}
    unused = tuple(k for k, name in enumerate(axes) if name not in used)
    found: Mask = np.asarray(mask.any(axis=unused))
    order: list[str | int] = [name for name in axes if name in used]
    for knot in knots:
        if _keeps(way, knot):
            order[order.index(str(way.dimensions[knot.dimensions[0]].index))] = knot.dimensions[0]
            continue
        own = [name for name in order if isinstance(name, str) and name in knot.names]
        found = np.moveaxis(found, [order.index(name) for name in own], range(-len(own), 0))
        order = [name for name in order if name not in own]
        lead = found.shape[: found.ndim - len(own)]
        flat = found.reshape(math.prod(lead), -1)
        shape = tuple(way.value.shape[d] for d in knot.dimensions)
        found = _through(way, knot, own, flat, shape).reshape(*lead, *shape)
        order += list(knot.dimensions)
    found = np.transpose(found, [order.index(d) for d in range(len(order))])
    return found if found.any() else None


def _knots(way: Way) -> list[_Knot]:
    places = way.places
    knots: list[_Knot] = []
    parts = [(places.names(d.index), (k,), ()) for k, d in enumerate(way.dimensions)]
    whens = [(places.names(c), (), (c,)) for c in way.conditions]
    for names, dimensions, conditions in (*parts, *whens):
        knot = _Knot(frozenset(names), dimensions, conditions)
        for other in [other for other in knots if other.names & knot.names]:
            knots.remove(other)
            knot = _Knot(
                knot.names | other.names,
                (*other.dimensions, *knot.dimensions),
                (*other.conditions, *knot.conditions),
            )
        knots.append(knot)
    # What is the same for every output comes last: until then there is less to carry.
    axes = {name for name, _ in places.recipe.axes}
    return sorted(knots, key=lambda knot: not knot.names & axes)


def _keeps(way: Way, knot: _Knot) -> bool:
    """Whether a knot is one axis of the output that stays as it is."""
    if knot.conditions or len(knot.dimensions) != 1:
        return False
    dimension = way.dimensions[knot.dimensions[0]]
    return dict(way.places.recipe.axes).get(str(dimension.index)) == dimension.length


def _through(
    way: Way, knot: _Knot, axes: Sequence[str], mask: Mask, shape: tuple[int, ...]
) -> Mask:
    """A mask of shape (rest, axes of the knot) carried to (rest, dimensions of the knot)."""
    places = way.places
    lengths = places.lengths()
    columns = np.flatnonzero(mask.any(0))
    loops = [name for name in knot.names if name not in axes]
    count = math.prod(lengths[name] for name in loops)
    rows = np.unravel_index(columns, tuple(lengths[name] for name in axes)) if axes else ()
    at = {name: row.reshape(-1, *[1] * len(loops)) for name, row in zip(axes, rows, strict=True)}
    for k, name in enumerate(loops):
        at[name] = np.arange(lengths[name]).reshape(-1, *[1] * (len(loops) - 1 - k))
    full = (len(columns), *(lengths[name] for name in loops))
    target, kept = np.zeros(full, dtype=np.int64), np.ones(full, dtype=bool)
    for d, length in zip(knot.dimensions, shape, strict=True):
        index = places.numbers(way.dimensions[d].index, at)
        kept &= (index >= 0) & (index < length)
        target = target * length + np.where((index >= 0) & (index < length), index, 0)
    for condition in knot.conditions:
        kept &= places.numbers(condition, at).astype(bool)
    found = np.zeros((len(mask), math.prod(shape)), dtype=bool)
    target, kept = target.reshape(len(columns), count), kept.reshape(len(columns), count)
    if len(columns) <= count:
        for column, to, valid in zip(columns, target, kept, strict=True):
            found[:, to[valid]] |= mask[:, column : column + 1]
        return found
    marked, of = np.nonzero(mask[:, columns])
    for k in range(count):
        valid = kept[of, k]
        found[marked[valid], target[of[valid], k]] = True
    return found
