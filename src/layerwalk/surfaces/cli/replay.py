"""``layerwalk replay``: a recorded training, in the explorer, as a film or in numbers."""

from __future__ import annotations

import contextlib
import json as json_format
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.text import Text

from layerwalk.errors import LearnError, NotFoundError
from layerwalk.render.numerals import tell_count
from layerwalk.runs import Run, WeightUpdate, open_run
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.report import Detail, Weights
from layerwalk.surfaces.spelling import spell_chance

__all__ = ["about_run", "replay"]


def replay(
    folders: Sequence[str],
    terminal: Terminal,
    *,
    film: Path | None,
    report: Path | None,
    detail: Detail,
    weights: Weights,
    why: str | None,
    step: int | None,
    sample: int,
    op: str | None,
    seconds: float | None,
    json: bool,
    model: str | None,
    port: int | None,
    browser: bool,
) -> None:
    """Show runs in the explorer until Ctrl-C, or do what else was asked for.

    Raises
    ------
    LayerwalkError
        A run, an option or a file cannot be used.
    """
    if len(folders) > (1 if film or report or why else 2):
        many = "one run" if film or report or why else "one or two runs"
        raise LearnError(f"{len(folders)} runs were given", where="replay", mend=f"give {many}")
    if model and len(folders) > 1:
        raise LearnError("--model is the network of one run", where="replay", mend="give one run")
    if film:
        _film(folders[0], terminal, path=film, sample=sample, op=op, seconds=seconds)
    if why:
        _why(folders[0], terminal, weight=why, step=step, json=json)
    if report:
        _report(folders[0], terminal, report, detail, weights)
    if not (film or why or report):
        runs = [open_run(folder) for folder in folders]
        _show(runs, terminal, model=model, port=port, browser=browser)


def _show(
    runs: Sequence[Run], terminal: Terminal, *, model: str | None, port: int | None, browser: bool
) -> None:
    from layerwalk.surfaces.cli.serve import serve_library
    from layerwalk.surfaces.library import Library
    from layerwalk.surfaces.server.address import LOOPBACK, bind

    address = bind(LOOPBACK, port)
    with contextlib.closing(address.socket):
        library = Library()
        keys = [
            library.add_run(run, partial(run.load_model, model=model) if model else None)
            for run in runs
        ]
        for run in runs:
            terminal.say(*about_run(run, terminal.room), "")
        one, *others = keys
        beside = others[0] if others else ""
        serve_library(library, address, (), one, terminal, browser=browser, beside=beside)


def _report(folder: str, terminal: Terminal, path: Path, detail: Detail, weights: Weights) -> None:
    from layerwalk.surfaces.report import make_run_report

    run = open_run(folder)
    with terminal.job() as job:
        made = make_run_report(run, detail=detail, weights=weights, stage=job.stage)
        written = made.write(path)
    pairs = [("report", f"{written}, {written.stat().st_size / 1e6:.1f} MB")]
    if left := len(made.plan.left_out):
        count = tell_count(left, "weight tensor")
        pairs.append(("left out", f"{count}; --keep-weights all takes them in"))
    terminal.say(*about_run(run, terminal.room, pairs))


def about_run(run: Run, room: int | None, more: Sequence[tuple[str, str]] = ()) -> Iterator[Text]:
    """What was trained, how far, and how well it does; and more, in the same columns."""
    told = run.description
    steps = run.steps
    state = {"finished": "finished", "running": "not finished", "stopped": "stopped"}[told.state]
    pairs = [("run", str(run.path)), ("network", told.model)]
    if "data" in told.settings:
        pairs.append(("data", told.settings["data"]))
    pairs.append(("state", f"{state}: {told.ending}" if told.ending else state))
    if steps:
        reached = f"0 to {steps[-1]:,}" if steps[-1] else "before the first update"
        pairs.append(("steps", f"{tell_count(len(steps), 'stored step')}, {reached}"))
    if run.evaluated:
        last = run.evaluation(run.evaluated[-1])
        pairs.append(("accuracy", f"{spell_chance(last.accuracy)} of {last.count:,} held out"))
    return paired([*pairs, *more], room)


