"""What was asked for and takes its time, one thing after another: walks, and what mattered."""

from __future__ import annotations

import atexit
import logging
import threading
import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

from layerwalk.errors import LayerwalkError, ModelError, NotFoundError
from layerwalk.surfaces.library.job import CancelledWalk, Job, State, Task, Tell
from layerwalk.surfaces.library.problem import BusyError, problem_of
from layerwalk.surfaces.wire import JobSheet

__all__ = ["Jobs"]

_LOG = logging.getLogger(__name__)
_MOST_WAITING = 16
_MOST_REMEMBERED = 64
_LAST_OPS = 30  # seconds that a network has to come to its next module when the program ends


_Task = TypeVar("_Task", bound=Task)


class Jobs(Generic[_Task]):
    """A queue of walks, or of other tasks, and the thread that does them.

    Parameters
    ----------
    do
        Does a task, tells how it gets on, and gives back the id of the trace that it is about.
    noun
        What one is called.
    """

    def __init__(self, do: Callable[[_Task, Tell], str], noun: str = "walk") -> None:
        self._does = do
        self._noun = noun
        self._jobs: dict[str, Job[_Task]] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def submit(self, task: _Task) -> JobSheet:
        """The sheet of a task that now waits for its turn.

        Raises
        ------
        BusyError
            Sixteen are waiting already, or the explorer is ending.
        """
        with self._changed:
            if self._stopped:
                raise BusyError("the explorer is ending", mend="start it again")
            if len(self._waiting()) >= _MOST_WAITING:
                what = f"{_MOST_WAITING} {self._noun}s are waiting already"
                raise BusyError(what, mend="try again when some of them are done")
            job = Job(task)
            self._jobs[job.id] = job
            for old in [one.id for one in self._jobs.values() if one.over][:-_MOST_REMEMBERED]:
                del self._jobs[old]
            if self._thread is None:
                name = f"layerwalk-{self._noun}s"
                self._thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._thread.start()
                atexit.register(_end, weakref.ref(self))
            self._changed.notify_all()
            return job.sheet(self._before(job))

    def sheet(self, key: str, *, seen: int = -1, patience: float = 0.0) -> JobSheet:
        """How a task gets on.

        Parameters
        ----------
        key
            The job's id.
        seen
            The ``change`` that is known already.
        patience
            How many seconds to wait for another one, while the job is not over.

        Raises
        ------
        NotFoundError
            There is no such job.
        """
        with self._changed:
            job = self._found(key)
            self._changed.wait_for(
                lambda: job.change != seen or job.over or self._stopped, timeout=patience
            )
            return job.sheet(self._before(job))

    def cancel(self, key: str) -> JobSheet:
        """The sheet of a task that is not wanted any more.

        A walk ends at its next module, an inquiry after the pictures that are running. Where a
        network is being loaded it ends at once; the loading itself goes on.

        Raises
        ------
        NotFoundError
            There is no such job.
        """
        with self._changed:
            job = self._found(key)
            self._cancel(job)
            return job.sheet(self._before(job))

    def stop(self) -> None:
        """Take no more tasks, end those that there are, and answer whoever waits for one."""
        with self._changed:
            self._stopped = True
            for job in self._jobs.values():
                self._cancel(job)
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout=1)

    def end(self) -> None:
        """Stop, and wait until torch is at rest: the end of the program would abort within it."""
        self.stop()
        with self._changed:
            thread = self._thread
        if thread is not None:
            thread.join(timeout=_LAST_OPS)

    def _found(self, key: str) -> Job[_Task]:
        if key not in self._jobs:
            raise NotFoundError(
                f"there is no {self._noun} {key!r} under way", mend="start it again"
            )
        return self._jobs[key]

    def __contains__(self, key: object) -> bool:
        with self._changed:
            return key in self._jobs

    def _waiting(self) -> list[Job[_Task]]:
        return [job for job in self._jobs.values() if job.state == "queued"]

    def _before(self, job: Job[_Task]) -> int:
        if job.state != "queued":
            return 0
        jobs = list(self._jobs.values())
        return sum(not one.over for one in jobs[: jobs.index(job)])

    def _change(self, job: Job[_Task], stage: str, done: int, of: int) -> None:
        with self._changed:
            # What is to end says so until it has.
            job.stage = "stopping" if job.unwanted and not job.over else stage
            job.done, job.of = done, of
            job.change += 1
            self._changed.notify_all()

    def _cancel(self, job: Job[_Task]) -> None:
        if job.state == "queued":
            self._end(job, "cancelled")
        elif job.state == "running" and not job.unwanted:
            job.unwanted = True
            self._change(job, "stopping", job.done, job.of)

    def _end(self, job: Job[_Task], state: State) -> None:
        with self._changed:
            job.state = state
            job.task = None  # and with it the picture
            self._change(job, state, job.done, job.of)
            for other in self._waiting():
                other.change += 1  # fewer are before it

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopped or self._waiting())
                if self._stopped:
                    return
                job = self._waiting()[0]
                task, job.state = job.task, "running"
                self._change(job, "starting", 0, 0)
            if task is not None:
                self._do(job, task)

    def _do(self, job: Job[_Task], task: _Task) -> None:
        tell = Tell(job, lambda *how: self._change(job, *how))
        try:
            trace = self._does(task, tell)
        except CancelledWalk:
            self._end(job, "cancelled")
        except LayerwalkError as error:
            self._fail(job, error)
        except SystemExit as end:
            what = f"its code ended the program (exit status {end.code})"
            mend = "take sys.exit() out of it, or raise an error there"
            self._fail(job, ModelError(what, where=task.name, mend=mend))
        except BaseException as error:
            # Whatever it was (no interrupt comes to this thread), the next one must have its turn.
            _LOG.exception("a %s failed", self._noun)
            self._fail(job, error)
        else:
            job.trace = trace
            self._end(job, "done")

    def _fail(self, job: Job[_Task], error: BaseException) -> None:
        job.problem = problem_of(error)
        self._end(job, "failed")


def _end(jobs: weakref.ref[Jobs[_Task]]) -> None:
    one = jobs()
    if one is not None:
        one.end()
