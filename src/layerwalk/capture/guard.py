"""Copy on write: what was recorded stays as it was when memory is written again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

import torch

__all__ = [
    "Copy",
    "Place",
    "WriteGuard",
    "copies_of",
    "extent",
    "is_only_view",
    "memory_of",
    "place_of",
    "tensors_in",
]

# First byte, shape, strides in elements: where a tensor lies in its memory.
Place: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...]]


class Copy(NamedTuple):
    """A tensor object of the network, what it held until now, and where it lay."""

    of: torch.Tensor
    held: torch.Tensor
    place: Place


def place_of(tensor: torch.Tensor) -> Place:
    """Where the tensor lies in its memory."""
    if tensor.layout != torch.strided:
        return 0, tuple(tensor.shape), ()
    start = int(tensor.storage_offset()) * tensor.element_size()
    return start, tuple(tensor.shape), tuple(tensor.stride())


def tensors_in(items: Iterable[Any]) -> Iterator[torch.Tensor]:
    """Every tensor among arguments or results, lists and tuples opened."""
    for item in items:
        if isinstance(item, torch.Tensor):
            yield item
        elif isinstance(item, (list, tuple)):
            yield from tensors_in(item)


class WriteGuard:
    """Knows which recorded tensors lie in which memory.

    Memory that came from outside the walk (weights, buffers, the input) is also kept in
    full before its first write, so that :meth:`undo` can put it back: recording a network
    in train mode leaves its running statistics as they were.
    """

    def __init__(self) -> None:
        self._here: dict[int, list[torch.Tensor]] = {}
        self._seen: set[int] = set()
        self._stale: dict[int, list[torch.Tensor]] = {}
        self._outside: set[int] = set()
        self._originals: dict[int, tuple[torch.Tensor, torch.UntypedStorage]] = {}

    def note(self, read: Iterable[Any], made: Iterable[Any]) -> None:
        """Remember where the tensors of one recorded call lie."""
        for tensor in tensors_in(read):
            self._note(tensor, outside=True)
        for tensor in tensors_in(made):
            self._note(tensor, outside=False)

    def _note(self, tensor: torch.Tensor, *, outside: bool) -> None:
        if id(tensor) in self._seen:
            return
        key = memory_of(tensor)
        if key is None:
            return
        self._seen.add(id(tensor))
        if key not in self._here:
            self._here[key] = []
            if outside:
                self._outside.add(key)
        self._here[key].append(tensor)

    def protect(self, written: Iterable[torch.Tensor]) -> list[Copy]:
        """Copies of all recorded tensors that a write to ``written`` would change."""
        copies: list[Copy] = []
        for target in written:
            key = memory_of(target)
            if key is None:
                continue
            if key in self._outside and key not in self._originals:
                self._originals[key] = (target, _copied(target.untyped_storage()))
            touched: list[torch.Tensor] = []
            untouched: list[torch.Tensor] = []
            low, high = extent(target)
            for tensor in self._here.get(key, ()):
                first, last = extent(tensor)
                (touched if first < high and low < last else untouched).append(tensor)
            self._here[key] = untouched
            self._stale.setdefault(key, []).extend(touched)
            self._seen.difference_update(id(tensor) for tensor in touched)
            copies.extend(copies_of(touched))
        return copies

    def forget(self, target: torch.Tensor) -> None:
        """Drop what is known of a tensor whose memory no other recorded tensor shares."""
        if id(target) in self._seen:
            self._seen.discard(id(target))
            self._here.pop(memory_of(target) or 0, None)

    @property
    def has_originals(self) -> bool:
        """Whether memory from outside was written."""
        return bool(self._originals)

    def undo(self) -> list[Copy]:
        """Put memory from outside back to what it held before the walk.

        Returns the copies of recorded tensors that lay in it (what was written there).
        """
        self.note((), [self._stale.get(key, []) for key in self._originals])
        copies = [copy for key in self._originals for copy in copies_of(self._here.pop(key, []))]
        for target, original in self._originals.values():
            target.untyped_storage().copy_(original)
        return copies


def is_only_view(tensor: torch.Tensor) -> bool:
    """Whether no other tensor object lives in this tensor's memory."""
    if tensor.layout != torch.strided:
        return False
    return _users(tensor) == _ONE_USER


def _users(tensor: torch.Tensor) -> int:
    return int(torch._C._storage_Use_Count(tensor.untyped_storage()._cdata))


# What torch counts for a tensor that nothing shares: asking for the memory counts as well.
_ONE_USER = _users(torch.zeros(1))


def memory_of(tensor: torch.Tensor) -> int | None:
    """The identity of the memory a tensor lies in; ``None`` for layouts without one."""
    try:
        return int(tensor.untyped_storage()._cdata)
    except (NotImplementedError, RuntimeError):
        # Sparse and other storageless layouts: written through their parts, which are
        # tensors of their own.
        return None


def _copied(memory: torch.UntypedStorage) -> torch.UntypedStorage:
    held: torch.UntypedStorage = memory.clone()  # type: ignore[no-untyped-call]
    return held


def extent(tensor: torch.Tensor) -> tuple[int, int]:
    """First byte and the one after the last, within the tensor's memory.

    An empty tensor still has one: changing its shape (``t_``) changes the recorded object.
    """
    size = tensor.element_size()
    start = int(tensor.storage_offset()) * size
    if tensor.numel() == 0:
        return start, start + 1
    span = sum((n - 1) * step for n, step in zip(tensor.shape, tensor.stride(), strict=True))
    return start, start + (span + 1) * size


def copies_of(tensors: list[torch.Tensor]) -> list[Copy]:
    """Copies with the same layout; tensors that overlap share one copied memory."""
    copies: list[Copy] = []
    by_type: dict[torch.dtype, list[torch.Tensor]] = {}
    for tensor in tensors:
        by_type.setdefault(tensor.dtype, []).append(tensor)
    for group in by_type.values():
        if len(group) == 1 and group[0].is_contiguous():
            copies.append(_copy(group[0], group[0].clone()))
            continue
        if group[0].is_quantized:
            copies.extend(_copy(tensor, tensor.clone()) for tensor in group)
            continue
        size = group[0].element_size()
        extents = [extent(tensor) for tensor in group]
        low = min(first for first, _ in extents) // size
        high = -(-max(last for _, last in extents) // size)
        high = min(high, group[0].untyped_storage().nbytes() // size)
        memory = group[0].as_strided((max(high - low, 0),), (1,), low).clone()
        for tensor in group:
            start = tensor.storage_offset() - low
            copies.append(_copy(tensor, memory.as_strided(tensor.shape, tensor.stride(), start)))
    return copies


def _copy(tensor: torch.Tensor, held: torch.Tensor) -> Copy:
    return Copy(tensor, held, place_of(tensor))
