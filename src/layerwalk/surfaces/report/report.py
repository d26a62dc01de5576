"""A trace's report, made and written."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import layerwalk
from layerwalk.axes import channel_axes
from layerwalk.record import Trace, Value
from layerwalk.store.replacing import replacing
from layerwalk.surfaces.answer import encoded
from layerwalk.surfaces.answer.digest import digest_of, is_batched
from layerwalk.surfaces.answer.sheet import sheet_of
from layerwalk.surfaces.report.coding import Coded, Detail, code
from layerwalk.surfaces.report.contributions import contribution_sheets
from layerwalk.surfaces.report.fields import even_fields
from layerwalk.surfaces.report.page import html_of
from layerwalk.surfaces.report.plan import Plan, Weights, plan_report
from layerwalk.surfaces.wire import Kept, ReportSheet, StoredTensor

__all__ = ["Report", "Writing", "axis_of", "detail_of", "make_report"]


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
        ``"exact"``: every bit; ``"half"``: float16; ``"compact"``: 255 levels a channel.
        Biases and statistics are kept exactly. The page says which values were rounded, and by
        how much at most.
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
    writing = Writing(trace, detail, weights, stage)
    content = b"".join(writing.parts())
    return Report(content, writing.plan, writing.worst)


def _together(before: Iterable[Kept], now: Iterable[Kept]) -> tuple[Kept, ...]:
    """What a trace's own file rounded, and then the report: the two differences add up."""
    found = {kept.value: kept for kept in before}
    for kept in now:
        earlier = found.get(kept.value)
        worst = kept.worst + (earlier.worst if earlier else 0.0)
        found[kept.value] = dataclasses.replace(kept, worst=worst)
    return tuple(found[value] for value in sorted(found))


class Writing:
    """A report while it is written, one value after the other.

    Parameters are those of :func:`make_report`.
    """

    def __init__(
        self,
        trace: Trace,
        detail: Detail = "half",
        weights: Weights = "some",
        stage: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.plan = plan_report(trace, weights)
        self.worst = 0.0
        self._trace = trace
        self._detail: Detail = detail
        self._stage = stage
        self._axes = channel_axes(trace)
        self._stored: list[StoredTensor] = []
        self._inexact: list[Kept] = []

    def parts(self) -> Generator[bytes]:
        """The file's bytes, made as they are asked for.

        Raises
        ------
        FileError
            The explorer's page has not been built; at once.
        """
        photo = self._trace.photo
        picture = photo.name if photo is not None else "a plain tensor"
        title = f"{picture} · {self._trace.name} · Layerwalk"
        return html_of(title, self._texts(), self._sheet)

    def _texts(self) -> Iterator[tuple[str, str]]:
        self._stage("packing the numbers")
        photo = self._trace.photo
        if photo is not None:
            coded = code(photo.pixels, "exact")
            yield from self._keep(None, photo.pixels.shape, coded, None)
        for value in self.plan.kept:
            axis = axis_of(value, self._axes)
            coded = code(value.array(), detail_of(value, self._detail), channel_axis=axis)
            if coded.worst:
                coding: Literal["half", "compact"] = "compact" if coded.scales else "half"
                self._inexact.append(Kept(value.id, coding, coded.worst, coded.spread))
                self.worst = max(self.worst, coded.worst / coded.spread)
            yield from self._keep(value.id, value.shape, coded, axis)

    def _keep(
        self, value: int | None, shape: tuple[int, ...], coded: Coded, axis: int | None
    ) -> Iterator[tuple[str, str]]:
        place = len(self._stored)
        channels = None
        if coded.scales:
            channels = 0 if axis is None or len(shape) < 3 else axis % len(shape)
            yield f"layerwalk-{place}-scales", coded.scales
        yield f"layerwalk-{place}", coded.text
        self._stored.append(StoredTensor(place, value, shape, coded.dtype, channels))

    def _sheet(self) -> bytes:
        self._stage("working out receptive fields")
        fields = even_fields(self._trace)
        self._stage("putting the page together")
        sheet = sheet_of(self._trace, "report")
        sheet = dataclasses.replace(
            sheet,
            inexact=_together(sheet.inexact, self._inexact),
            recomputed=tuple(value.id for value in self.plan.recomputed),
        )
        batched = is_batched(self._trace)
        report = ReportSheet(
            version=layerwalk.__version__,
            detail=self._detail,
            sheet=sheet,
            digests=tuple(
                digest_of(op, self._axes[op.index], batched=batched) for op in self._trace
            ),
            fields=tuple(fields.get(op.index) for op in self._trace),
            tensors=tuple(self._stored),
            left_out=tuple(value.id for value in self.plan.left_out),
            contributions=contribution_sheets(self._trace),
        )
        return encoded(report)


def axis_of(value: Value, axes: Sequence[int]) -> int:
    """Which axis of a value has the channels, one scale each; ``axes`` tells those of the ops."""
    if value.op is not None and value.id == value.op.made[0].id:
        return axes[value.op.index]
    return 0 if value.role == "parameter" else 1  # of a filter's weights, one scale a filter


def detail_of(value: Value, detail: Detail) -> Detail:
    """How exactly a value is kept in a report of some detail.

    Biases and statistics are few, and what a page works out may be divided by the smallest of
    them: they are kept exactly.
    """
    few = value.role in ("parameter", "buffer") and len(value.shape) < 2
    return "exact" if few else detail
