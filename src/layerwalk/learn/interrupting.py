"""Ctrl-C at a moment that suits."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["interruptible"]


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """A block in which the first Ctrl-C sets an event, and the second interrupts at once.

    Only the main thread hears of Ctrl-C; in another one the event is never set.

    >>> with interruptible() as interrupted:
    ...     signal.raise_signal(signal.SIGINT)
    ...     interrupted.is_set()
    True
    """
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return

    def once(*_: Any) -> None:
        interrupted.set()
        signal.signal(signal.SIGINT, before)

    before = signal.getsignal(signal.SIGINT)
    # None: a handler that is not Python's, which could not be put back.
    if before is not None:
        signal.signal(signal.SIGINT, once)
    try:
        yield interrupted
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)
