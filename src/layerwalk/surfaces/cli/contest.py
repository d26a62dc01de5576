"""``layerwalk versus``: two networks trained on the same pictures, in numbers and pictures."""

from __future__ import annotations

import json as json_format
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.text import Text

from layerwalk.learn.contest import (
    DEFAULT_PLAN,
    RESULT_FILE,
    Contestant,
    Stage,
    Versus,
    fresh_folder,
    versus,
)
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.show import tell_undrawn
from layerwalk.surfaces.cli.terminal import Job, Terminal
from layerwalk.surfaces.folder import check_folder, write_pictures
from layerwalk.surfaces.spelling import spell_shape
from layerwalk.surfaces.versus_album import versus_pictures

__all__ = ["Rules", "contest"]

_WIDE = 78
_LAYERS = 24  # of a network, before the table is cut


@dataclass(frozen=True, slots=True)
class Rules:
    """What both networks are trained on and how; see :func:`layerwalk.versus`."""

    data: str
    epochs: int
    rate: float
    seed: int
    pictures: int
    shuffle: bool
    sweep: int
    seconds: float


def contest(
    first: str, second: str, rules: Rules, terminal: Terminal, *, out: Path | None, json: bool
) -> None:
    """Run the comparison, print it and draw it; an interrupt leaves what is done.

    Raises
    ------
    LayerwalkError
        A network, the data or the folder cannot be used.
    KeyboardInterrupt
        As it came, after what is known was printed and drawn.
    """
    folder = out or fresh_folder(first, second)
    check_folder(folder)
    known: list[Versus] = []
    interrupted = False
    with terminal.job() as job:
        job.stage("loading PyTorch")
        try:
            versus(
                first,
                second,
                rules.data,
                replace(DEFAULT_PLAN, epochs=rules.epochs, rate=rules.rate, seed=rules.seed),
                out=folder,
                shuffle=rules.shuffle,
                sweep=rules.sweep,
                seconds=rules.seconds,
                most=rules.pictures,
                told=_Teller(job),
                kept=known.append,
            )
        except KeyboardInterrupt:
            interrupted = True
            if not known:
                raise
        found = known[-1]
        pictures = versus_pictures(found, folder)
        job.stage("drawing", len(pictures))
        undrawn = write_pictures(pictures, folder, job.step)
    if json:
        terminal.say(json_format.dumps(asdict(found)))
    else:
        terminal.say(*_lines(found, terminal.room or _WIDE), "")
        lost = {one.picture for one in undrawn}
        written = [(one.name, one.title) for one in pictures if one not in lost]
        written.append((RESULT_FILE, "every number"))
        written += [
            (run, f"the training of {one.name}{how}")
            for one in found.contestants
            for run, how in ((one.run, ""), (one.shuffled_run, " on shuffled pixels"))
            if run
        ]
        terminal.say(f"Written to {folder}:", *paired(written, terminal.room))
        runs = [str(folder / one.run) for one in found.contestants if one.run]
        if runs:
            terminal.say("", "Watch them learn:", f"  layerwalk replay {' '.join(runs)}")
    tell_undrawn(undrawn, terminal)
    for note in found.notes:
        terminal.note(note)
    if interrupted:
        raise KeyboardInterrupt


class _Teller:
    """Shows the stages of a comparison as those of the terminal's job."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._last = Stage("", 0, 0)

    def __call__(self, stage: Stage) -> None:
        if stage.what != self._last.what:
            self._job.stage(stage.what, stage.total)
            self._last = Stage(stage.what, 0, stage.total)
        for _ in range(stage.done - self._last.done):
            self._job.step()
        self._last = stage


def _lines(found: Versus, room: int) -> Iterator[Text | str]:
    for at, line in enumerate(str(found).splitlines()):
        wrapped = textwrap.wrap(line, room) if at == 0 else [line]
        yield from (Text(one, "bold" if at == 0 else "") for one in wrapped or [""])
    for one in found.contestants:
        if one.layers:
            yield ""
            yield from _layers(one, room)
    if found.sweep:
        yield ""
        yield from _sweep(found)


def _layers(side: Contestant, room: int) -> Iterator[Text]:
    """A line for each layer: its output, parameters and multiply-adds."""
    shown = side.layers[:_LAYERS]
    shapes = [spell_shape(one.shape) for one in shown]
    shape = max(len("output"), *map(len, shapes))
    name = min(max(len(side.name), *(len(one.name) for one in shown)), room - shape - 36)
    head = f"{_cut(side.name, name)}  {'output':{shape}}  {'parameters':>13}  {'multiply-adds':>15}"
    yield Text(head, "dim")
    for one, spelled in zip(shown, shapes, strict=True):
        line = Text(_cut(one.name, name), "bold")
        products = "not known" if one.multiply_adds is None else f"{one.multiply_adds:,}"
        said = f"  {spelled:{shape}}  {one.parameters:>13,}  {products:>15}"
        yield line.append(said, "not bold")
    if len(shown) < len(side.layers):
        left = len(side.layers) - len(shown)
        yield Text(f"and {left:,} more layers, in {RESULT_FILE}", "dim")


def _sweep(found: Versus) -> Iterator[Text]:
    """A line for each size of each network, small ones first."""
    name = min(max(len(one.network) for one in found.sweep), 24)
    head = f"{'':{name}}  {'width':>8}  {'parameters':>13}  {'multiply-adds':>15}  {'accuracy':>8}"
    yield Text(head, "dim")
    order = {one.name: at for at, one in enumerate(found.contestants)}
    for point in sorted(found.sweep, key=lambda one: (order[one.network], one.parameters)):
        line = Text(_cut(point.network, name), "bold")
        said = (
            f"  {f'x {point.factor:.3g}':>8}  {point.parameters:>13,}  {point.multiply_adds:>15,}"
            f"  {point.accuracy:>8.1%}"
        )
        yield line.append(said, "not bold")


def _cut(name: str, wide: int) -> str:
    return name.ljust(wide) if len(name) <= wide else f"...{name[len(name) - wide + 3 :]}"
