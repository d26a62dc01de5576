"""``layerwalk learn``: train a network, and watch it."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.text import Text

from layerwalk.errors import LayerwalkError, LearnError, missing
from layerwalk.render.numerals import tell_count
from layerwalk.runs import Run, open_run
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.terminal import Job, Terminal
from layerwalk.surfaces.spelling import spell_chance, spell_number

if TYPE_CHECKING:
    from layerwalk.learn import Progress
    from layerwalk.surfaces.server.address import Address

__all__ = ["LearnChoice", "learn", "read_held_out"]

_MISTAKES = 3
# The share of the time that recording may take. Whoever watches wants to see something, and the
# page's own questions, which the same process answers, make each look dearer.
_UNWATCHED, _WATCHED = 0.05, 0.2


@dataclass(frozen=True, slots=True)
class LearnChoice:
    """What is trained on what, as the user said it; ``None`` where nothing was said."""

    model: str | None
    data: str | None
    weights: str | None
    device: str | None
    numbers: dict[str, Any]
    """The fields of :class:`layerwalk.learn.Plan` that were given."""


def learn(
    choice: LearnChoice,
    terminal: Terminal,
    *,
    run: Path | None,
    go_on: Path | None,
    show: bool = False,
    port: int | None = None,
    browser: bool = True,
) -> None:
    """Train, with a line an epoch, and say how well it went and where the run lies.

    With ``show`` the run's page is served from when it has begun until Ctrl-C, on ``port`` if one
    is given, and opened in the ``browser``.

    Raises
    ------
    LayerwalkError
        What was given cannot be used; the loss became no finite number; the disk is full.
    KeyboardInterrupt
        Ctrl-C, after what was learned is kept and the way on is told.
    """
    if go_on is not None:
        choice, place = _as_before(choice, go_on), go_on
    else:
        place = run or _fresh(choice.model or "lenet5")
    with contextlib.ExitStack() as open_:
        page = _Page(open_, port, browser=browser) if show else None
        with terminal.job() as job:
            job.stage("loading PyTorch")
            from layerwalk.learn import Plan, train

            heard = _Heard(job, _Lines(terminal), page)
            try:
                done = train(
                    choice.model or "lenet5",
                    choice.data or "mnist",
                    Plan(**choice.numbers),
                    run=place,
                    weights=choice.weights,
                    device=choice.device,
                    told=heard,
                    begun=heard.begin,
                    overhead=_WATCHED if show else _UNWATCHED,
                    go_on=go_on is not None,
                )
            except KeyboardInterrupt:
                _tell_stopped(terminal, place)
                raise
        terminal.say("", *_ended(done, terminal.room, time.monotonic() - heard.started))
        if page is not None:
            page.wait(terminal)


class _Page:
    """The live page of a run."""

    def __init__(
        self, open_: contextlib.ExitStack, port: int | None = None, *, browser: bool = True
    ) -> None:
        from layerwalk.surfaces.server.address import LOOPBACK, bind

        # What would keep the page from being served is told before anything is trained.
        try:
            from layerwalk.surfaces.server.server import Server
        except ModuleNotFoundError as error:
            raise missing(error) from error
        self._open = open_
        self._address = open_.enter_context(_closing(bind(LOOPBACK, port)))
        self._browser = browser
        self._made = Server
        self._server: Any = None

    def show(self, run: Run) -> str:
        """Open the browser, and give the link."""
        from layerwalk.surfaces.browser import open_browser
        from layerwalk.surfaces.library import Library

        library = Library()
        # Whoever trains a network of a file has run that file.
        key = library.add_run(run, run.load_model)
        self._server = self._open.enter_context(self._made(library, self._address))
        if self._browser:
            open_browser(self._server.link(key, once=True))
        link: str = self._server.link(key)
        return link

    def wait(self, terminal: Terminal) -> None:
        """Serve on until Ctrl-C."""
        with contextlib.suppress(KeyboardInterrupt):
            terminal.say("", "The page stays until Ctrl-C.")
            self._server.wait()


@contextlib.contextmanager
def _closing(address: Address) -> Iterator[Address]:
    with contextlib.closing(address.socket):
        yield address


class _Lines:
    """The lines of the table, as they come."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def head(self, run: Run, link: str | None) -> None:
        told = run.description
        count = sum(int(np.prod(shape)) for shape in told.parameters.values())
        said = told.settings
        held = int(said["held out"])
        how = (
            tell_count(int(said["epochs"]), "epoch"),
            f"batches of {said['batch']}",
            said["optimizer"],
            f"rate {said['rate']} ({said['schedule']})",
            f"seed {said['seed']}",
        )
        pairs = [
            ("network", f"{told.model}, {tell_count(count, 'parameter')}"),
            (
                "data",
                f"{said['data']}, {int(said['examples']):,} to learn from, {held:,} held out",
            ),
            (
                "training",
                ", ".join(how),
            ),
            ("run", str(run.path)),
        ]
        if link is not None:
            pairs.append(("live", link))
        self._terminal.say(*paired(pairs, self._terminal.room), "")
        self._terminal.say(Text("   epoch        loss    held out    accuracy     seconds", "dim"))

    def row(
        self, epoch: int, loss: float, held_out: float, accuracy: float, seconds: float
    ) -> None:
        cells = (
            spell_number(loss),
            spell_number(held_out),
            spell_chance(accuracy),
            f"{seconds:.1f}",
        )
        self._terminal.say(f"  {epoch:6,}" + "".join(cell.rjust(12) for cell in cells))


