"""The walks that were asked for, one after another."""

from __future__ import annotations

import atexit
import logging
import threading
import weakref
from collections.abc import Callable

from layerwalk.errors import LayerwalkError, ModelError, NotFoundError
from layerwalk.surfaces.library.job import CancelledWalk, Job, State, Tell
from layerwalk.surfaces.library.order import Order
from layerwalk.surfaces.library.problem import BusyError, problem_of
from layerwalk.surfaces.wire import JobSheet

__all__ = ["Walks"]

_LOG = logging.getLogger(__name__)
_MOST_WAITING = 16
_MOST_REMEMBERED = 64
_LAST_OPS = 30  # seconds that a network has to come to its next module when the program ends


class Walks:
    """A queue of walks, and the thread that does them.

    Parameters
    ----------
    walk
        Does a walk, tells how it gets on, and gives back the id of its trace.
    """

    def __init__(self, walk: Callable[[Order, Tell], str]) -> None:
        self._walk = walk
        self._jobs: dict[str, Job] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def submit(self, order: Order) -> JobSheet:
        """The sheet of a walk that now waits for its turn.

        Raises
        ------
        BusyError
            Sixteen are waiting already, or the explorer is ending.
        """
        with self._changed:
            if self._stopped:
                raise BusyError("the explorer is ending", mend="start it again")
            if len(self._waiting()) >= _MOST_WAITING:
                what = f"{_MOST_WAITING} walks are waiting already"
                raise BusyError(what, mend="try again when some of them are done")
            job = Job(order)
            self._jobs[job.id] = job
            for old in [one.id for one in self._jobs.values() if one.over][:-_MOST_REMEMBERED]:
                del self._jobs[old]
            if self._thread is None:
                name = "layerwalk-walks"
                self._thread = threading.Thread(target=self._work, name=name, daemon=True)
                self._thread.start()
                atexit.register(_end, weakref.ref(self))
            self._changed.notify_all()
            return job.sheet(self._before(job))

    def sheet(self, key: str, *, seen: int = -1, patience: float = 0.0) -> JobSheet:
        """How a walk gets on.

        Parameters
        ----------
        key
            The walk's id.
        seen
            The ``change`` that is known already.
        patience
            How many seconds to wait for another one, while the walk is not over.

        Raises
        ------
        NotFoundError
            There is no such walk.
        """
        with self._changed:
            job = self._found(key)
            self._changed.wait_for(
                lambda: job.change != seen or job.over or self._stopped, timeout=patience
            )
            return job.sheet(self._before(job))

    def cancel(self, key: str) -> JobSheet:
        """The sheet of a walk that is not wanted any more: a running one ends at its next module.

        Where its network is being loaded it ends at once; the loading itself goes on.

        Raises
        ------
        NotFoundError
            There is no such walk.
        """
        with self._changed:
            job = self._found(key)
            self._cancel(job)
            return job.sheet(self._before(job))

    def stop(self) -> None:
        """Take no more walks, end those that there are, and answer whoever waits for one."""
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

    def _found(self, key: str) -> Job:
        if key not in self._jobs:
            raise NotFoundError(f"there is no walk {key!r} under way", mend="start it again")
        return self._jobs[key]

    def _waiting(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.state == "queued"]

    def _before(self, job: Job) -> int:
        if job.state != "queued":
            return 0
        jobs = list(self._jobs.values())
        return sum(not one.over for one in jobs[: jobs.index(job)])

    def _change(self, job: Job, stage: str, done: int, of: int) -> None:
        with self._changed:
            # What is to end says so until it has.
            job.stage = "stopping" if job.unwanted and not job.over else stage
            job.done, job.of = done, of
            job.change += 1
            self._changed.notify_all()

    def _cancel(self, job: Job) -> None:
        if job.state == "queued":
            self._end(job, "cancelled")
        elif job.state == "running" and not job.unwanted:
            job.unwanted = True
            self._change(job, "stopping", job.done, job.of)

    def _end(self, job: Job, state: State) -> None:
        with self._changed:
            job.state = state
            job.order = None  # and with it the picture
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
                order, job.state = job.order, "running"
                self._change(job, "starting", 0, 0)
            if order is not None:
                self._do(job, order)

    def _do(self, job: Job, order: Order) -> None:
        tell = Tell(job, lambda *how: self._change(job, *how))
        try:
            trace = self._walk(order, tell)
        except CancelledWalk:
            self._end(job, "cancelled")
        except LayerwalkError as error:
            self._fail(job, error)
        except SystemExit as end:
            what = f"its code ended the program (exit status {end.code})"
            mend = "take sys.exit() out of it, or raise an error there"
            self._fail(job, ModelError(what, where=order.network.name, mend=mend))
        except BaseException as error:
            # Whatever it was (no interrupt comes to this thread), the next walk must have its turn.
            _LOG.exception("a walk failed")
            self._fail(job, error)
        else:
            job.trace = trace
            self._end(job, "done")

    def _fail(self, job: Job, error: BaseException) -> None:
        job.problem = problem_of(error)
        self._end(job, "failed")


def _end(walks: weakref.ref[Walks]) -> None:
    one = walks()
    if one is not None:
        one.end()
