"""A recorded training that can be asked about; each of its steps is a trace."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from layerwalk.errors import NotFoundError
from layerwalk.runs import Run, Series
from layerwalk.surfaces.library.network import Build, Network
from layerwalk.surfaces.wire import RunSheet, RunStep, TraceCard

__all__ = ["AT", "OpenRun"]

AT = "@"
"""Stands between a run's id and the step, in what the step's trace is called."""

_PARTS = ("steps", "updates", "metrics", "evaluations")


class OpenRun:
    """A run, and what its steps are called.

    Attributes
    ----------
    id
        What the page calls it.
    run
        The run itself, which may still be written.
    build
        Gives its network after so many updates, where that is not left to what the run says.
    """

    def __init__(self, key: str, run: Run, build: Build | None = None) -> None:
        self.id = key
        self.run = run
        self.build = build
        self._files: dict[int, tuple[tuple[int, int], int]] = {}
        self._steps: dict[str, int] = {}
        self._series: tuple[str, Mapping[str, Series]] = ("", {})
        self._lock = threading.Lock()

    def steps(self) -> dict[int, str]:
        """The stored steps, and what the trace of each is called.

        A step that was stored anew, by a training that went on from before it, has other numbers
        and is called otherwise.
        """
        found = {}
        with self._lock:
            for step in self.run.steps:
                try:
                    facts = self.run.folder.trace(step).stat()
                except FileNotFoundError:
                    continue  # the training went on from before it, just now
                own = (facts.st_mtime_ns, facts.st_size)
                known, times = self._files.get(step, (own, 1))
                times += known != own
                self._files[step] = (own, times)
                name = f"{self.id}{AT}{step}" + (f".{times}" if times > 1 else "")
                self._steps[name] = step
                found[step] = name
        return found

    def step_of(self, trace: str) -> int:
        """The step whose trace is called so; a run's own id is that of its last step.

        Raises
        ------
        NotFoundError
            There is no such step, or it was stored anew.
        """
        steps = self.steps()
        if trace == self.id and steps:
            return max(steps)
        step = self._steps.get(trace)
        if step is None or steps.get(step) != trace:
            _, _, said = trace.partition(AT)
            what = f"step {said} is not stored" if said else "no step is stored yet"
            raise NotFoundError(what, where=str(self.run.path), mend="choose another step")
        return step

    def network(self, trace: str) -> Network:
        """The network of the step whose trace is called so, for other pictures.

        Raises
        ------
        NotFoundError
            There is no such step, or it was stored anew.
        """
        step = self.step_of(trace)
        return Network.of_step(self.run, step, self.steps()[step], lambda: self.build)

    def series(self) -> Mapping[str, Series]:
        """What was measured by now; read again only when there is more."""
        names = ",".join(path.name for path in sorted(self.run.folder.metrics.glob("*.parquet")))
        with self._lock:
            if self._series[0] != names:
                self._series = names, self.run.series
            return self._series[1]

    def card(self) -> TraceCard:
        """The run in a list of walks."""
        files = [self.run.folder.trace(step) for step in self.run.steps]
        size = sum(path.stat().st_size for path in files if path.exists())
        model = self.run.description.model
        return TraceCard(self.id, model, self.run.name, 0, size, open=True, steps=len(files))

    def sheet(self) -> RunSheet:
        """What there is of it by now."""
        said, steps = self.run.description, self.steps()
        updated, evaluated = set(self.run.folder.updated()), self.run.evaluated
        last = self._last_written()
        return RunSheet(
            id=self.id,
            name=self.run.name,
            model=said.model,
            change=f"{last:x}.{len(steps)}.{len(updated)}.{len(evaluated)}.{said.state}",
            state=said.state,
            ending=said.ending,
            quiet=max(0.0, time.time() - last / 1e9),
            steps=tuple(RunStep(step, name, step in updated) for step, name in steps.items()),
            evaluated=evaluated,
            classes=said.classes,
            probe_labels=said.probe_labels,
            optimizer=said.optimizer,
            parameters=dict(said.parameters),
            settings=dict(said.settings),
        )

    def _last_written(self) -> int:
        """When something of it was last written, in nanoseconds."""
        times = [0]
        root: Path = self.run.path
        for path in (self.run.folder.description, *(root / part for part in _PARTS)):
            with suppress(FileNotFoundError):
                times.append(path.stat().st_mtime_ns)
        return max(times)
