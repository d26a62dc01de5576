"""A walk, or another task, in its queue, and how it tells how it gets on."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar

from layerwalk.surfaces.wire import JobSheet, Problem

__all__ = ["CancelledWalk", "Job", "State", "Task", "Tell"]

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]

_OFTEN = 0.05  # seconds: a page draws no more often, and a network may have 1,000 modules


class Task(Protocol):
    """What a job does."""

    @property
    def name(self) -> str:
        """Whose fault it is if it goes wrong: that of a network."""


_Task = TypeVar("_Task", bound=Task)


class CancelledWalk(BaseException):
    """The user stopped the job. No ``Exception``: a network may catch those of its own."""


@dataclass(eq=False, slots=True)
class Job(Generic[_Task]):
    """A task and how far it is; read and written under the lock of its queue.

    Attributes
    ----------
    task
        What to do; ``None`` once that is over.
    unwanted
        Whether it is to end as soon as it can.

    The others are those of :class:`~layerwalk.surfaces.wire.JobSheet`.
    """

    task: _Task | None
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    state: State = "queued"
    stage: str = "waiting"
    done: int = 0
    of: int = 0
    change: int = 0
    trace: str | None = None
    notes: list[str] = field(default_factory=list)
    problem: Problem | None = None
    unwanted: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ("done", "failed", "cancelled")

    def sheet(self, before: int) -> JobSheet:
        """How it gets on, with so many others before it."""
        return JobSheet(
            id=self.id,
            change=self.change,
            state=self.state,
            before=before,
            stage=self.stage,
            done=self.done,
            of=self.of,
            trace=self.trace,
            notes=tuple(self.notes),
            problem=self.problem,
        )


class Tell:
    """How a running job tells how it gets on; it ends the job when that is not wanted.

    Parameters
    ----------
    job
        The job.
    change
        Writes down its stage, and how many of how many steps are done.
    """

    def __init__(self, job: Job[_Task], change: Callable[[str, int, int], None]) -> None:
        self._job = job
        self._change = change
        self._told = 0.0

    def __call__(self, done: int, of: int) -> None:
        """So many modules of so many have been entered, or pictures passed."""
        self.check()
        now = time.monotonic()
        if now - self._told >= _OFTEN:
            self._told = now
            self._change(self._job.stage, done, of)

    def stage(self, what: str) -> None:
        """The job is at something else now, or still at the same."""
        self.check()
        if what != self._job.stage:
            self._change(what, 0, 0)

    def note(self, sentence: str) -> None:
        """Something that the user should know of it."""
        self._job.notes.append(sentence)

    def check(self) -> None:
        """Go on, if the job is still wanted.

        Raises
        ------
        CancelledWalk
            It is not.
        """
        if self._job.unwanted:
            raise CancelledWalk
