"""Where the parts of a run lie, and how each is named."""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["RunFolder"]

_FOLDERS = ("steps", "updates", "metrics", "evaluations")
_STEP = re.compile(r"(\d{10})\.safetensors")


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The layout of a run on disk.

    ::

        run.json                       what was trained, on what and how
        steps/0000000100.safetensors   the trace of the probes after 100 updates
        updates/0000000100.safetensors how the update after that one was made
        metrics/….parquet              step, name, value, seconds: what was measured since the last
        evaluations/0000000100.safetensors   the confusion matrix and the worst mistakes
        checkpoint.safetensors         weights and the optimiser's state, to go on from

    Each file is written beside and renamed, so at any moment each that is there is whole.

    >>> RunFolder(Path("runs/a")).trace(100).as_posix()
    'runs/a/steps/0000000100.safetensors'
    """

    path: Path

    @property
    def description(self) -> Path:
        """What was trained, as JSON."""
        return self.path / "run.json"

    @property
    def checkpoint(self) -> Path:
        """Weights and the optimiser's state after the last stored step."""
        return self.path / "checkpoint.safetensors"

    @property
    def metrics(self) -> Path:
        """The folder of Parquet files, in the order of their names."""
        return self.path / "metrics"

    def trace(self, step: int) -> Path:
        """The trace of the probes after ``step`` updates."""
        return self.path / "steps" / _named(step)

    def update(self, step: int) -> Path:
        """How the update that followed ``step`` updates was made."""
        return self.path / "updates" / _named(step)

    def evaluation(self, step: int) -> Path:
        """What the network got right and wrong after ``step`` updates."""
        return self.path / "evaluations" / _named(step)

    def make(self) -> None:
        """Make the folders that are not there."""
        for name in _FOLDERS:
            (self.path / name).mkdir(parents=True, exist_ok=True)

    def remove(self) -> None:
        """Take away all of the run, and its folder where nothing else lies in it."""
        for name in _FOLDERS:
            shutil.rmtree(self.path / name, ignore_errors=True)
        self.checkpoint.unlink(missing_ok=True)
        self.description.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something else lies in it
            self.path.rmdir()

    def forget_after(self, step: int) -> None:
        """Take away what was stored after ``step`` updates."""
        for later in (one for one in self.steps() if one > step):
            self.trace(later).unlink()
        for later in (one for one in self.evaluated() if one > step):
            self.evaluation(later).unlink()
        # The update that follows the step itself is made anew, too.
        for later in (one for one in self.updated() if one >= step):
            self.update(later).unlink()

    def steps(self) -> tuple[int, ...]:
        """The steps whose traces are there, in order."""
        return _steps(self.path / "steps")

    def evaluated(self) -> tuple[int, ...]:
        """The steps after which the network was evaluated, in order."""
        return _steps(self.path / "evaluations")

    def updated(self) -> tuple[int, ...]:
        """The steps whose following update is there, in order."""
        return _steps(self.path / "updates")


def _named(step: int) -> str:
    return f"{step:010d}.safetensors"


def _steps(folder: Path) -> tuple[int, ...]:
    if not folder.is_dir():
        return ()
    found = (_STEP.fullmatch(entry.name) for entry in folder.iterdir())
    return tuple(sorted(int(match[1]) for match in found if match))
