"""Which arrays lie within the memory of another: each cell is stored once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layerwalk.record import Array
from layerwalk.store.tensors import c_strides

__all__ = ["Place", "once", "places"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an array's cells are: position of the stored array, offset and strides.

    ``offset`` and ``strides`` count cells of the stored array laid out in C order.
    """

    stored: int
    offset: int
    strides: tuple[int, ...]


def once(array: Array) -> Array:
    """Return a view that meets every cell once where axes were merely repeated (stride 0)."""
    return array[(..., *(slice(0, 1) if step == 0 else slice(None) for step in array.strides))]


def places(arrays: Sequence[Array]) -> tuple[Place, ...]:
    """Return the place of each array, itself where it shares no other's memory.

    An array that is stored is stored as ``once(array)``. The arrays must stay alive
    meanwhile: their addresses are compared.

    Examples
    --------
    >>> import numpy as np
    >>> base = np.zeros((2, 6))
    >>> places([base, base[:, 1::2]])[1]
    Place(stored=0, offset=1, strides=(6, 2))
    """
    cells = [once(array) for array in arrays]
    found = {k: Place(k, 0, c_strides(part.shape)) for k, part in enumerate(cells)}
    spans = {k: _span(part) for k, part in enumerate(cells) if part.size}
    # Sorted so, whatever contains an array comes before it, and of all that came before, the
    # one that ends last contains it if any does.
    order = sorted(
        spans,
        key=lambda k: (
            cells[k].dtype.str,
            spans[k][0],
            -spans[k][1],
            not cells[k].flags.c_contiguous,
            k,
        ),
    )
    twins: dict[tuple[object, ...], int] = {}
    outer: int | None = None
    for k in order:
        part = cells[k]
        if outer is not None and cells[outer].dtype == part.dtype:
            within = _within(part, cells[outer], spans[k], spans[outer])
            if within is not None:
                found[k] = Place(outer, *within)
                continue
        else:
            outer = None
        moving = tuple((n, step) for n, step in zip(part.shape, part.strides, strict=True) if n > 1)
        twin = twins.setdefault((part.dtype.str, spans[k], moving), k)
        if twin != k:
            steps = (step for step in found[twin].strides if step)
            found[k] = Place(twin, 0, tuple(next(steps) if n > 1 else 0 for n in part.shape))
        elif _dense(part) and (outer is None or spans[k][1] > spans[outer][1]):
            outer = k
    return tuple(found[k] for k in range(len(arrays)))


def _span(part: Array) -> tuple[int, int]:
    """First and last address of the cells."""
    start: int = part.__array_interface__["data"][0]
    reaches = [(n - 1) * step for n, step in zip(part.shape, part.strides, strict=True)]
    low = sum(reach for reach in reaches if reach < 0)
    high = sum(reach for reach in reaches if reach > 0)
    return start + low, start + high + part.itemsize


def _dense(part: Array) -> bool:
    """Whether the cells fill their span: C-contiguous but for the order of the axes."""
    axes = sorted(range(part.ndim), key=lambda axis: -part.strides[axis])
    return part.transpose(axes).flags.c_contiguous


def _within(
    part: Array, base: Array, span: tuple[int, int], around: tuple[int, int]
) -> tuple[int, tuple[int, ...]] | None:
    """Offset and strides of ``part`` in the C order of ``base``; ``None`` if it has none."""
    steps = [step if n > 1 else 0 for n, step in zip(part.shape, part.strides, strict=True)]
    if span[1] > around[1] or min(steps, default=0) < 0:
        return None
    if any(step % part.itemsize for step in (span[0] - around[0], *steps)):
        return None
    offset = (span[0] - around[0]) // part.itemsize
    strides = tuple(step // part.itemsize for step in steps)
    if base.flags.c_contiguous:
        return offset, strides
    # The base is dense in another order of its axes (channels last). A distance in memory is
    # a sum of steps along its axes in one way only, so the view is a view in C order too as
    # long as no index runs over the end of an axis.
    corner = _steps(offset, base)
    moves = [_steps(step, base) for step in strides]
    for axis, length in enumerate(base.shape):
        last = sum(move[axis] * (n - 1) for move, n in zip(moves, part.shape, strict=True))
        if corner[axis] + last >= length:
            return None
    plain = c_strides(base.shape)
    offset, *steps = (
        sum(count * step for count, step in zip(way, plain, strict=True))
        for way in (corner, *moves)
    )
    return offset, tuple(steps)


def _steps(distance: int, base: Array) -> tuple[int, ...]:
    """A distance in memory, in cells, as steps along each axis of a dense array."""
    steps = [0] * base.ndim
    for axis in sorted(range(base.ndim), key=lambda axis: -base.strides[axis]):
        if base.shape[axis] > 1:
            steps[axis], distance = divmod(distance, base.strides[axis] // base.itemsize)
    return tuple(steps)
