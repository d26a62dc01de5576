"""The threads that answer, so that the server itself is never held up."""

from __future__ import annotations

from anyio import CapacityLimiter

from layerwalk.surfaces import wire

__all__ = ["Threads"]


class Threads:
    """How many threads answer at once, for one server.

    Questions that work are few at a time; those that wait for news of a walk are asleep, and
    must not keep the others from their turn. Nor may those that take seconds and much memory:
    pictures that are decoded, reports, and what mattered.
    """

    def __init__(self) -> None:
        self._at_work = CapacityLimiter(8)
        self._few: dict[type, CapacityLimiter] = {
            wire.AskJob: CapacityLimiter(256),
            wire.AskWalk: CapacityLimiter(2),
            wire.AskReport: CapacityLimiter(1),
            wire.AskReportSizes: CapacityLimiter(1),
            wire.AskAttribution: CapacityLimiter(2),
            wire.AskHeat: CapacityLimiter(2),
            wire.AskPictures: CapacityLimiter(2),
        }

    def limiter(self, ask: wire.Request) -> CapacityLimiter:
        """What limits the threads for a question."""
        return self._few.get(type(ask), self._at_work)
