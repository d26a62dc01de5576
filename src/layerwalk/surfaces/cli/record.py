"""``layerwalk trace``: a walk into one file."""

from __future__ import annotations

from pathlib import Path

import typer

from layerwalk.checks import Report
from layerwalk.data import load_image
from layerwalk.errors import FileError
from layerwalk.render.numerals import tell_count
from layerwalk.store import Detail, save
from layerwalk.surfaces.cli.lines import about
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete, walk
from layerwalk.surfaces.folder import check_folder
from layerwalk.surfaces.spelling import spell_bytes

__all__ = ["record"]

_MOST_LINES = 20


def record(
    image: str,
    choice: ModelChoice,
    file: Path,
    terminal: Terminal,
    *,
    detail: Detail,
    weights: bool,
    replay: bool,
) -> None:
    """Walk, save the trace, and run every op again if asked.

    Raises
    ------
    LayerwalkError
        As :func:`.show.show`.
    typer.Exit
        With status 1: an op that was run again gave other numbers.
    """
    choice.check()
    if file.suffix.lower() != ".safetensors":
        raise FileError(
            "a trace is a safetensors file", where=str(file), mend="end its name in .safetensors"
        )
    if not file.parent.is_dir():
        raise FileError(f"there is no folder {file.parent}", where=str(file), mend="make it first")
    check_folder(file.parent, files=(file.name,))
    photo = load_image(image)
    with terminal.job() as job:
        trace = walk(choice, photo, terminal, job)
        job.stage("saving the trace")
        save(trace, file, detail=detail, weights=weights)
        job.stage("running every op again")
        report = trace.replay() if replay else None
    terminal.say(*about(trace, terminal.room), "")
    size = spell_bytes(file.stat().st_size)
    terminal.say(f"{tell_count(len(trace), 'op')} written to {file}, {size}.")
    if report is not None:
        _tell(report, terminal)
    complain_if_incomplete(trace, choice)
    if report is not None and not report:
        raise typer.Exit(1)


def _tell(report: Report, terminal: Terminal) -> None:
    """Print what running every op again gave."""
    if report:
        terminal.say(f"{tell_count(report.checked, 'op')} run again: every bit as recorded.")
    else:
        differ = len(report.failures)
        terminal.say(
            f"{tell_count(report.checked, 'op')} run again: {differ:,} came out differently."
        )
    lines = [f"  {one.op}: {one.message}" for one in report.failures]
    lines += [f"  {one.op} was not run again: {one.reason}" for one in report.skipped]
    terminal.say(*lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        terminal.say(f"  and {len(lines) - _MOST_LINES:,} more")
