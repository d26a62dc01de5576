"""What a check over a whole trace found."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Mismatch", "Report", "Skipped"]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An op whose numbers did not come out as recorded."""

    op: str
    message: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """An op that could not be checked, and why."""

    op: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check: how much was compared, what differed, what was left out.

    Attributes
    ----------
    checked
        How many ops (or values) were compared.
    worst
        The largest absolute difference among them; 0.0 where all bits were equal.
    failures
        Every op that differed.
    skipped
        Every op that could not be checked; never left out silently.
    """

    checked: int
    worst: float
    failures: tuple[Mismatch, ...]
    skipped: tuple[Skipped, ...] = ()

    def __bool__(self) -> bool:
        return not self.failures

    def __str__(self) -> str:
        state = "all equal" if not self.failures else f"{len(self.failures)} differ"
        left = f", {len(self.skipped)} not checked" if self.skipped else ""
        return f"{self.checked} checked: {state}{left}"
