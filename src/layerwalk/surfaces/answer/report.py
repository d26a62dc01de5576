"""The explorer of a trace, or of a run, as one file."""

from __future__ import annotations

from layerwalk.surfaces.answer.binary import Stream
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskReport, AskReportSizes, ReportSize

__all__ = ["report", "report_sizes"]


def report(library: Library, ask: AskReport) -> Stream:
    """The report of a trace or a run, an HTML file, written while it is sent.

    Raises
    ------
    LayerwalkError
        There is no such trace, run or step, or the page has not been built.
    """
    # Bound late: a report asks this room for the trace's sheet and digests.
    from layerwalk.surfaces.report import Writing
    from layerwalk.surfaces.report.run_report import RunWriting

    if library.has_run(ask.trace):
        run = library.run(ask.trace)
        parts = RunWriting(run, ask.detail, ask.weights, ask.steps).parts()
        return Stream(parts, "text/html", f"{run.id}.html")
    opened = library.opened(ask.trace)
    writing = Writing(opened.trace, ask.detail, ask.weights)
    return Stream(writing.parts(), "text/html", f"{opened.id}.html")


def report_sizes(library: Library, ask: AskReportSizes) -> tuple[ReportSize, ...]:
    """How large each report of a trace or a run would be.

    Raises
    ------
    LayerwalkError
        There is no such trace, run or step, or the page has not been built.
    """
    from layerwalk.surfaces.report import report_sizes as sizes_of
    from layerwalk.surfaces.report.run_report import run_report_sizes

    if library.has_run(ask.trace):
        return run_report_sizes(library.run(ask.trace), ask.steps)
    opened = library.opened(ask.trace)
    return opened.once("report sizes", lambda: sizes_of(opened.trace))
