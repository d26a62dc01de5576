"""A recorded training, opened."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from layerwalk.errors import NotFoundError, missing
from layerwalk.record import Trace
from layerwalk.runs.description import Description
from layerwalk.runs.evaluation import Evaluation
from layerwalk.runs.folder import RunFolder
from layerwalk.runs.series import Series, read_series
from layerwalk.runs.update_record import UpdateRecord
from layerwalk.runs.weight_update import WeightUpdate, explain_update
from layerwalk.store import load

__all__ = ["Run", "open_run"]


class Run:
    """A training as it was recorded: a trace a stored step, and what was measured.

    Nothing is read before it is asked for, and each question looks at the folder anew: a run
    that is still being written shows what has come since.

    Examples
    --------
    >>> run = lw.open_run("runs/first")                             # doctest: +SKIP
    >>> run.trace(100)["c1"].array().shape                          # doctest: +SKIP
    (10, 6, 28, 28)
    """

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.description  # noqa: B018 - says at once that there is none

    def __repr__(self) -> str:
        known = self.steps
        last = f", the last after {known[-1]} updates" if known else ""
        return f"<Run of {self.description.model}: {len(known)} stored steps{last}>"

    @property
    def path(self) -> Path:
        """The folder."""
        return self.folder.path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.path.resolve().name

    @property
    def description(self) -> Description:
        """What was trained, on what and how."""
        return Description.read(self.folder.description)

    @property
    def steps(self) -> tuple[int, ...]:
        """After how many updates a trace was stored, in order."""
        return self.folder.steps()

    @property
    def evaluated(self) -> tuple[int, ...]:
        """After how many updates the network was evaluated, in order."""
        return self.folder.evaluated()

    @property
    def series(self) -> Mapping[str, Series]:
        """Everything that was measured, by name: ``loss``, ``validation/accuracy`` and so on."""
        return read_series(self.folder.metrics)

    def nearest(self, step: int) -> int:
        """The stored step at or before ``step``; the first where there is none before it.

        Raises
        ------
        NotFoundError
            Nothing is stored.
        """
        known = self.steps
        if not known:
            raise NotFoundError("no step is stored yet", where=str(self.path))
        return max((one for one in known if one <= step), default=known[0])

    def trace(self, step: int) -> Trace:
        """The probes' walk through the network as it was after ``step`` updates.

        Raises
        ------
        NotFoundError
            This step was not stored.
        FileError
            Its file is damaged.
        """
        self._has(step, self.steps, "stored")
        return load(self.folder.trace(step))

    def evaluation(self, step: int) -> Evaluation:
        """What the network got right and wrong after ``step`` updates.

        Raises
        ------
        NotFoundError
            It was not evaluated then.
        """
        self._has(step, self.evaluated, "evaluated")
        return Evaluation.read(self.folder.evaluation(step))

    def update(self, step: int) -> UpdateRecord:
        """The update that followed ``step`` updates.

        Raises
        ------
        NotFoundError
            It was not recorded.
        """
        self._has(step, self.folder.updated(), "recorded with its update")
        return UpdateRecord.read(self.folder.update(step))

    def why(self, parameter: str, index: Sequence[int], step: int) -> WeightUpdate:
        """How the optimiser changed one weight after ``step`` updates, as arithmetic.

        Parameters
        ----------
        parameter
            Its name: ``"c1.weight"``.
        index
            Which number of it.
        step
            A stored step; the update told is the one that followed.

        Raises
        ------
        NotFoundError
            The update was not recorded, or there is no such number in it.
        """
        return explain_update(self.update(step), parameter, tuple(index))

    def network_name(self, step: int) -> str:
        """What the network after ``step`` updates is called.

        >>> run.network_name(1200)                                  # doctest: +SKIP
        'lenet5 at step 1,200 of first'
        """
        return f"{self.description.model} at step {step:,} of {self.name}"

    def load_model(self, step: int | None = None, *, model: Any = None) -> Any:
        """The network as it was after ``step`` updates, ready to walk other pictures.

        It is built anew from what the run says of it, and given the parameters and buffers of
        the stored step; pictures are prepared as they were for the training. The probes then have
        to give what they gave. Needs torch. ``lw.load_model("runs/first@1200")`` is the same.

        Parameters
        ----------
        step
            A stored step; the last where not given.
        model
            The network that was trained, where the run does not say how it is built: as a loop
            of your own leaves it. A ``torch.nn.Module``, a :class:`layerwalk.Model`, or what
            :func:`layerwalk.load_model` takes. Its weights do not matter, and it is not changed.

        Returns
        -------
        :
            A :class:`layerwalk.Model` on the CPU, in evaluation mode; its name tells the step.

        Raises
        ------
        NotFoundError
            This step was not stored.
        ModelError
            The run does not say how its network is built, it is another one than was trained, or
            the step does not hold all of it: of a layer that the probes did not reach, a trace
            holds nothing.

        Notes
        -----
        A network of a file, ``"net.py:Net"``, is built by running the file, as
        :func:`layerwalk.load_model` does.

        Examples
        --------
        >>> model = run.load_model(100)                             # doctest: +SKIP
        >>> lw.trace(model, "sample:digits/7").top(1)               # doctest: +SKIP
        [('7', 0.43...)]
        """
        known = self.nearest(sys.maxsize) if step is None else step
        return _late("layerwalk.learn.run_network", "network_at")(self, known, model)

    def show(self, *, beside: Run | None = None, model: Any = None, browser: bool = True) -> Any:
        """Open the explorer with a slider over the stored steps.

        See :func:`layerwalk.surfaces.show.show_run`.
        """
        shown = _late("layerwalk.surfaces.show", "show_run")
        return shown(self, beside=beside, model=model, browser=browser)

    def report(self, path: str | os.PathLike[str], **options: Any) -> Any:
        """Write the explorer of this run as one HTML file that needs no server.

        Options as :func:`layerwalk.surfaces.report.make_run_report` has them: ``detail``,
        ``weights`` and ``steps``.
        """
        return _late("layerwalk.surfaces.report", "make_run_report")(self, **options).write(path)

    def film(
        self,
        path: str | os.PathLike[str],
        *,
        sample: int = 0,
        op: str | None = None,
        seconds: float | None = None,
    ) -> Path:
        """Write the run as a ``.gif`` or ``.mp4``: kernels, maps, scores and losses, step by step.

        See :func:`layerwalk.runs.film.learning_film` for ``sample`` and ``op``, and
        :func:`layerwalk.render.animation.save_animation` for the rest.
        """
        from layerwalk.runs.film import write_film

        return write_film(self, path, sample=sample, op=op, seconds=seconds)

    def _has(self, step: int, known: Sequence[int], what: str) -> None:
        if step in known:
            return
        if not known:
            raise NotFoundError(f"no step was {what}", where=str(self.path))
        near = min(known, key=lambda one: abs(one - step))
        raise NotFoundError(
            f"step {step} was not {what}",
            where=str(self.path),
            mend=f"the nearest is {near}, the last {known[-1]}",
        )


def open_run(path: str | os.PathLike[str]) -> Run:
    """The run in a folder that :func:`layerwalk.watch` or ``layerwalk learn`` made.

    Raises
    ------
    FileError
        There is no run in it, it is damaged, or of a newer format.

    Examples
    --------
    >>> lw.open_run("runs/first").steps                             # doctest: +SKIP
    (0, 1, 2, 3, 4, 6, 8, 10, …)
    """
    return Run(RunFolder(Path(path)))


def _late(module: str, name: str) -> Any:
    """A verb of another room, bound by name when it is called (docs/decisions/0002)."""
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise missing(error) from error
