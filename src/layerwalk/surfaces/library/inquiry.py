"""A question that takes its time: what mattered to a score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from layerwalk.surfaces.library.job import Tell

__all__ = ["Inquiry"]


@dataclass(frozen=True, eq=False, slots=True)
class Inquiry:
    """Something to be found out about an open trace.

    Attributes
    ----------
    trace
        The trace's id.
    name
        What its network is called.
    find
        Finds it out, and keeps it where it will be asked for.
    """

    trace: str
    name: str
    find: Callable[[Tell], object] = field(repr=False)

    def found(self, tell: Tell) -> str:
        """Find it out; the trace's id."""
        self.find(tell)
        return self.trace
