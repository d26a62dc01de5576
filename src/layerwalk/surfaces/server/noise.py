"""What the server's parts say that is nobody's business."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["quiet"]

_TALKERS = ("uvicorn.error", "asyncio")


@contextmanager
def quiet() -> Iterator[None]:
    """A block in which this thread's server logs real faults alone.

    uvicorn warns of every stray byte that comes to the port, and tells of answers that were cut
    off when the server stopped, with tracebacks. Servers of other threads are left alone.
    """
    here = threading.get_ident()

    def matters(record: logging.LogRecord) -> bool:
        if record.thread != here:
            return True
        error = record.exc_info[1] if record.exc_info else None
        return isinstance(error, Exception)  # not one that ends a task: CancelledError

    talkers = [logging.getLogger(name) for name in _TALKERS]
    for talker in talkers:
        talker.addFilter(matters)
    try:
        yield
    finally:
        for talker in talkers:
            talker.removeFilter(matters)
