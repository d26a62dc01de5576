"""A training that is being recorded."""

from __future__ import annotations

import atexit
import math
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor, nn

from layerwalk.errors import FileError, LayerwalkError, LearnError
from layerwalk.learn.budget import Budget
from layerwalk.learn.checkpoint import Checkpoint
from layerwalk.learn.evaluating import Pictures, evaluation
from layerwalk.learn.metric import Metric, one_number
from layerwalk.learn.moments import Moments
from layerwalk.learn.optimizer_watch import OptimizerWatch
from layerwalk.learn.probing import dead_shares, look
from layerwalk.learn.writer import Writer
from layerwalk.record import Trace
from layerwalk.runs import Evaluation, Run
from layerwalk.runs.description import Description, State
from layerwalk.runs.folder import RunFolder
from layerwalk.runs.series import Measured, forget_measured_after, write_measured
from layerwalk.runs.update_record import UpdateRecord
from layerwalk.store import Detail
from layerwalk.store.replacing import replacing
from layerwalk.store.save import contents

__all__ = ["Watch"]

_FLUSHED_AFTER = 5.0
_CHECKPOINT_AFTER = 2.0


class Watch:
    """A training that is being recorded. Made by :func:`layerwalk.watch`.

    Attributes
    ----------
    step_count
        How many updates there were.
    folder
        Where the run lies.
    """

    def __init__(
        self,
        module: nn.Module,
        probes: tuple[Any, ...],
        folder: RunFolder,
        description: Description,
        *,
        optimizer: torch.optim.Optimizer | None,
        moments: Moments,
        detail: Detail,
        updates: bool,
        most: int | None,
        overhead: float | None,
        strict: bool,
    ) -> None:
        self.folder = folder
        self.step_count = 0
        self._module = module
        self._probes = probes
        self._description = description
        self._optimizer = optimizer
        self._moments = moments
        self._detail = detail
        self._budget = Budget(overhead)
        self._strict = strict
        self._facts = {
            "name": description.model,
            "labels": description.classes,
            "rewind": True,
            "provenance": {**description.provenance},
        }
        self._pending: list[tuple[int, str, float | Tensor, float]] = []
        self._stored: int | None = None
        self._owed = False
        self._looking = 0.0
        self._checkpoint: Checkpoint | None = None
        self._checked = -math.inf
        self._parts = _next_part(folder)
        self._closed = False
        self._told = False
        self._before = 0.0
        self._begun = self._flushed = time.perf_counter()
        self._writer = Writer()
        self._hooks: OptimizerWatch | None = None
        if optimizer is not None and updates:
            named = dict(module.named_parameters())
            self._hooks = OptimizerWatch(optimizer, named, most, self._wanted, self._updated)
        atexit.register(self._at_exit)

    def __repr__(self) -> str:
        return (
            f"<Watch of {self._description.model}, {self.step_count} updates, {self.folder.path}>"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self.close_for(error)

    @property
    def seconds(self) -> float:
        """How long the recording itself took: in the training's thread, and the writer's."""
        of_updates = 0.0 if self._hooks is None else self._hooks.seconds
        return self._looking + of_updates + self._writer.seconds

    @property
    def run(self) -> Run:
        """The run as far as it is written."""
        self._writer.wait()
        return Run(self.folder)

    def step(self, **metrics: Metric) -> None:
        """Say that the optimiser has made an update, and what was measured.

        Call it once after each ``optimizer.step()``. After :meth:`close` it only counts.

        Parameters
        ----------
        metrics
            Numbers by name, or tensors of one number: ``loss=loss``.

        Raises
        ------
        LayerwalkError
            A metric is not one number, or, where the watch is ``strict``, the run cannot be
            written.
        """
        self.step_count += 1
        if self._closed:
            return
        self.log(**metrics)
        self._owed |= self._moments(self.step_count)
        if self._owed and self._in_budget():
            self._store()
        elif time.perf_counter() - self._flushed > _FLUSHED_AFTER:
            self._flush()

    def log(self, **metrics: Metric) -> None:
        """Keep numbers of the step that was last made, without counting a new one."""
        self._check_open()
        now = self._before + time.perf_counter() - self._begun
        for name, value in metrics.items():
            kept = one_number(name, value)
            self._pending.append((self.step_count, name, kept, now))

    def store(self) -> Trace:
        """Store the network as it is now, whether its step is due or not."""
        self._check_open()
        trace = self._store()
        self._write_checkpoint()
        return trace

    def evaluate(
        self,
        scores: Tensor | np.ndarray[Any, Any],
        labels: Tensor | np.ndarray[Any, Any],
        pictures: Pictures | None = None,
        *,
        index: Sequence[int] | None = None,
    ) -> Evaluation:
        """Keep how well the network does on examples that it was not trained on.

        Adds ``validation/loss`` and ``validation/accuracy`` to the metrics.

        Parameters
        ----------
        scores
            The network's logits, (N, classes).
        labels
            The true classes, (N,).
        pictures
            uint8 of shape (N, H, W, C): the worst mistakes are kept with theirs.
        index
            Which examples of the data set they are; 0, 1, 2, … where not given.

        Raises
        ------
        ModelError
            The scores do not fit the labels.
        """
        self._check_open()
        found = evaluation(self.step_count, scores, labels, pictures, index)
        self.log(**{"validation/loss": found.loss, "validation/accuracy": found.accuracy})
        folder = self.folder
        self._put(lambda: found.write(folder.evaluation(found.step)))
        self._flush()
        return found

    def close(self, state: State = "finished", ending: str = "") -> Run:
        """Store the last step and write the run's end. Closing twice does nothing."""
        if not self._closed:
            try:
                if self._stored != self.step_count and state == "finished":
                    self.store()
                self._flush()
                self._write_checkpoint()
                if self._writer.problem is None:
                    description = self._description.ended(state, ending)
                    self._writer.put(lambda: description.write(self.folder.description))
            finally:
                self._end()
            self._tell()
        return Run(self.folder)

    def close_for(self, error: BaseException) -> Run:
        """Write the run's end with the reason, and store nothing more."""
        return self.close("stopped", _ending(error))

    def abandon(self) -> None:
        """Leave nothing behind of a recording that could not begin."""
        self._end()
        self.folder.remove()

    def leave(self) -> None:
        """End without a word in the folder: a run that could not be taken up stays as it was."""
        self._end()

    def _end(self) -> None:
        self._closed = True
        atexit.unregister(self._at_exit)
        if self._hooks is not None:
            self._hooks.close()
        self._writer.close()

    def _check_open(self) -> None:
        if self._closed:
            raise LearnError(
                "the recording is closed",
                where=str(self.folder.path),
                mend="keep what is to be kept before watch.close()",
            )

    def go_on(self, checkpoint: Checkpoint) -> None:
        """Take the training up where a checkpoint left it, and forget what came after."""
        folder = self.folder
        checkpoint.put_back(self._module, self._optimizer)
        folder.forget_after(checkpoint.step)
        forget_measured_after(folder.metrics, checkpoint.step)
        Description.read(folder.description).ended("running").write(folder.description)
        self._parts = _next_part(folder)
        self.step_count = self._stored = checkpoint.step
        self._before = float(checkpoint.facts.get("seconds", 0.0))
        self._begun = time.perf_counter()

    def _now(self) -> float:
        return self._before + time.perf_counter() - self._begun

    def _in_budget(self) -> bool:
        elapsed = time.perf_counter() - self._begun
        return self._budget.allows(self.step_count, elapsed=elapsed, spent=self.seconds)

    def _store(self) -> Trace:
        begun = time.perf_counter()
        self._budget.begins(self.seconds)
        step = self.step_count
        trace = look(self._module, self._probes, self._facts)
        self.log(**{f"dead/{name}": share for name, share in dead_shares(trace).items()})
        content = bytearray()
        for part in contents(trace, self._detail, weights=True)[1]:
            content += part  # at once: a part is good until the next
        self._checkpoint = Checkpoint.of(step, self._module, self._optimizer, self._now())
        self._flush()
        path = self.folder.trace(step)

        def write() -> None:
            with replacing(path) as stream:
                stream.write(content)

        self._put(write)
        self._stored, self._owed = step, False
        if time.perf_counter() - self._checked > _CHECKPOINT_AFTER:
            self._write_checkpoint()
        self._looking += time.perf_counter() - begun
        self._budget.ends(self.seconds)
        return trace

    def _write_checkpoint(self) -> None:
        """Write the newest, if it is not: often it is dearer than the trace."""
        kept, path = self._checkpoint, self.folder.checkpoint
        if kept is not None:
            self._checkpoint, self._checked = None, time.perf_counter()
            self._put(lambda: kept.write(path))

    def _wanted(self) -> int | None:
        return self.step_count if self._stored == self.step_count and not self._closed else None

    def _updated(self, record: UpdateRecord, norms: Mapping[str, float]) -> None:
        self.log(**norms)
        self._put(lambda: record.write(self.folder.update(record.step)))

    def _flush(self) -> None:
        self._flushed = time.perf_counter()
        if not self._pending:
            return
        rows, self._pending = self._pending, []
        path = self.folder.metrics / f"{self._parts:06d}.parquet"
        self._parts += 1
        self._put(
            lambda: write_measured(
                path, (Measured(step, name, float(value), at) for step, name, value, at in rows)
            )
        )

    def _put(self, job: Callable[[], None]) -> None:
        if self._writer.problem is None:
            self._writer.put(job)
        else:
            self._tell()

    def _tell(self) -> None:
        """Say once that the run cannot be written; the training goes on unless it is strict."""
        problem = self._writer.problem
        if problem is None or self._told:
            return
        self._told = True
        if isinstance(problem, FileError) and problem.what == "the disk is full":
            mend = "free some space; the run can go on from its last checkpoint"
            problem = FileError(problem.what, where=problem.where, mend=mend)
        if isinstance(problem, OSError):
            problem = FileError(
                f"the run cannot be written ({problem.strerror})", where=str(self.folder.path)
            )
        if self._strict:
            raise problem
        warnings.warn(f"{problem} The training goes on unrecorded.", RuntimeWarning, stacklevel=4)

    def _at_exit(self) -> None:
        error = getattr(sys, "last_value", None)
        if error is None:
            self.close()
        else:
            self.close("stopped", _ending(error))


def _next_part(folder: RunFolder) -> int:
    """The number of the next file of metrics: after the last, for the first may be gone."""
    return max((int(path.stem) + 1 for path in folder.metrics.glob("*.parquet")), default=0)


def _ending(error: BaseException) -> str:
    """Why a training ended, in a sentence."""
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    said = " ".join(str(error).split())
    return said if isinstance(error, LayerwalkError) else f"{type(error).__name__}: {said}"
