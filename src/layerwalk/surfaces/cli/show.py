"""``layerwalk show --out``: the classes, every op, and a folder of pictures."""

from __future__ import annotations

from pathlib import Path

from layerwalk.data import load_image
from layerwalk.record import Trace
from layerwalk.render.numerals import tell_count
from layerwalk.store import Detail, save
from layerwalk.surfaces.album import Layers, choose_layers, layer_pictures, walk_pictures
from layerwalk.surfaces.cli.lines import about, paired, scores, totals
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.table import op_lines
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete, walk
from layerwalk.surfaces.folder import (
    REPORT_FILE,
    TRACE_FILE,
    Undrawn,
    check_folder,
    clear_older,
    write_pictures,
)
from layerwalk.surfaces.report import make_report
from layerwalk.surfaces.spelling import spell_bytes
from layerwalk.surfaces.summary import OpSummary, summarise

__all__ = ["show", "tell_undrawn"]


def show(
    image: str,
    choice: ModelChoice,
    folder: Path,
    terminal: Terminal,
    *,
    top: int,
    detail: Detail,
    layers: Layers,
) -> None:
    """Walk, print the classes and the table of ops, write pictures, trace and report.

    Raises
    ------
    LayerwalkError
        Something that was given cannot be used; or the network raised half-way, after
        everything up to there was printed and written.
    """
    choice.check()
    check_folder(folder, folders=("layers",), files=(TRACE_FILE, REPORT_FILE))
    photo = load_image(image)
    with terminal.job() as job:
        trace = walk(choice, photo, terminal, job)
        job.stage("counting", len(trace))
        summaries = []
        for summary in summarise(trace):
            summaries.append(summary)
            job.step()
    _print_walk(trace, summaries, terminal, top)
    _write(trace, folder, terminal, top=top, detail=detail, layers=layers)
    complain_if_incomplete(trace, choice)


def tell_undrawn(undrawn: tuple[Undrawn, ...], terminal: Terminal) -> None:
    """Say which pictures could not be drawn, and why."""
    for one in undrawn:
        terminal.note(f"{one.picture.name} was not drawn: {one.reason}")


def _print_walk(trace: Trace, summaries: list[OpSummary], terminal: Terminal, top: int) -> None:
    room = terminal.room
    terminal.say(*about(trace, room), "")
    if trace.complete:
        terminal.say(*scores(trace, top, room, plain=terminal.ascii_only), "")
    terminal.say(*op_lines(summaries, room), "", totals(summaries))
    flawed = [summary for summary in summaries if summary.flawed]
    if flawed:
        said = f"{tell_count(len(flawed), 'op')} made values that are not finite numbers"
        terminal.say(f"{said}, first {flawed[0].op.name}.")


def _write(
    trace: Trace, folder: Path, terminal: Terminal, *, top: int, detail: Detail, layers: Layers
) -> None:
    main = walk_pictures(trace, top=top, whole=layers == "all")
    sheets = layer_pictures(trace, choose_layers(trace, layers))
    with terminal.job() as job:
        job.stage("drawing", len(main) + len(sheets))
        undrawn = write_pictures([*main, *sheets], folder, job.step)
        job.stage("saving the trace")
        clear_older(folder, [*main, *sheets])
        file = save(trace, folder / TRACE_FILE, detail=detail)
        made = make_report(trace, stage=job.stage)
        made.write(folder / REPORT_FILE)
    tell_undrawn(undrawn, terminal)
    lost = {one.picture for one in undrawn}
    pairs = [(picture.name, picture.title) for picture in main if picture not in lost]
    drawn = [sheet for sheet in sheets if sheet not in lost]
    if drawn:
        every = len(choose_layers(trace, "all"))
        more = f"; --layers all draws {every:,}" if every > len(sheets) else ""
        said = f"{tell_count(len(drawn), 'sheet')}, every channel of an op on each"
        pairs.append(("layers/", f"{said}{more}"))
    size = spell_bytes(file.stat().st_size)
    pairs.append((TRACE_FILE, f"every value ({detail}), {size}; layerwalk.open() reads it"))
    size = spell_bytes(len(made.content))
    pairs.append((REPORT_FILE, f"the explorer in one file (half precision), {size}"))
    terminal.say("", f"Written to {folder}:", *paired(pairs, terminal.room))
