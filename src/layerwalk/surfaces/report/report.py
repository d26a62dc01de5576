"""A trace's report, made and written."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import layerwalk
from layerwalk.record import Trace, Value
from layerwalk.render.axes import channel_axes
from layerwalk.store.replacing import replacing
from layerwalk.surfaces.answer import encoded
from layerwalk.surfaces.answer.digest import digest_of
from layerwalk.surfaces.answer.sheet import sheet_of
from layerwalk.surfaces.report.coding import Coded, Detail, code
from layerwalk.surfaces.report.fields import even_fields
from layerwalk.surfaces.report.page import html_of
from layerwalk.surfaces.report.plan import Plan, Weights, plan_report
from layerwalk.surfaces.wire import Kept, ReportSheet, StoredTensor

__all__ = ["Report", "make_report"]


@dataclass(frozen=True, slots=True)
class Report:
    """The explorer of a trace as one HTML file, not written yet.

    Attributes
    ----------
    content
        The file's bytes.
    plan
        What of the trace is in it.
    worst
        The largest difference of a kept number from the recorded one, as a share of the
        largest magnitude of its value; 0 where all are exact.
    """

    content: bytes = field(repr=False)
    plan: Plan = field(repr=False)
    worst: float

    def write(self, path: str | Path) -> Path:
        """Write the file; it is written beside and renamed, so that no half one is left.

        Raises
        ------
        FileError
            It cannot be written there.
        """
        target = Path(path)
        with replacing(target) as stream:
            stream.write(self.content)
        return target


def make_report(
    trace: Trace,
    *,
    detail: Detail = "half",
    weights: Weights = "some",
    stage: Callable[[str], None] = lambda _: None,
) -> Report:
    """The report of a trace.

    Parameters
    ----------
    detail
        ``"exact"``: every bit; ``"half"``: float16; ``"compact"``: 255 levels a channel. The
        page says which values were rounded, and by how much at most.
    weights
        Which weights go into it: ``"all"``, ``"none"`` or ``"some"``, the smallest. An op
        whose weights are left out shows its maps, and no arithmetic.
    stage
        Told what is being done, in a few words.

    Raises
    ------
    FileError
        The explorer's page has not been built.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> make_report(trace).write("dog.html")                   # doctest: +SKIP
    PosixPath('dog.html')
    """
    plan = plan_report(trace, weights)
    stage("packing the numbers")
    packed = _Packed(trace, detail)
    for value in plan.kept:
        packed.add(value)
    stage("working out receptive fields")
    fields = even_fields(trace)
    stage("putting the page together")
    sheet = sheet_of(trace, "report")
    sheet = dataclasses.replace(
        sheet,
        inexact=_together(sheet.inexact, packed.inexact),
        recomputed=tuple(value.id for value in plan.recomputed),
    )
    axes = packed.axes
    report = ReportSheet(
        version=layerwalk.__version__,
        detail=detail,
        sheet=sheet,
        digests=tuple(digest_of(op, axes[op.index]) for op in trace),
        fields=tuple(fields.get(op.index) for op in trace),
        tensors=tuple(packed.stored),
        left_out=tuple(value.id for value in plan.left_out),
    )
    picture = trace.photo.name if trace.photo is not None else "a plain tensor"
    title = f"{picture} · {trace.name} · Layerwalk"
    content = b"".join(html_of(title, encoded(report), packed.texts))
    return Report(content, plan, packed.worst)


def _together(before: Iterable[Kept], now: Iterable[Kept]) -> tuple[Kept, ...]:
    """What a trace's own file rounded, and then the report: the two differences add up."""
    found = {kept.value: kept for kept in before}
    for kept in now:
        earlier = found.get(kept.value)
        worst = kept.worst + (earlier.worst if earlier else 0.0)
        found[kept.value] = dataclasses.replace(kept, worst=worst)
    return tuple(found[value] for value in sorted(found))


class _Packed:
    """The numbers of a report, coded one value after the other."""

    def __init__(self, trace: Trace, detail: Detail) -> None:
        self.axes = channel_axes(trace)
        self.stored: list[StoredTensor] = []
        self.texts: list[tuple[str, str]] = []
        self.inexact: list[Kept] = []
        self.worst = 0.0
        self._detail = detail
        if trace.photo is not None:
            pixels = trace.photo.pixels
            self._keep(None, pixels.shape, code(pixels, "exact"), None)

    def add(self, value: Value) -> None:
        """Take a value's numbers in."""
        axis = 1
        if value.op is not None and value.id == value.op.made[0].id:
            axis = self.axes[value.op.index]
        elif value.role == "parameter":
            axis = 0  # one scale a filter
        coded = code(value.array(), self._detail, channel_axis=axis)
        self._keep(value.id, value.shape, coded, axis)
        if coded.worst:
            coding: Literal["half", "compact"] = "compact" if coded.scales else "half"
            self.inexact.append(Kept(value.id, coding, coded.worst, coded.spread))
            self.worst = max(self.worst, coded.worst / coded.spread)

    def _keep(
        self, value: int | None, shape: tuple[int, ...], coded: Coded, axis: int | None
    ) -> None:
        place = len(self.stored)
        channels = None
        if coded.scales:
            channels = 0 if axis is None or len(shape) < 3 else axis % len(shape)
            self.texts.append((f"layerwalk-{place}-scales", coded.scales))
        self.texts.append((f"layerwalk-{place}", coded.text))
        self.stored.append(StoredTensor(place, value, shape, coded.dtype, channels))