def _film(
    folder: str,
    terminal: Terminal,
    *,
    path: Path,
    sample: int,
    op: str | None,
    seconds: float | None,
) -> None:
    """Write the run as a film.

    Raises
    ------
    LayerwalkError
        The run, the op or the file cannot be used.
    """
    from layerwalk.render.animation import save_animation
    from layerwalk.runs.film import learning_film

    run = open_run(folder)
    with terminal.job() as job:
        job.stage("reading the run")
        made = learning_film(run, sample=sample, op=op)
        job.stage(f"filming {path.name}", len(made))
        save_animation(made, path, seconds=seconds, done=job.step)
    terminal.say(*about_run(run, terminal.room))
    terminal.say(*paired([("film", f"{path}, {tell_count(len(made), 'picture')}")], terminal.room))


def _why(folder: str, terminal: Terminal, *, weight: str, step: int | None, json: bool) -> None:
    """Print how the optimiser changed one weight.

    Parameters
    ----------
    folder
        The run's.
    terminal
        Where it is told.
    weight
        ``c1.weight[0,0,2,2]``.
    step
        A stored step; the last whose update was kept, if not given.
    json
        Whether to print JSON.

    Raises
    ------
    LayerwalkError
        The update was not kept, or there is no such weight.
    """
    run = open_run(folder)
    name, index = _place(weight)
    kept = run.folder.updated()
    if step is None and not kept:
        raise NotFoundError(
            "no update was kept", where=folder, mend="record with an optimiser: watch(optimizer=)"
        )
    told = run.why(name, index, kept[-1] if step is None else step)
    if json:
        terminal.say(_encoded(told))
    else:
        terminal.say(*_lines(told))


def _place(weight: str) -> tuple[str, tuple[int, ...]]:
    """The parameter's name and the place in it.

    >>> _place("c1.weight[0, 0,2,-1]")
    ('c1.weight', (0, 0, 2, -1))
    """
    name, bracket, rest = weight.partition("[")
    numbers = rest.rstrip().removesuffix("]").split(",")
    try:
        return name.strip(), tuple(int(one) for one in numbers) if bracket else ()
    except ValueError:
        raise NotFoundError(
            f"{weight!r} names no weight", where="--why", mend="write it as c1.weight[0,0,2,2]"
        ) from None


def _lines(told: WeightUpdate) -> Iterator[Text]:
    place = ", ".join(map(str, told.index))
    yield Text(f"{told.name}[{place}], update {told.step + 1:,} ({told.optimizer})", "bold")
    yield Text()
    rows: list[Sequence[str]] = [
        ("weight", "", f"{told.before:.9g}"),
        ("gradient g", "", f"{told.gradient:.9g}"),
        *((term.name, term.formula, f"{term.value:.9g}") for term in told.terms),
        ("the optimiser's", "", f"{told.after:.9g}"),
    ]
    if told.residue is not None:
        rows.append(("residue", "", f"{told.residue:.1e}"))
    name = max(len(row[0]) for row in rows)
    number = max(len(row[2]) for row in rows)
    for row in rows:
        line = Text("  ").append(row[0].ljust(name)).append("  ")
        line.append(row[2].rjust(number), "bold")
        if row[1]:
            line.append(f"  = {row[1]}", "dim")
        yield line
    if not told.terms:
        yield Text(f"  The rule of {told.optimizer} is not known here.")


def _encoded(told: WeightUpdate) -> str:
    return json_format.dumps(
        {
            "weight": told.name,
            "index": list(told.index),
            "step": told.step,
            "optimizer": told.optimizer,
            "before": told.before,
            "gradient": told.gradient,
            "terms": [
                {"name": term.name, "formula": term.formula, "value": term.value}
                for term in told.terms
            ],
            "computed": told.computed,
            "after": told.after,
            "residue": told.residue,
        }
    )
