"""The modules and weights of a network, by identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import torch

from layerwalk.capture.data import TorchData, dtype_name
from layerwalk.record import Role, Value

if TYPE_CHECKING:
    from layerwalk.capture.template import Template

__all__ = ["SMALL_BUFFER", "Inventory", "take_inventory"]

# Running statistics move in training without torch counting a new version: a trace holds
# copies of buffers up to this many numbers.
SMALL_BUFFER = 1 << 16


@dataclass(eq=False, slots=True)
class Inventory:
    """Paths of modules and values of weights, by the identity of module and tensor.

    What is reached by several paths goes by the first. The values are numbered from 0.
    ``template`` is what the last walk came to.
    """

    paths: dict[int, str] = field(default_factory=dict)
    weights: dict[int, Value] = field(default_factory=dict)
    template: Template | None = None
    _parts: list[list[Any]] = field(default_factory=list)
    _copies: list[_Copies] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class _Copies:
    """Buffers of one type and device, and all their numbers in a row."""

    buffers: tuple[torch.Tensor, ...]
    forms: list[tuple[torch.Size, torch.dtype]]
    numbers: torch.Tensor

    def is_current(self) -> bool:
        if _forms(self.buffers) != self.forms:
            return False
        # Where the answer would have to come back from another device, copying is cheaper.
        return self.numbers.device.type == "cpu" and torch.equal(
            _in_a_row(self.buffers).view(torch.uint8), self.numbers.view(torch.uint8)
        )


# A network's weights are most of a trace's values, and the same from walk to walk. Kept as
# long as the network lives; it holds no tensor that the network does not hold (but for the
# copies), and no module.
_KEPT: WeakKeyDictionary[torch.nn.Module, Inventory] = WeakKeyDictionary()


def take_inventory(root: torch.nn.Module) -> Inventory:
    """All modules and weights of a network as they are now.

    The very object of the last time, where nothing has changed since.
    """
    if type(root).__hash__ is None:
        return _take(root)
    kept = _KEPT.get(root)
    if kept is None or not _is_current(kept, root):
        kept = _KEPT[root] = _take(root)
    return kept


def _take(root: torch.nn.Module) -> Inventory:
    found = Inventory()
    weights = found.weights
    for path, module in _walk(root, found.paths):
        found._parts.append(_parts_of(module))
        start = f"{path}." if path else ""
        for name, parameter in module._parameters.items():
            _add(weights, parameter, start + name, "parameter")
        for name, buffer in module._buffers.items():
            _add(weights, buffer, start + name, "buffer")
    small: dict[tuple[Any, ...], list[torch.Tensor]] = {}
    for value in weights.values():
        if value.role == "buffer" and value.size <= SMALL_BUFFER:
            buffer = value.data.tensor  # type: ignore[attr-defined]
            if _is_plain(buffer):
                small.setdefault((buffer.dtype, buffer.device), []).append(buffer)
    for buffers in small.values():
        numbers = _in_a_row(buffers)
        found._copies.append(_Copies(tuple(buffers), _forms(buffers), numbers))
        parts = torch.split(numbers, [b.numel() for b in buffers])
        for buffer, copy in zip(buffers, parts, strict=True):
            value = weights[id(buffer)]
            held = TorchData(copy.view(buffer.shape), value.name)
            weights[id(buffer)] = replace(value, data=held)
    return found


def _walk(root: torch.nn.Module, paths: dict[int, str]) -> Iterator[tuple[str, torch.nn.Module]]:
    """Each module once, with its path; ``paths`` collects them."""
    waiting = [("", root)]
    while waiting:
        path, module = waiting.pop()
        if id(module) in paths:
            continue
        paths[id(module)] = path
        start = f"{path}." if path else ""
        parts = [(start + name, part) for name, part in module._modules.items() if part is not None]
        waiting.extend(reversed(parts))
        yield path, module


def _parts_of(module: torch.nn.Module) -> list[Any]:
    """The names and identities of what a module holds itself."""
    held, kept, inner = module._parameters, module._buffers, module._modules
    return [
        len(held), len(kept), *held.keys(), *kept.keys(), *inner.keys(),
        *map(id, held.values()), *map(id, kept.values()), *map(id, inner.values()),
    ]  # fmt: skip


def _add(weights: dict[int, Value], tensor: torch.Tensor | None, name: str, role: Role) -> None:
    if tensor is None or id(tensor) in weights:
        return
    shape, dtype = tuple(tensor.shape), dtype_name(tensor.dtype)
    weights[id(tensor)] = Value(len(weights), name, role, shape, dtype, TorchData(tensor, name))


def _is_plain(tensor: torch.Tensor) -> bool:
    """Whether the tensor can stand in a row with others, bit for bit."""
    if type(tensor) is not torch.Tensor or tensor.layout != torch.strided:
        return False
    if tensor.dim() == 0 or tensor.is_quantized or tensor.is_conj() or tensor.is_neg():
        return False
    return tensor.is_contiguous() and not tensor.is_meta


def _forms(buffers: Iterable[torch.Tensor]) -> list[tuple[torch.Size, torch.dtype]]:
    return [(buffer.shape, buffer.dtype) for buffer in buffers]


def _in_a_row(buffers: list[torch.Tensor] | tuple[torch.Tensor, ...]) -> torch.Tensor:
    return torch.cat([b if b.dim() == 1 else b.reshape(-1) for b in buffers])


def _is_current(kept: Inventory, root: torch.nn.Module) -> bool:
    """Whether the network still has the same modules and weights, and none was written."""
    parts = iter(kept._parts)
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        module = waiting.pop()
        if id(module) in seen:
            continue
        seen.add(id(module))
        if _parts_of(module) != next(parts, None):
            return False
        waiting.extend([part for part in reversed(module._modules.values()) if part is not None])
    for key, value in kept.weights.items():
        data = value.data
        if not isinstance(data, TorchData) or not data.is_current():
            return False
        if id(data.tensor) == key and data.tensor.shape != value.shape:
            return False
    return all(copies.is_current() for copies in kept._copies)
