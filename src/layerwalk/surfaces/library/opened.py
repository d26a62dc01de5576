"""An open trace, with what was worked out about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from layerwalk.record import Trace

__all__ = ["Opened"]

_Thing = TypeVar("_Thing")


class Opened:
    """A trace that can be asked about, by many threads at once.

    Attributes
    ----------
    id
        What the page calls it.
    trace
        The trace itself.
    """

    def __init__(self, key: str, trace: Trace) -> None:
        self.id = key
        self.trace = trace
        self._made: dict[Hashable, Any] = {}
        # What one answer needs of another is made within it.
        self._lock = threading.RLock()

    def once(self, key: Hashable, make: Callable[[], _Thing]) -> _Thing:
        """What ``make`` gives, made when it is first asked for under this key.

        Examples
        --------
        >>> import layerwalk as lw
        >>> opened = Opened("cat-1", lw.trace(lw.load_model("edges"), "sample:cat"))
        >>> opened.once("ops", lambda: len(opened.trace)), opened.once("ops", lambda: 0)
        (3, 3)
        """
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            found: _Thing = self._made[key]
            return found
