"""A run as a film: ``run.film("run.gif")``."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.axes import channel_axes, has_maps
from layerwalk.errors import NotFoundError
from layerwalk.prediction import probabilities
from layerwalk.record import Array, Op, Trace
from layerwalk.render.animation import save_animation
from layerwalk.render.curve import Curve
from layerwalk.render.learning_film import LearningFilm, Moment
from layerwalk.runs.series import Series

if TYPE_CHECKING:
    from layerwalk.runs.run import Run

__all__ = ["learning_film", "write_film"]

_WITH_KERNELS = frozenset(("conv2d", "linear", "addmm"))
_POINTS = 400


def learning_film(run: Run, *, sample: int = 0, op: str | None = None) -> LearningFilm:
    """The film of a run: the first kernels, maps, scores and losses at every stored step.

    Parameters
    ----------
    run
        The run.
    sample
        Which probe is shown.
    op
        Whose maps are shown; the first op with maps if not given. Its own kernels are shown
        if it has some, else the network's first.

    Raises
    ------
    NotFoundError
        Nothing is stored, or there is no such op or probe, or nothing that could be drawn.
    """
    steps = run.steps
    if not steps:
        raise NotFoundError("no step is stored yet", where=str(run.path))
    first = run.trace(steps[0])
    probes = first.inputs[0].shape[0] if first.inputs and first.inputs[0].shape else 0
    if not 0 <= sample < probes:
        mend = f"there are {probes}, from 0"
        raise NotFoundError(f"there is no probe {sample}", where=str(run.path), mend=mend)
    shown = first[op] if op is not None else _shown(first)
    own = shown if shown.kind in _WITH_KERNELS else _first_with_kernels(first)
    description = run.description
    moments = []
    for step in steps:
        trace = run.trace(step)
        kernels, maps = _kernels(trace, trace[own.name]), _maps(trace, trace[shown.name], sample)
        moments.append(Moment(step, kernels, maps, _scores(trace, sample)))
    classes = description.classes
    count = len(moments[0].scores)
    if classes is None or len(classes) != count:
        classes = tuple(map(str, range(count)))
    data = description.settings.get("data")
    labels = description.probe_labels
    high, wide = moments[0].kernels.shape[1:]
    answers = "what it answers to the probe" if has_maps(shown) else "its answers, row by row"
    return LearningFilm(
        title=f"{description.model} learns {data}" if data else f"{description.model} learns",
        kernels=f"{own.name}: {len(moments[0].kernels)} kernels of {high} x {wide}",
        maps=f"{shown.name}: {answers}",
        probe=_picture(first, sample),
        classes=classes,
        truth=labels[sample] if labels is not None and sample < len(labels) else None,
        moments=moments,
        curves=_curves(run.series),
    )


def write_film(
    run: Run,
    path: str | os.PathLike[str],
    *,
    sample: int = 0,
    op: str | None = None,
    seconds: float | None = None,
    done: Callable[[], object] | None = None,
) -> Path:
    """Write a run's film as ``.gif`` or ``.mp4``; what goes wrong is as in both of its parts."""
    film = learning_film(run, sample=sample, op=op)
    return save_animation(film, path, seconds=seconds, done=done)


def _shown(trace: Trace) -> Op:
    for op in trace:
        if has_maps(op) and op.kind not in ("flatten", "reshape"):
            return op
    return _first_with_kernels(trace)


def _first_with_kernels(trace: Trace) -> Op:
    for op in trace:
        if op.kind in _WITH_KERNELS and op.parameters:
            return op
    raise NotFoundError(
        "it has neither a convolution nor a linear layer", where=trace.name, mend="name an op"
    )


def _kernels(trace: Trace, op: Op) -> Array:
    """(K, H, W): a convolution's kernels on its first channel, a linear layer's as pictures."""
    weight = op.parameters[0].array()
    if weight.ndim == 4:
        return np.asarray(weight[:, 0])
    rows = weight if op.kind == "linear" else weight.T
    seen = trace.inputs[0].shape
    if len(seen) == 4 and rows.shape[1] == int(np.prod(seen[1:])):
        return np.asarray(rows.reshape(len(rows), *seen[1:])[:, 0])
    return np.asarray(rows[:, None, :])


def _maps(trace: Trace, op: Op, sample: int) -> Array:
    array = op.array()[sample]
    if array.ndim < 3:
        return np.asarray(array.reshape(1, *_folded(array.size)))
    axis = channel_axes(trace)[op.index]
    array = np.moveaxis(array, axis - 1 if axis > 0 else axis, 0)
    while array.ndim > 3:  # the middle slice of a volume
        array = array[:, array.shape[1] // 2]
    return np.asarray(array)


def _folded(count: int) -> tuple[int, int]:
    """Rows and columns into which a vector is folded, as near to a square as it goes.

    >>> _folded(512), _folded(84), _folded(7)
    ((16, 32), (7, 12), (1, 7))
    """
    rows = max(side for side in range(1, math.isqrt(count) + 1) if count % side == 0)
    return rows, count // rows


def _scores(trace: Trace, sample: int) -> NDArray[np.float64]:
    try:
        return probabilities(trace, sample)
    except NotFoundError:
        return np.zeros(0)


def _picture(trace: Trace, sample: int) -> NDArray[np.uint8] | None:
    """The probe as the network gets it, its range stretched to levels."""
    array = trace.inputs[0].array()[sample]
    if array.ndim != 3 or array.shape[0] not in (1, 3) or not np.isfinite(array).all():
        return None
    low, high = float(array.min()), float(array.max())
    levels = (array - low) / ((high - low) or 1.0) * 255
    return np.asarray(levels.transpose(1, 2, 0).round().astype(np.uint8))


def _curves(series: Mapping[str, Series]) -> Sequence[Curve]:
    found = []
    if "loss" in series and len(series["loss"]):
        steps, values = _averaged(series["loss"])
        found.append(
            Curve(
                "loss, mean of each stretch" if len(steps) < len(series["loss"]) else "loss",
                steps,
                values,
            )
        )
    if "validation/loss" in series:
        held_out = series["validation/loss"]
        found.append(Curve("loss, held out", held_out.steps, held_out.values))
    return found


def _averaged(series: Series) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """At most 400 points, evenly on a log scale; each the mean of the steps up to the next."""
    if len(series) <= _POINTS:
        return series.steps, series.values
    ends = np.unique(np.geomspace(1, len(series), min(_POINTS, len(series))).round().astype(int))
    parts = np.split(np.arange(len(series)), ends[:-1])
    steps = np.array([series.steps[part[-1]] for part in parts], np.int64)
    return steps, np.array([series.values[part].mean() for part in parts], np.float64)
