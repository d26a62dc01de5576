"""An open trace, with what was worked out about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from layerwalk.record import Trace

__all__ = ["Opened"]

_Thing = TypeVar("_Thing")

_MOST_RECENT: Final = 16


@dataclass(slots=True)
class _Made:
    """What was made under one key; its lock is held while that is being made."""

    lock: Any = field(default_factory=threading.RLock)
    ready: bool = False
    thing: Any = None


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
        self._made: dict[Hashable, _Made] = {}
        self._recent: dict[Hashable, None] = {}
        self._lock = threading.Lock()

    def once(self, key: Hashable, make: Callable[[], _Thing]) -> _Thing:
        """What ``make`` gives, made when it is first asked for under this key.

        Who asks under another key meanwhile does not wait: numbers are not to come late
        because a sheet takes long.

        Examples
        --------
        >>> import layerwalk as lw
        >>> opened = Opened("cat-1", lw.trace(lw.load_model("edges"), "sample:cat"))
        >>> opened.once("ops", lambda: len(opened.trace)), opened.once("ops", lambda: 0)
        (3, 3)
        """
        made = self._made.setdefault(key, _Made())
        with made.lock:
            if not made.ready:
                made.thing, made.ready = make(), True
            found: _Thing = made.thing
            return found

    def lately(self, key: Hashable, make: Callable[[], _Thing]) -> _Thing:
        """The same for what is large, and can be asked for in too many forms to keep them all.

        The sixteen that were asked for last are kept.

        Examples
        --------
        >>> import layerwalk as lw
        >>> opened = Opened("cat-1", lw.trace(lw.load_model("edges"), "sample:cat"))
        >>> opened.lately("ops", lambda: len(opened.trace)), opened.lately("ops", lambda: 0)
        (3, 3)
        """
        with self._lock:
            self._recent.pop(key, None)
            self._recent[key] = None
            for old in list(self._recent)[:-_MOST_RECENT]:
                del self._recent[old]
                self._made.pop(old, None)
        return self.once(key, make)
