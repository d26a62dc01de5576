"""``layerwalk report``: the explorer of one walk as one HTML file."""

from __future__ import annotations

from pathlib import Path

from layerwalk.errors import FileError
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.cli.lines import about, paired
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.source import is_trace_file, open_or_walk
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete
from layerwalk.surfaces.folder import check_folder
from layerwalk.surfaces.report import Detail, Report, Weights, make_report
from layerwalk.surfaces.spelling import spell_bytes

__all__ = ["report"]


def report(
    source: str,
    choice: ModelChoice,
    file: Path,
    terminal: Terminal,
    *,
    detail: Detail,
    weights: Weights,
) -> None:
    """Walk, or open a walk, and write its report; its size is told first.

    Raises
    ------
    LayerwalkError
        Something that was given cannot be used; or the network raised half-way, after the
        report of the ops up to there was written.
    """
    choice.check()
    if file.suffix.lower() not in (".html", ".htm"):
        raise FileError("a report is a web page", where=str(file), mend="end its name in .html")
    if not file.parent.is_dir():
        raise FileError(f"there is no folder {file.parent}", where=str(file), mend="make it first")
    check_folder(file.parent, files=(file.name,))
    with terminal.job() as job:
        trace = open_or_walk(source, choice, terminal, job)
        made = make_report(trace, detail=detail, weights=weights, stage=job.stage)
    room = terminal.room
    terminal.say(*about(trace, room), "", *paired(_facts(made, detail), room))
    made.write(file)
    terminal.say("", f"Written to {file}: it opens in any browser, without a network.")
    if not is_trace_file(source):
        complain_if_incomplete(trace, choice)


def _facts(made: Report, detail: Detail) -> list[tuple[str, str]]:
    plan = made.plan
    pairs = [
        ("size", spell_bytes(len(made.content))),
        ("kept", tell_count(len(plan.kept), "value")),
        ("in the page", f"{tell_count(len(plan.recomputed), 'value')} made from those"),
    ]
    if made.worst:
        share = f"{100 * made.worst:.2g} %"
        pairs.append((detail, f"kept numbers are off by at most {share} of a value's largest"))
    else:
        pairs.append((detail, "every bit as recorded"))
    if plan.left_out:
        count = tell_count(len(plan.left_out), "weight tensor")
        pairs.append(("left out", f"{count}; --keep-weights all takes them in"))
    return pairs
