"""Reads of memory that was written under another name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

from layerwalk.capture.data import TorchData
from layerwalk.capture.guard import Place, extent, is_only_view, memory_of, place_of
from layerwalk.capture.recorder import Call
from layerwalk.record import Value

__all__ = ["Older", "Rereads"]


@dataclass(frozen=True, slots=True)
class Older:
    """A value that a tensor's memory holds now, and where."""

    value: Value
    place: Place


class Rereads:
    """Tensors whose memory changed since they were last read, and what wrote it.

    ``y = x[0]; y.add_(1)`` changes ``x`` too: whoever reads ``x`` next reads its old value
    with the new ``y`` laid over it.
    """

    def __init__(self) -> None:
        self._stale: dict[int, tuple[torch.Tensor, list[Older]]] = {}

    def __bool__(self) -> bool:
        return bool(self._stale)

    def is_stale(self, tensor: torch.Tensor) -> bool:
        """Whether the tensor's last recorded value is no longer what it holds."""
        return id(tensor) in self._stale

    def looks_past_writes(
        self, base: torch.Tensor, views: Sequence[tuple[torch.Tensor, Place]]
    ) -> bool:
        """Whether views of a stale tensor, with their places, show nothing of what it lacks.

        As the guard decides while the network runs (see :meth:`WriteGuard.looks_past_writes`).
        """
        size = base.element_size()
        written = [_ends(older.place, size) for older in self._stale[id(base)][1]]
        return all(
            memory_of(view) == memory_of(base)
            and not any(first < high and low < last for low, high in written)
            for view, place in views
            for first, last in (_ends(place, view.element_size()),)
        )

    def refreshed(self, tensor: torch.Tensor) -> None:
        """The tensor was read anew."""
        self._stale.pop(id(tensor), None)

    def written(
        self, call: Call, newest: Mapping[int, Value], place: Callable[[torch.Tensor], Place]
    ) -> None:
        """Take note of what a call wrote, and where, once its outputs are known."""
        writers = {id(tensor): tensor for tensor in call.written}
        for copy in call.copies:
            if id(copy.of) not in writers:
                self._stale.setdefault(id(copy.of), (copy.of, []))
        for stale, older in self._stale.values():
            for writer in writers.values():
                if _overlap(stale, writer):
                    older.append(Older(newest[id(writer)], place(writer)))

    def parents(
        self, tensor: torch.Tensor, known: Value | None, newest: Mapping[int, Value]
    ) -> list[Older] | None:
        """The values that a stale or never seen tensor is made of; ``None`` if from outside."""
        if id(tensor) in self._stale:
            return list(self._stale[id(tensor)][1])
        if known is not None or is_only_view(tensor):
            return None
        found = [
            Older(value, place_of(value.data.tensor))
            for key, value in newest.items()
            if key not in self._stale
            and isinstance(value.data, TorchData)
            and _overlap(tensor, value.data.tensor)
        ]
        return found or None


def _ends(place: Place, size: int) -> tuple[int, int]:
    """First byte and the one after the last of a place."""
    start, shape, strides = place
    if 0 in shape:
        return start, start + 1
    span = sum((n - 1) * step for n, step in zip(shape, strides, strict=False))
    return start, start + (span + 1) * size


def _overlap(one: torch.Tensor, other: torch.Tensor) -> bool:
    memory = memory_of(one)
    if memory is None or memory != memory_of(other):
        return False
    (first, last), (low, high) = extent(one), extent(other)
    return first < high and low < last
