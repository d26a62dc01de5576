"""The modules and weights of a network, by identity."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import torch

from layerwalk.capture.data import TorchData, dtype_name
from layerwalk.record import Role, Value

__all__ = ["Inventory", "take_inventory"]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Paths of modules and values of weights, by the identity of module and tensor.

    What is reached by several paths goes by the first. The values are numbered from 0.
    """

    paths: dict[int, str]
    weights: dict[int, Value]


# A network's weights are most of a trace's values, and the same from walk to walk. Kept as
# long as the network lives; it holds no tensor that the network does not hold.
_KEPT: WeakKeyDictionary[torch.nn.Module, dict[int, Value]] = WeakKeyDictionary()


def take_inventory(root: torch.nn.Module) -> Inventory:
    """All modules and weights of a network as they are now."""
    paths: dict[int, str] = {}
    may_keep = type(root).__hash__ is not None
    kept = _KEPT.get(root, {}) if may_keep else {}
    weights: dict[int, Value] = {}
    waiting = [("", root)]
    while waiting:
        path, module = waiting.pop()
        if id(module) in paths:
            continue
        paths[id(module)] = path
        start = f"{path}." if path else ""
        for name, parameter in module._parameters.items():
            if parameter is not None:
                _add(weights, kept, parameter, start + name, "parameter")
        for name, buffer in module._buffers.items():
            if buffer is not None:
                _add(weights, kept, buffer, start + name, "buffer")
        parts = [(start + name, part) for name, part in module._modules.items() if part is not None]
        waiting.extend(reversed(parts))
    if may_keep:
        _KEPT[root] = weights
    return Inventory(paths, weights)


def _add(
    weights: dict[int, Value], kept: dict[int, Value], tensor: torch.Tensor, name: str, role: Role
) -> None:
    key = id(tensor)
    if key in weights:
        return
    value = kept.get(key)
    if value is None or value.id != len(weights) or not _is_current(value, tensor, name):
        shape, dtype = tuple(tensor.shape), dtype_name(tensor.dtype)
        value = Value(len(weights), name, role, shape, dtype, TorchData(tensor, name))
    weights[key] = value


def _is_current(value: Value, tensor: torch.Tensor, name: str) -> bool:
    """Whether a kept value still says what the tensor is."""
    data = value.data
    return (
        isinstance(data, TorchData)
        and data.tensor is tensor
        and data.is_current()
        and value.name == name
        and value.shape == tensor.shape
    )
