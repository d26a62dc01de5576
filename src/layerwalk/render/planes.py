"""Which numbers of a value are drawn, for a value of any shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Array, Value
from layerwalk.render.tally import Tally, tally

__all__ = ["Planes", "planes_of"]


@dataclass(frozen=True, eq=False)
class Planes:
    """Planes of numbers that can be drawn, and what was chosen to get them.

    Attributes
    ----------
    array
        Shape (C, H, W), as recorded (complex values: their magnitudes).
    layout
        ``"maps"``: one picture a channel; ``"plane"``: a single picture, (1, H, W);
        ``"vector"``: a row of numbers, (1, 1, C).
    notes
        One short sentence for each choice: ``"depth 4 of 0..7"``.
    count
        The tally of the whole value, whatever was chosen from it.
    """

    array: Array
    layout: Literal["maps", "plane", "vector"]
    notes: tuple[str, ...]
    count: Tally


def planes_of(value: Value, *, sample: int = 0, channel_axis: int = 1) -> Planes:
    """The planes of one sample of a value.

    (N, C, H, W) gives C maps; (N, C, D, H, W) the middle slice of each; (N, C, L) and
    (N, C, 1, L) one plane of C rows; (N, C) and (N, C, 1, 1) a vector. What was cut
    is told in ``notes``.

    Parameters
    ----------
    value
        Any value of a trace.
    sample
        Index along the first axis.
    channel_axis
        Where the channels are; -1 for networks that keep them last.

    Raises
    ------
    LayerwalkError
        The value is empty, or ``channel_axis`` is not one of its axes.
    NotFoundError
        There is no such sample.
    """
    shape = value.shape
    if value.size == 0:
        raise LayerwalkError(
            f"the value of shape {shape} holds no number", where=value.name, mend="pick another op"
        )
    kind = value.op.kind if value.op else ""
    if len(shape) < 2 or (len(shape) == 3 and "2d" in kind):
        return _finish(value, value.array(), ())
    if not 0 <= sample < shape[0]:
        raise NotFoundError(
            f"there is no sample {sample}", where=value.name, mend=f"it has {shape[0]}"
        )
    axes = list(range(len(shape)))
    if len(shape) > 3:
        if not -len(shape) <= channel_axis < len(shape) or axes[channel_axis] == 0:
            raise LayerwalkError(
                f"axis {channel_axis} cannot be the channels of shape {shape}",
                where=value.name,
                mend=f"use 1 to {len(shape) - 1}, or -1 for channels last",
            )
        channel = axes[channel_axis]
        inner = [axis for axis in axes[1:] if axis != channel]
    else:
        channel, inner = 1, axes[2:]
    cut = {axis: shape[axis] // 2 for axis in inner[:-2]}
    region = (sample, *(cut.get(axis, slice(None)) for axis in axes[1:]))
    array = np.moveaxis(
        value.read(*region), [axis for axis in axes[1:] if axis not in cut].index(channel), 0
    )
    return _finish(value, array, _notes(shape, sample, channel, cut))


def _notes(
    shape: tuple[int, ...], sample: int, channel: int, cut: dict[int, int]
) -> tuple[str, ...]:
    notes = [f"sample {sample} of 0..{shape[0] - 1}"] if shape[0] > 1 else []
    names = {2: "depth"} if len(shape) == 5 and channel == 1 else {}
    notes += [
        f"middle slice: {names.get(axis, f'axis {axis} at')} {at} of 0..{shape[axis] - 1}"
        for axis, at in cut.items()
    ]
    if channel not in (0, 1):
        notes.append(f"channels are axis {channel}")
    if len(shape) == 3:
        notes.append("axis 1 runs down, axis 2 across")
    return tuple(notes)


def _finish(value: Value, array: Array, notes: tuple[str, ...]) -> Planes:
    if np.iscomplexobj(array):
        array, notes = np.abs(array), (*notes, "magnitude of complex values")
    count = tally(array if array.size == value.size else _real(value.array()))
    if array.ndim < 2 or (array.ndim > 2 and array[0].size == 1):
        # Maps of a single value (after global pooling) are read best as the vector they are.
        return Planes(array.reshape(1, 1, -1), "vector", notes, count)
    if array.ndim > 2 and 1 in array.shape[1:]:
        # Signals kept as images of one row (or column): a picture of a line tells nothing.
        array, notes = array.reshape(len(array), -1), (*notes, "one row a channel")
    if array.ndim == 2:
        return Planes(array[None], "plane", notes, count)
    return Planes(array, "maps", notes, count)


def _real(array: Array) -> Array:
    return np.abs(array) if np.iscomplexobj(array) else array
