"""How large a trace's report would be, before it is written."""

from __future__ import annotations

import functools
from typing import get_args

import numpy as np

from layerwalk.axes import channel_axes
from layerwalk.record import Array, Trace
from layerwalk.surfaces.answer import encoded
from layerwalk.surfaces.answer.sheet import sheet_of
from layerwalk.surfaces.report.coding import Detail, code
from layerwalk.surfaces.report.page import html_of
from layerwalk.surfaces.report.plan import Weights, plan_report
from layerwalk.surfaces.report.report import axis_of, detail_of
from layerwalk.surfaces.wire import ReportSize

__all__ = ["EACH_OP", "EACH_VALUE", "packed_length", "report_sizes"]

_SAMPLE = 32_768  # numbers of a value that are packed to see how well it packs
_CHANNELS = 3  # and at least so many channels, where they are not too long
EACH_OP = 220  # bytes of its digest and its field
_EACH_CHANNEL = 10  # of what it contributed to the score
EACH_VALUE = 160  # bytes that name its numbers, and say how far off they are


def report_sizes(trace: Trace) -> tuple[ReportSize, ...]:
    """The size of each report that :func:`make_report` could write, within a few per cent.

    What is kept is what the report would keep; of each value a part is packed as it would be.

    Examples
    --------
    >>> import layerwalk as lw
    >>> sizes = report_sizes(lw.trace(lw.load_model("edges"), "sample:dog"))
    >>> [(size.detail, size.left_out) for size in sizes if size.weights == "some"]
    [('exact', 0), ('half', 0), ('compact', 0)]
    """
    axes = channel_axes(trace)
    plans = {weights: plan_report(trace, weights) for weights in get_args(Weights)}
    values = {value.id: value for plan in plans.values() for value in plan.kept}

    @functools.cache
    def packed(value: int, detail: Detail) -> float:
        found = values[value]
        return packed_length(found.array(), detail_of(found, detail), axis_of(found, axes))

    page = sum(len(part) for part in html_of("", (), lambda: b""))
    photo = 0 if trace.photo is None else len(code(trace.photo.pixels, "exact").text)
    sheet = sheet_of(trace, "report")
    fixed = page + photo + len(encoded(sheet)) + EACH_OP * len(trace)
    if sheet.prediction is not None:
        channels = sum(op.shape[axes[op.index]] for op in trace if op.shape)
        fixed += _EACH_CHANNEL * channels
    return tuple(
        ReportSize(
            detail=detail,
            weights=weights,
            bytes=round(fixed + sum(packed(v.id, detail) + EACH_VALUE for v in plan.kept)),
            left_out=len(plan.left_out),
        )
        for detail in get_args(Detail)
        for weights, plan in plans.items()
    )


def packed_length(array: Array, detail: Detail, axis: int) -> float:
    """How long the text of an array is, about: as its part packs, so does all of it."""
    axis = axis % array.ndim if array.ndim > 2 else 0
    part = array if array.size <= _SAMPLE else _part(array, axis)
    coded = code(part, detail, channel_axis=axis)
    channels = array.shape[axis] / part.shape[axis] if coded.scales and array.ndim > 2 else 1.0
    return array.size / max(part.size, 1) * len(coded.text) + channels * len(coded.scales)


def _part(array: Array, axis: int) -> Array:
    """Some whole channels, evenly taken: the middle of a map is not like its edges."""
    length = array.shape[axis]
    each = array.size // length
    few = min(length, _CHANNELS) if each <= _SAMPLE else 1
    chosen = np.linspace(0, length - 1, max(few, _SAMPLE // each))
    return array.take(chosen.astype(int), axis)
