"""Files written behind the training's back, one after the other."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import TypeAlias

from layerwalk.errors import LayerwalkError

__all__ = ["Writer"]

Job: TypeAlias = Callable[[], None]
_WAITING = 4


class Writer:
    """A thread that does one job after the other, in their order.

    At most four wait; a fifth holds up whoever brings it, so that a slow disk does not fill the
    memory. The first job that fails is the last that is done: what it raised is kept for
    :attr:`problem`. :attr:`seconds` is the processor's time that the jobs took so far.

    Examples
    --------
    >>> done = []
    >>> writer = Writer()
    >>> writer.put(lambda: done.append(1))
    >>> writer.close()
    >>> done
    [1]
    """

    def __init__(self) -> None:
        self.problem: LayerwalkError | OSError | None = None
        self.seconds = 0.0
        self._jobs: queue.Queue[Job | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._work, name="layerwalk-run", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Have a job done soon."""
        self._jobs.put(job)

    def wait(self) -> None:
        """Wait until all that was brought is done."""
        self._jobs.join()

    def close(self) -> None:
        """Wait until all is done, and end the thread. Closing twice does nothing."""
        if self._thread.is_alive():
            self._jobs.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                if self.problem is None:
                    job()
            except (LayerwalkError, OSError) as problem:
                self.problem = problem
            except Exception as problem:
                self.problem = LayerwalkError(f"the run cannot be written ({problem!r})")
                self.problem.__cause__ = problem
            finally:
                self.seconds = time.thread_time()
                self._jobs.task_done()
        self._jobs.task_done()
