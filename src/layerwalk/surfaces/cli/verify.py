"""``layerwalk verify``: the arithmetic of a walk, checked on sampled values."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator

import typer
from rich.text import Text

from layerwalk.recipes.verify import Verification
from layerwalk.recipes.verify import verify as verify_trace
from layerwalk.record import Trace
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.cli.lines import about, paired
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.source import is_trace_file, open_or_walk
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete

__all__ = ["verify"]

_MOST_LINES = 20


def verify(
    source: str, choice: ModelChoice, terminal: Terminal, *, samples: int, seed: int
) -> None:
    """Recompute sampled values of every op and print what came out.

    Raises
    ------
    LayerwalkError
        Something that was given cannot be used.
    typer.Exit
        With status 1: a value differs by more than rounding explains.
    """
    choice.check()
    with terminal.job() as job:
        trace = open_or_walk(source, choice, terminal, job)
        job.stage("recomputing values")
        report = verify_trace(trace, samples, seed)
    room = terminal.room
    terminal.say(*about(trace, room), "", *paired(_facts(report, trace), room))
    terminal.say(*_left_out(report, room))
    terminal.say(*_failures(report))
    detail = trace.provenance.get("detail", "exact")
    if report.failures and detail != "exact":
        terminal.note(
            f"this file has not every bit ({detail}), so what differs may be its own rounding and "
            "not the network's; verify a walk that was saved with --detail exact."
        )
    if not is_trace_file(source):
        complain_if_incomplete(trace, choice)
    if not report:
        raise typer.Exit(1)


def _facts(report: Verification, trace: Trace) -> list[tuple[str, str]]:
    left_out = {one.op for one in report.skipped}
    checked = sum(any(made.name not in left_out for made in op.made) for op in trace)
    ops = f"{checked:,} of {len(trace):,} ops" if left_out else tell_count(checked, "op")
    pairs = [
        ("recomputed", f"{tell_count(report.checked, 'value')} of {ops}"),
        ("worst", f"{report.worst:.3g}, absolute"),
        ("", f"{report.worst_relative:.3g} of the sum of the absolute terms"),
    ]
    if report.worst_op:
        pairs.append(("", f"at {report.worst_op}"))
    said = "none"
    if report.failures:
        said = f"{tell_count(len(report.failures), 'output')} beyond what rounding explains"
    return [*pairs, ("failures", said)]


def _left_out(report: Verification, room: int | None) -> Iterator[Text | str]:
    """What was not checked: the kinds of op without a recipe, and every reason there was."""
    if report.without_recipe:
        kinds = [f"{kind} ({count:,})" for kind, count in report.without_recipe]
        count = sum(count for _, count in report.without_recipe)
        yield ""
        yield f"{tell_count(count, 'op has', 'ops have')} no recipe, by kind:"
        yield from (f"  {line}" for line in textwrap.wrap(", ".join(kinds), (room or 80) - 2))
    if report.skipped:
        count = len(report.skipped)
        yield ""
        yield f"{tell_count(count, 'value was', 'values were')} not checked:"
        first = {one.reason: one.op for one in reversed(report.skipped)}
        reasons = Counter(one.reason for one in report.skipped)
        pairs = [
            (first[reason], reason + (f", and {count - 1:,} more" if count > 1 else ""))
            for reason, count in reasons.most_common()
        ]
        yield from paired(pairs, room)


def _failures(report: Verification) -> Iterator[str]:
    if not report.failures:
        return
    yield ""
    yield "Not as recorded:"
    for one in report.failures[:_MOST_LINES]:
        yield f"  {one.op}: {one.message}"
    if len(report.failures) > _MOST_LINES:
        yield f"  and {len(report.failures) - _MOST_LINES:,} more"
