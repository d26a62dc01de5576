"""Copy on write: what was recorded stays as it was when memory is written again."""

from __future__ import annotations

import sys
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

    What the network writes into memory from outside the walk (weights, buffers, the input)
    is kept as it was, so that :meth:`undo` can put it back: recording a network in train
    mode leaves its running statistics as they were.
    """

    def __init__(self) -> None:
        self._here: dict[int, list[torch.Tensor]] = {}
        self._seen: set[int] = set()
        self._stale: dict[int, list[torch.Tensor]] = {}
        self._outside: set[int] = set()
        self._originals: list[_Original] = []
        self._forms: dict[int, _Form] = {}
        # Of tensors that were copied: what bytes were written there since.
        self._since: dict[int, list[tuple[int, int]]] = {}

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
        self._since.pop(id(tensor), None)
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
            if key in self._outside:
                self._keep_original(key, target)
            touched: list[torch.Tensor] = []
            untouched: list[torch.Tensor] = []
            low, high = extent(target)
            for stale in self._stale.get(key, ()):
                self._since.get(id(stale), []).append((low, high))
            for tensor in self._here.get(key, ()):
                first, last = extent(tensor)
                (touched if first < high and low < last else untouched).append(tensor)
            self._here[key] = untouched
            self._stale.setdefault(key, []).extend(touched)
            self._seen.difference_update(id(tensor) for tensor in touched)
            self._since.update((id(tensor), [(low, high)]) for tensor in touched)
            copies.extend(copies_of(touched))
        return copies

    def looks_past_writes(self, base: object, views: object) -> bool:
        """Whether a view of a tensor shows none of what was written there since its copy.

        Then the view is one of the copied, older value: whoever writes a large memory slice
        by slice has it copied once, and not again for every slice.
        """
        since = self._since.get(id(base))
        return since is not None and all(
            isinstance(base, torch.Tensor)
            and memory_of(view) == memory_of(base)
            and not any(first < high and low < last for low, high in since)
            for view in tensors_in((views,))
            for first, last in (extent(view),)
        )

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
        written = dict.fromkeys(original.key for original in self._originals)
        self.note((), [self._stale.get(key, []) for key in written])
        copies = [copy for key in written for copy in copies_of(self._here.pop(key, []))]
        for original in reversed(self._originals):  # the first kept is the oldest
            original.put_back()
        for form in self._forms.values():
            form.put_back()
        return copies

    def _keep_original(self, key: int, target: torch.Tensor) -> None:
        """Keep the bytes that are about to be written, and the form of the tensor."""
        if id(target) not in self._forms:
            self._forms[id(target)] = _Form(target)
        low, high = extent(target)
        if not any(kept.key == key and kept.covers(low, high) for kept in self._originals):
            self._originals.append(_Original(key, target, low, high))


class _Original:
    """Some bytes of memory from outside, as they were."""

    def __init__(self, key: int, target: torch.Tensor, low: int, high: int) -> None:
        memory = target.untyped_storage()
        self.key = key
        self._memory = memory
        self._size = memory.nbytes()
        self._low, self._high = low, min(high, self._size)
        self._bytes = self._view().clone()

    def covers(self, low: int, high: int) -> bool:
        return self._low <= low and min(high, self._size) <= self._high

    def put_back(self) -> None:
        if self._memory.nbytes() != self._size:
            self._memory.resize_(self._size)
        self._view().copy_(self._bytes)

    def _view(self) -> torch.Tensor:
        none = torch.empty(0, dtype=torch.uint8, device=self._memory.device)
        return none.set_(self._memory, self._low, (max(self._high - self._low, 0),), (1,))


class _Form:
    """The shape of a tensor from outside, and the version torch counts for it."""

    def __init__(self, tensor: torch.Tensor) -> None:
        self._tensor = tensor
        self._shape, self._strides = tensor.shape, tensor.stride()
        self._start = tensor.storage_offset()
        self._version = None if tensor.is_inference() else tensor._version

    def put_back(self) -> None:
        tensor = self._tensor
        if tensor.shape != self._shape or tensor.stride() != self._strides:
            tensor.set_(tensor.untyped_storage(), self._start, self._shape, self._strides)
        if self._version is not None and tensor._version != self._version:
            _set_version(tensor, self._version)


def _set_version(tensor: torch.Tensor, version: int) -> None:
    """The numbers are what they were: an older trace that holds them is still true."""
    setter = torch._C._autograd._unsafe_set_version_counter
    try:
        setter((tensor,), (version,))
    except TypeError:  # one tensor at a time, before PyTorch 2.7
        setter(tensor, version)  # type: ignore[arg-type]


def is_only_view(tensor: torch.Tensor) -> bool:
    """Whether no other tensor object lives in this tensor's memory."""
    if tensor.layout != torch.strided:
        return False
    return _users(tensor) == _ONE_USER


def _users(tensor: torch.Tensor) -> tuple[int, int]:
    memory = tensor.untyped_storage()
    # torch counts the tensors, Python who holds the memory itself by its handle.
    return int(torch._C._storage_Use_Count(memory._cdata)), sys.getrefcount(memory)


# What is counted for a tensor that nothing shares: asking counts as well.
_ONE_USER = _users(torch.zeros(1))


def memory_of(tensor: torch.Tensor) -> int | None:
    """The identity of the memory a tensor lies in; ``None`` for layouts without one."""
    try:
        return int(tensor.untyped_storage()._cdata)
    except (NotImplementedError, RuntimeError):
        # Sparse and other storageless layouts: written through their parts, which are
        # tensors of their own.
        return None


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
    by_type: dict[tuple[Any, ...], list[torch.Tensor]] = {}
    for tensor in tensors:
        type_ = (tensor.dtype, tensor.is_conj(), tensor.is_neg())
        by_type.setdefault(type_, []).append(tensor)
    for group in by_type.values():
        if len(group) == 1 and group[0].is_contiguous():
            copies.append(_copy(group[0], group[0].clone()))
            continue
        if group[0].is_quantized or group[0].is_conj() or group[0].is_neg():
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
