"""The explorer of a recorded training as one HTML file, with every step that is wanted."""

from __future__ import annotations

import dataclasses
import functools
import math
import os
import statistics
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

import layerwalk
from layerwalk.axes import channel_axes
from layerwalk.errors import NotFoundError
from layerwalk.record import Array, Trace
from layerwalk.runs import Run
from layerwalk.store.replacing import replacing
from layerwalk.surfaces.answer import encoded
from layerwalk.surfaces.answer.digest import digest_of, is_batched
from layerwalk.surfaces.answer.prediction import prediction_of
from layerwalk.surfaces.answer.run import evaluation_sheet, series_sheets
from layerwalk.surfaces.answer.sheet import sheet_of
from layerwalk.surfaces.library import OpenRun
from layerwalk.surfaces.report.coding import Coded, Detail, code
from layerwalk.surfaces.report.fields import even_fields
from layerwalk.surfaces.report.page import html_of
from layerwalk.surfaces.report.plan import Plan, Weights, plan_report
from layerwalk.surfaces.report.report import axis_of, detail_of
from layerwalk.surfaces.report.sizes import EACH_OP, EACH_VALUE, packed_length
from layerwalk.surfaces.wire import (
    Kept,
    ReportSheet,
    ReportSize,
    RunPage,
    RunReportSheet,
    RunSheet,
    StoredTensor,
)

__all__ = ["RunWriting", "make_run_report", "run_report_sizes"]

_PARTS = 400  # of a drawing's width
_PACKED = 3  # steps that are packed to see how well all pack
_EACH_STEP = 2000  # bytes of its prediction and its names


def make_run_report(
    run: Run,
    *,
    detail: Detail = "half",
    weights: Weights = "some",
    steps: Sequence[int] = (),
    stage: Callable[[str], None] = lambda _: None,
) -> RunWriting:
    """The report of a run, to be written.

    Parameters
    ----------
    detail, weights
        How exactly numbers are kept, and which weights, as :func:`.report.make_report` has it:
        some are, at each step, the smallest.
    steps
        Which of the stored steps; all of them if none are named.
    stage
        Told what is being done, in a few words.

    Raises
    ------
    NotFoundError
        A step is not stored.

    Examples
    --------
    >>> make_run_report(lw.open_run("runs/first")).write("first.html")      # doctest: +SKIP
    PosixPath('first.html')
    """
    return RunWriting(OpenRun(run.name, run), detail, weights, steps, stage)


