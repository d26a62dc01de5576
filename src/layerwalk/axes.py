"""Which axis of each op's maps holds the channels."""

from __future__ import annotations

import math

from layerwalk.record import Op, Trace, Value

__all__ = ["channel_axes", "has_maps"]

_LAST = -1
# They change how long an axis is, and not which one it is.
_MOVES = {
    "cat", "chunk", "flip", "narrow", "pad", "roll", "slice", "split", "split_with_sizes",
}  # fmt: skip


def channel_axes(trace: Trace) -> tuple[int, ...]:
    """For each op 1, as PyTorch has it, or -1 where the network keeps the channels last.

    ``linear`` and ``layer_norm`` work along the last axis, ``permute`` says where an axis
    goes, and what keeps the shape, joins or cuts keeps the axis; everything else has its
    channels in axis 1.

    Examples
    --------
    >>> import layerwalk as lw
    >>> channel_axes(lw.trace(lw.load_model("edges"), "sample:dog"))
    (1, 1, 1)
    """
    axes: dict[int, int] = {}
    found = []
    for op in trace.ops:
        axis = _axis(op, axes)
        found.append(axis)
        axes.update((value.id, axis) for value in op.made)
    return tuple(found)


def has_maps(op: Op) -> bool:
    """Whether the op's first output is several planes of numbers, or one, by its shape."""
    shape = op.shape
    if len(shape) < 3 or not math.prod(shape) or (len(shape) == 3 and "2d" not in op.kind):
        return False
    return sum(length > 1 for length in shape[-3:]) >= 2 and max(shape[-2:]) > 1


def _axis(op: Op, axes: dict[int, int]) -> int:
    dimensions = len(op.shape)
    if dimensions < 4:
        return 1
    source = next((value for value in op.inputs if value.role == "result"), None)
    if op.kind == "linear":
        return _LAST
    if op.kind == "layer_norm":
        normalised = op.settings.get("normalized_shape")
        return _LAST if isinstance(normalised, tuple) and len(normalised) == 1 else 1
    if op.kind == "permute":
        return _permuted(op, 1 if source is None else axes.get(source.id, 1))
    if op.kind.endswith(("1d", "2d", "3d")) or op.kind.endswith("_norm"):
        return 1
    if op.kind in _MOVES:
        alike = (v for v in op.inputs if v.id in axes and len(v.shape) == dimensions)
        return next((axes[value.id] for value in alike), 1)
    return next((axes[value.id] for value in op.inputs if _alike(value, op, axes)), 1)


def _alike(value: Value, op: Op, axes: dict[int, int]) -> bool:
    return value.id in axes and value.shape == op.shape


def _permuted(op: Op, axis: int) -> int:
    order = op.settings.get("dims")
    if not isinstance(order, tuple):
        return 1
    places = [place % len(order) for place in order if isinstance(place, int)]
    wanted = axis % len(order)
    return _LAST if wanted in places and places.index(wanted) == len(order) - 1 else 1
