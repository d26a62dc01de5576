"""Interpolation: maps resized by the nearest value or by weighted neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis, Read, Recipe, Step
from layerwalk.recipes.rules.sampling import (
    Numbers,
    Resizing,
    Row,
    cubic,
    linear,
    nearest,
    nearest_exact,
    smooth,
)
from layerwalk.recipes.rules.window import LOOPS, affine, map_axes, rank_of

__all__ = ["nearest_value", "weighted_neighbours"]

# What the scales are called where each has an argument of its own.
_SCALES = {1: ("scales",), 2: ("scales_h", "scales_w"), 3: ("scales_d", "scales_h", "scales_w")}
_WEIGHTED: dict[str, Callable[[Resizing], Row]] = {
    "upsample_linear1d": linear,
    "upsample_bilinear2d": linear,
    "upsample_trilinear3d": linear,
    "upsample_bicubic2d": cubic,
    "_upsample_bilinear2d_aa": lambda row: smooth(row, 2),
    "_upsample_bicubic2d_aa": lambda row: smooth(row, 4),
}


@rule(
    "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d",
    "_upsample_nearest_exact1d", "_upsample_nearest_exact2d", "_upsample_nearest_exact3d",
)  # fmt: skip
def nearest_value(call: Call) -> Recipe:
    """The value at the nearest position, of the modes "nearest" and "nearest-exact"."""
    axes, rows = _rows(call)
    tables: list[tuple[int, ...]] = []
    index: list[Expression] = [name for name, _ in axes[: -len(rows)]]
    for (place, length), row in zip(axes[-len(rows) :], rows, strict=True):
        found = _taken(call, row)
        if row.double and not np.array_equal(found, _taken(call, replace(row, double=False))):
            raise NoRecipeError("which float64 is the nearest depends on the memory's layout")
        closed = _closed(found, place, row)
        if closed is None:
            closed = ("table", len(tables), place)
            tables.append(tuple(found.tolist()[:length]))
        index.append(closed)
    read = Read(call.tensor("input", "self"), tuple(index))
    return Recipe(axes, (read,), (), ("read", 0), tuple(tables))


def _taken(call: Call, row: Resizing) -> Numbers:
    if "exact" in call.kind:
        return nearest_exact(row)
    rank = rank_of(call)
    found = nearest(row, by_size=rank == 2)
    if rank == 3 and not np.array_equal(found, nearest(row, by_size=True)):
        value = call.input(call.tensor("input", "self"))
        strides = [s for s, n in zip(value.data.strides, value.shape, strict=True) if n > 1]
        if strides != sorted(strides, reverse=True):
            raise NoRecipeError("which value is the nearest depends on the memory's layout")
    return found


@rule(*_WEIGHTED)
def weighted_neighbours(call: Call) -> Recipe:
    """The neighbours of the output's centre, each by its weight in every dimension."""
    operand = call.tensor("input", "self")
    if not call.input(operand).dtype.startswith(("float", "bfloat")):
        raise NoRecipeError(f"{call.input(operand).dtype} is resized in whole numbers")
    axes, rows = _rows(call)
    rank = len(rows)
    tables: list[tuple[tuple[float, ...], ...]] = []
    window: list[Expression] = []
    weights: list[Expression] = []
    loops: list[Axis] = []
    for (place, _), row, loop in zip(axes[-rank:], rows, LOOPS[rank], strict=True):
        found = _WEIGHTED[call.kind](row)
        window.append(("table", len(tables), place, loop))
        weights.append(("table", len(tables) + 1, place, loop))
        loops.append((loop, found.positions.shape[1]))
        tables.append(tuple(tuple(line) for line in found.positions.tolist()))
        tables.append(tuple(tuple(line) for line in found.weights.astype(np.float64).tolist()))
    lead = tuple(name for name, _ in axes[:-rank])
    read = Read(operand, (*lead, *window), beyond="skip")
    step = Step("sum", tuple(loops), "sum", ("mul", ("read", 0), *weights))
    return Recipe(axes, (read,), (step,), "sum", tuple(tables))


def _closed(found: Numbers, place: str, row: Resizing) -> Expression | None:
    """The positions as a formula, where one fits."""
    i = np.arange(row.after)
    if np.array_equal(found, i):
        return place
    if row.after % row.before == 0 and np.array_equal(found, i // (row.after // row.before)):
        return ("floordiv", place, row.after // row.before)
    step = int(found[1] - found[0]) if row.after > 1 else 0
    start = int(found[0])
    return affine((step, place), start) if np.array_equal(found, step * i + start) else None


def _rows(call: Call) -> tuple[tuple[Axis, ...], list[Resizing]]:
    rank = rank_of(call)
    axes = map_axes(call, rank)
    value = call.input(call.tensor("input", "self"))
    factors = call.argument("scale_factors", default=None)
    if not isinstance(factors, tuple):
        factors = tuple(call.argument(name, default=None) for name in _SCALES[rank])
    align = bool(call.argument("align_corners", default=False))
    if len(factors) != rank or 0 in value.shape or 0 in call.shape:
        raise NoRecipeError(f"scale factors {factors} of shape {value.shape}")
    return axes, [
        Resizing(before, after, factor, align, value.dtype == "float64")
        for before, after, factor in zip(
            value.shape[-rank:], call.shape[-rank:], factors, strict=True
        )
    ]
