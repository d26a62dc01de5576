"""What each tensor object held at each time of the walk."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from layerwalk.capture.guard import Copy, Place, place_of
from layerwalk.capture.recorder import Aside, Call, Return

__all__ = ["Timeline"]


class Timeline:
    """Finds the memory in which a tensor's content of a given time lies now.

    A tensor object that was never written again holds it itself; for one that was, it is
    the first copy made after that time. Times are positions on the tape.
    """

    def __init__(self, tape: Sequence[Call | Return | Aside]) -> None:
        self._copies: dict[int, list[tuple[int, Copy]]] = {}
        for time, entry in enumerate(tape):
            if not isinstance(entry, Return):
                for copy in entry.copies:
                    self._copies.setdefault(id(copy.of), []).append((time, copy))

    def held(self, tensor: torch.Tensor, time: int) -> torch.Tensor:
        """The tensor that holds what ``tensor`` held before the entry at ``time``."""
        if id(tensor) not in self._copies:
            return tensor
        copy = self._next(tensor, time)
        return tensor if copy is None else copy.held

    def place(self, tensor: torch.Tensor, time: int) -> Place:
        """Where it lay in its memory then."""
        copy = self._next(tensor, time)
        return place_of(tensor) if copy is None else copy.place

    def _next(self, tensor: torch.Tensor, time: int) -> Copy | None:
        for when, copy in self._copies.get(id(tensor), ()):
            if when >= time:
                return copy
        return None
