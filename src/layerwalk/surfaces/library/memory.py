"""How much memory traces and networks take, and how much they may."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from layerwalk.record import Trace

if TYPE_CHECKING:
    from layerwalk.models import Model

__all__ = ["Memories", "memories_in", "memories_of", "memory_of_all", "usual_limit"]

_MOST = 4 << 30
_SHARE = 4  # of the machine's memory, one part in so many
# What Linux allows a container, where it is less than the machine has.
_CONTAINER = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True)
class Memories:
    """The memories that the numbers of one trace lie in.

    Attributes
    ----------
    held
        Of each memory its length in bytes, by what identifies it in this process.
    mapped
        How many bytes lie in mapped files: the system reads and forgets those as it likes.
    """

    held: Mapping[int, int]
    mapped: int

    @property
    def bytes(self) -> int:
        """How many bytes its numbers take, in memory and in mapped files."""
        return sum(self.held.values()) + self.mapped


def memories_of(trace: Trace) -> Memories:
    """The distinct memories of a trace: what several values share counts once.

    Examples
    --------
    >>> import layerwalk as lw
    >>> memories_of(lw.trace(lw.load_model("edges"), np.eye(8))).bytes > 8 * 8 * 4
    True
    """
    held: dict[int, int] = {}
    files: dict[int, int] = {}
    for value in trace.values:
        data: Any = value.data
        if hasattr(data, "tensor"):
            held.update(_of_tensor(data.tensor))
        elif hasattr(data, "window"):
            root = _root(data.window)
            file: object = root.base
            if isinstance(file, mmap.mmap):
                files[id(file)] = len(file)
            else:
                held[root.__array_interface__["data"][0]] = root.nbytes
    return Memories(held, sum(files.values()))


def memories_in(model: Model) -> dict[int, int]:
    """The distinct memories of a network's parameters and buffers: lengths by what they are."""
    held: dict[int, int] = {}
    for tensors in (model.module.parameters(), model.module.buffers()):
        for tensor in tensors:
            held.update(_of_tensor(tensor))
    return held


def memory_of_all(every: Iterable[Mapping[int, int]]) -> int:
    """How many bytes several memories take; what two of them share counts once."""
    held: dict[int, int] = {}
    for one in every:
        held.update(one)
    return sum(held.values())


def usual_limit() -> int:
    """How many bytes they may hold unless it is said: 4 GiB, or a quarter of the memory."""
    return min(_MOST, _installed() // _SHARE)


def _of_tensor(tensor: Any) -> dict[int, int]:
    """The memory of a tensor of torch, which need not be imported for that."""
    try:
        storage = tensor.untyped_storage()
    except (NotImplementedError, RuntimeError):
        # Sparse and other layouts without one memory: its own size will do.
        return {id(tensor): int(tensor.numel() * tensor.element_size())}
    return {int(storage.data_ptr()): int(storage.nbytes())} if storage.nbytes() else {}


def _root(array: np.ndarray) -> np.ndarray:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _installed() -> int:
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf
        memory = _MOST * _SHARE
    try:
        allowed = int(_CONTAINER.read_text(encoding="ascii"))
    except (OSError, ValueError):  # there is no such file, or it says "max"
        return memory
    return min(memory, allowed)
