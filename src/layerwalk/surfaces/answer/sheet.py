"""Everything about a trace but its numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from layerwalk.axes import channel_axes
from layerwalk.recipes.notation import notated
from layerwalk.record import Op, Photo, Trace, Value
from layerwalk.render.tally import tally
from layerwalk.render.weights import untrained
from layerwalk.store import Detail
from layerwalk.surfaces.answer.geometry import geometry_of
from layerwalk.surfaces.answer.prediction import prediction_of
from layerwalk.surfaces.library import Library, Opened
from layerwalk.surfaces.spelling import spell_settings
from layerwalk.surfaces.summary import count_parameters
from layerwalk.surfaces.wire import (
    AskSheet,
    FailureSheet,
    Kept,
    OpSheet,
    PhotoSheet,
    TraceSheet,
    ValueSheet,
)

__all__ = ["axes_of", "sheet", "sheet_of"]


def sheet(library: Library, ask: AskSheet) -> TraceSheet:
    """The sheet of a trace, made once.

    Raises
    ------
    LayerwalkError
        There is no such trace.
    """
    opened = library.opened(ask.trace)
    return opened.once("sheet", lambda: sheet_of(opened.trace, opened.id))


def axes_of(opened: Opened) -> tuple[int, ...]:
    """For each op, which axis of its first output holds the channels; worked out once."""
    return opened.once("axes", lambda: channel_axes(opened.trace))


def sheet_of(trace: Trace, key: str, *, book: Mapping[str, Any] | None = None) -> TraceSheet:
    """The sheet of a trace that the page calls ``key``.

    Parameters
    ----------
    book
        Its recipes, where they are at hand.

    Examples
    --------
    >>> import layerwalk as lw
    >>> made = sheet_of(lw.trace(lw.load_model("edges"), "sample:cat"), "cat-1")
    >>> [(op.name, op.settings, op.parameters) for op in made.ops]
    [('conv', ('4x4',), 64), ('relu', (), 0), ('pool', ('2x2', 'stride 2'), 0)]
    """
    counts, axes = count_parameters(trace), channel_axes(trace)
    rows = zip(trace.ops, counts, axes, strict=True)
    return TraceSheet(
        id=key,
        name=trace.name,
        ops=tuple(_op(op, count, axis) for op, count, axis in rows),
        values=tuple(_value(value) for value in trace.values),
        inputs=tuple(value.id for value in trace.inputs),
        outputs=tuple(value.id for value in trace.outputs),
        modules=dict(trace.modules),
        labels=trace.labels,
        photo=None if trace.photo is None else _photo(trace.photo),
        failure=None
        if trace.failure is None
        else FailureSheet(trace.failure.where, trace.failure.message),
        prediction=prediction_of(trace),
        provenance=dict(trace.provenance),
        book=json.loads(notated(trace)) if book is None else book,
        inexact=tuple(_kept(trace)),
        recomputed=(),
        untrained=untrained(trace),
    )


def _op(op: Op, parameters: int, axis: int) -> OpSheet:
    return OpSheet(
        index=op.index,
        name=op.name,
        kind=op.kind,
        module=op.module,
        module_type=op.module_type,
        module_call=op.module_call,
        settings=spell_settings(op),
        geometry=geometry_of(op),
        inputs=tuple(value.id for value in op.inputs),
        outputs=tuple(value.id for value in op.made),
        parameters=parameters,
        channel_axis=axis,
    )


def _value(value: Value) -> ValueSheet:
    return ValueSheet(
        id=value.id,
        name=value.name,
        role=value.role,
        shape=value.shape,
        dtype=value.dtype,
        op=None if value.op is None else value.op.index,
    )


def _photo(photo: Photo) -> PhotoSheet:
    height, width, channels = photo.pixels.shape
    return PhotoSheet(photo.name, width, height, channels, photo.box, photo.original)


def _kept(trace: Trace) -> Iterator[Kept]:
    """The values that the trace's file does not hold exactly."""
    for value in trace.values:
        data: Any = value.data  # only what lies in a file says how exactly it was kept
        detail: Detail = getattr(data, "detail", "exact")
        if detail != "exact":
            count = tally(np.asarray(value.array()))
            spread = 0.0 if math.isnan(count.low) else max(-count.low, count.high)
            yield Kept(value.id, detail, float(data.max_error), spread)