class RunWriting:
    """The report of a run while it is written, one step after the other.

    Parameters are those of :func:`make_run_report`.
    """

    def __init__(
        self,
        opened: OpenRun,
        detail: Detail = "half",
        weights: Weights = "some",
        steps: Sequence[int] = (),
        stage: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._opened = opened
        self._detail: Detail = detail
        self._stage = stage
        self._steps = _chosen(opened, steps)
        self._first = opened.run.trace(self._steps[0])
        self.plan: Plan = plan_report(self._first, weights)
        self._axes = channel_axes(self._first)
        self._pages: list[RunPage] = []
        self._mistakes: list[StoredTensor] = []
        self._places = 0
        # What did not change since the step before is written once.
        self._known: dict[int, tuple[Coded, StoredTensor]] = {}

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the file; it is written beside and renamed, so that no half one is left.

        Raises
        ------
        FileError
            The explorer's page has not been built, or the file cannot be written there.
        """
        parts = self.parts()
        target = Path(path)
        with replacing(target) as stream:
            for part in parts:
                stream.write(part)
        return target

    def parts(self) -> Generator[bytes]:
        """The file's bytes, made as they are asked for.

        Raises
        ------
        FileError
            The explorer's page has not been built; at once.
        """
        title = f"{self._opened.run.name} · {self._first.name} · Layerwalk"
        return html_of(title, self._texts(), self._sheet)

    def _texts(self) -> Iterator[tuple[str, str]]:
        names = self._opened.steps()
        for count, step in enumerate(self._steps, 1):
            self._stage(f"packing step {step:,}, {count} of {len(self._steps)}")
            yield from self._step(names[step], self._opened.run.trace(step))
        for step in self._opened.run.evaluated:
            pictures = self._opened.run.evaluation(step).worst.pictures
            yield from self._written(None, pictures, code(pictures, "exact"), None, self._mistakes)

    def _step(self, name: str, trace: Trace) -> Iterator[tuple[str, str]]:
        values = {value.id: value for value in trace.values}
        tensors: list[StoredTensor] = []
        inexact: list[Kept] = []
        for kept in self.plan.kept:
            value = values[kept.id]
            axis = axis_of(value, self._axes)
            array = value.array()
            coded = code(array, detail_of(value, self._detail), channel_axis=axis)
            if coded.worst:
                coding: Literal["half", "compact"] = "compact" if coded.scales else "half"
                inexact.append(Kept(value.id, coding, coded.worst, coded.spread))
            known = self._known.get(value.id)
            if known is not None and known[0] == coded:
                tensors.append(known[1])
                continue
            yield from self._written(value.id, array, coded, axis, tensors)
            self._known[value.id] = coded, tensors[-1]
        batched = is_batched(trace)
        digests = (digest_of(op, self._axes[op.index], batched=batched) for op in trace)
        self._pages.append(
            RunPage(name, prediction_of(trace), tuple(inexact), tuple(digests), tuple(tensors))
        )

    def _written(
        self,
        value: int | None,
        array: Array,
        coded: Coded,
        axis: int | None,
        into: list[StoredTensor],
    ) -> Iterator[tuple[str, str]]:
        place, self._places = self._places, self._places + 1
        channels = None
        if coded.scales:
            channels = 0 if axis is None or array.ndim < 3 else axis % array.ndim
            yield f"layerwalk-{place}-scales", coded.scales
        yield f"layerwalk-{place}", coded.text
        into.append(StoredTensor(place, value, array.shape, coded.dtype, channels))

    def _sheet(self) -> bytes:
        self._stage("putting the page together")
        run = self._opened.run
        fields = even_fields(self._first)
        sheet = dataclasses.replace(
            sheet_of(self._first, self._pages[0].trace),
            recomputed=tuple(value.id for value in self.plan.recomputed),
        )
        first = ReportSheet(
            version=layerwalk.__version__,
            detail=self._detail,
            sheet=sheet,
            digests=(),
            fields=tuple(fields.get(op.index) for op in self._first),
            tensors=(),
            left_out=tuple(value.id for value in self.plan.left_out),
            contributions=(),
        )
        return encoded(
            RunReportSheet(
                run=_with_steps(self._opened.sheet(), self._steps),
                first=first,
                pages=tuple(self._pages),
                series=series_sheets(self._opened, ["log", "linear"], _PARTS),
                evaluations=tuple(evaluation_sheet(run.evaluation(one)) for one in run.evaluated),
                mistakes=tuple(self._mistakes),
            )
        )


def run_report_sizes(opened: OpenRun, steps: Sequence[int] = ()) -> tuple[ReportSize, ...]:
    """How large the report of a run would be with each detail and weights, within some per cent.

    A few of the steps are packed as they would be.

    Raises
    ------
    NotFoundError
        No step is stored, or one of these is not.
    """
    chosen = _chosen(opened, steps)
    few = sorted({chosen[k * (len(chosen) - 1) // max(1, _PACKED - 1)] for k in range(_PACKED)})
    traces = [opened.run.trace(step) for step in few]
    values = [{value.id: value for value in trace.values} for trace in traces]
    first, axes = traces[0], channel_axes(traces[0])
    plans = {weights: plan_report(first, weights) for weights in get_args(Weights)}
    shared = {value.id for value in first.inputs}

    @functools.cache
    def packed(value: int, detail: Detail) -> float:
        """Of all steps together."""
        lengths = [
            packed_length(found.array(), detail_of(found, detail), axis_of(found, axes))
            for found in (of_step[value] for of_step in values)
        ]
        times = 1 if value in shared else len(chosen)
        return times * statistics.mean(lengths)

    def size(detail: Detail, weights: Weights, plan: Plan) -> ReportSize:
        each = EACH_VALUE * len(plan.kept) + EACH_OP * len(first) + _EACH_STEP
        numbers = sum(packed(value.id, detail) for value in plan.kept)
        length = math.ceil(fixed + numbers + each * len(chosen))
        return ReportSize(detail, weights, length, len(plan.left_out))

    fixed = _fixed_length(opened, first)
    return tuple(
        size(detail, weights, plan)
        for detail in get_args(Detail)
        for weights, plan in plans.items()
    )


def _fixed_length(opened: OpenRun, first: Trace) -> int:
    """Bytes of what does not grow with the steps."""
    fixed = sum(len(part) for part in html_of("", (), lambda: b""))
    fixed += len(encoded(series_sheets(opened, ["log", "linear"], _PARTS)))
    for step in opened.run.evaluated:
        found = opened.run.evaluation(step)
        fixed += len(encoded(evaluation_sheet(found)))
        fixed += len(code(found.worst.pictures, "exact").text)
    return fixed + len(encoded(sheet_of(first, "")))


def _chosen(opened: OpenRun, steps: Sequence[int]) -> list[int]:
    known = opened.run.steps
    for step in steps:
        if step not in known:
            raise NotFoundError(f"step {step} is not stored", where=str(opened.run.path))
    if not known:
        raise NotFoundError("no step is stored yet", where=str(opened.run.path))
    return sorted(set(steps)) or list(known)


def _with_steps(sheet: RunSheet, steps: Sequence[int]) -> RunSheet:
    """The run as its report has it: with some steps, without updates, and at its end."""
    kept = tuple(
        dataclasses.replace(one, updated=False) for one in sheet.steps if one.step in steps
    )
    return dataclasses.replace(sheet, steps=kept)