class _Heard:
    """Hears how the training gets on, and passes it on to the bar and the table."""

    def __init__(self, job: Job, lines: _Lines, page: _Page | None) -> None:
        self.started = self._epoch_began = time.monotonic()
        self._job, self._lines = job, lines
        self._page = page
        self._losses: list[float] = []
        self._epoch = 0

    def begin(self, run: Run) -> None:
        """The first step is stored, or a run is taken up."""
        self._losses = _losses_of_this_epoch(run)
        self._lines.head(run, None if self._page is None else self._page.show(run))
        self.started = self._epoch_began = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        each = progress.steps // progress.epochs
        if progress.epoch != self._epoch:
            self._epoch = progress.epoch
            self._job.stage(f"epoch {progress.epoch} of {progress.epochs}", each)
        if progress.judged is None:
            self._losses.append(progress.loss)
            self._job.step()
            return
        now = time.monotonic()
        self._lines.row(
            progress.epoch,
            float(np.mean(self._losses)),
            progress.judged.loss,
            progress.judged.accuracy,
            now - self._epoch_began,
        )
        self._losses.clear()
        self._epoch_began = now


def _losses_of_this_epoch(run: Run) -> list[float]:
    """What was lost in the epoch in which a run was stopped, before it was."""
    said, series = run.description.settings, run.series
    if "loss" not in series:
        return []
    each = math.ceil(int(said["examples"]) / int(said["batch"]))
    steps = series["loss"].steps
    begun = int(steps[-1]) // each * each
    found: list[float] = series["loss"].values[steps > begun].tolist()
    return found


def read_held_out(text: str | None) -> float | None:
    """The number or share in the text of ``--held-out``.

    >>> read_held_out("2000"), read_held_out("0.1"), read_held_out("10%")
    (2000, 0.1, 0.1)

    Raises
    ------
    LearnError
        It is neither.
    """
    if text is None:
        return None
    try:
        if text.endswith("%"):
            return float(text[:-1]) / 100
        return int(text) if text.isdecimal() else float(text)
    except ValueError:
        raise LearnError(
            f"{text!r} is neither a number nor a share", where="--held-out", mend="use 2000 or 0.2"
        ) from None


def _as_before(choice: LearnChoice, folder: Path) -> LearnChoice:
    """What a run to go on with was begun with."""
    given = [name for name in ("model", "data", "weights") if getattr(choice, name) is not None]
    if given or choice.numbers:
        names = ", ".join(f"--{name.replace('_', '-')}" for name in (*given, *choice.numbers))
        raise LearnError(
            "a run goes on as it was begun", where=str(folder), mend=f"leave out {names}"
        )
    description = open_run(folder).description
    settings = description.settings
    if "model" not in settings or "data source" not in settings:
        raise LearnError(
            "the run was not begun with layerwalk learn",
            where=str(folder),
            mend="go on with the loop that made it: lw.watch(..., go_on=True)",
        )
    if description.state == "finished":
        raise LearnError(
            f"it is finished, after {tell_count(int(settings['epochs']), 'epoch')}",
            where=str(folder),
            mend=f"layerwalk replay {folder} shows it; more epochs are another run",
        )
    return LearnChoice(
        settings["model"], settings["data source"], settings.get("weights"), choice.device, {}
    )


def _fresh(name: str) -> Path:
    from layerwalk.learn.watching import fresh_folder

    return fresh_folder(Path(name.partition(":")[0]).stem)


def _tell_stopped(terminal: Terminal, folder: Path) -> None:
    try:
        steps = open_run(folder).steps
    except LayerwalkError:
        return  # it had not begun
    kept = tell_count(steps[-1], "update")
    terminal.note(f"kept after {kept}; layerwalk learn --continue {folder} goes on.")


def _ended(run: Run, room: int | None, seconds: float) -> Iterator[Text]:
    last = run.evaluation(run.evaluated[-1])
    size = sum(path.stat().st_size for path in run.path.rglob("*") if path.is_file())
    pairs = [
        (
            "accuracy",
            f"{spell_chance(last.accuracy)} of {last.count:,} held out, after {seconds:.0f} s",
        )
    ]
    mistakes = list(_most_mistaken(run))
    if mistakes:
        pairs.append(("mistakes", ", ".join(mistakes)))
    pairs += [
        ("run", f"{run.path} ({tell_count(len(run.steps), 'stored step')}, {size / 1e6:.0f} MB)"),
        ("look", f"layerwalk replay {run.path}"),
    ]
    return paired(pairs, room)


def _most_mistaken(run: Run) -> Iterator[str]:
    """The most frequent mistakes: ``4 taken for 9 (12 times)``."""
    last = run.evaluation(run.evaluated[-1])
    wrong = last.confusion.copy()
    np.fill_diagonal(wrong, 0)
    classes = run.description.classes or tuple(map(str, range(len(wrong))))
    for place in np.argsort(-wrong, axis=None, kind="stable")[:_MISTAKES].tolist():
        truth, taken = divmod(place, len(wrong))
        if wrong[truth, taken]:
            count = tell_count(int(wrong[truth, taken]), "time")
            yield f"{classes[truth]} taken for {classes[taken]} ({count})"
