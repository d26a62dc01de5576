"""The arguments of a call as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from layerwalk.capture.data import dtype_name
from layerwalk.record import Argument, Ref, Symbol

__all__ = ["Held", "decode", "encode"]


@dataclass(frozen=True, slots=True)
class Held(Symbol):
    """An argument that cannot be written down (packed weights, a generator), kept as it is.

    In a saved trace only its type and name remain.
    """

    held: Any = field(default=None, repr=False, compare=False)


def encode(value: Any, tensor: Callable[[torch.Tensor], Ref]) -> Argument:
    """An argument as plain data; ``tensor`` says what stands for a tensor."""
    if value is None or isinstance(value, (bool, int, float, complex, str)):
        return value
    if isinstance(value, torch.Tensor):
        return tensor(value)
    if isinstance(value, (list, tuple)):
        return tuple(encode(item, tensor) for item in value)
    if isinstance(value, torch.dtype):
        return Symbol("dtype", dtype_name(value))
    if isinstance(value, torch.device):
        return Symbol("device", str(value))
    if isinstance(value, (torch.layout, torch.memory_format)):
        return Symbol(type(value).__name__, str(value).removeprefix("torch."))
    return Held("object", type(value).__name__, value)


def decode(value: Argument, tensor: Callable[[Ref], Any]) -> Any:
    """The argument as the dispatcher takes it.

    Raises
    ------
    LookupError
        It could not be written down, and the trace came from a file.
    """
    if isinstance(value, Ref):
        return tensor(value)
    if isinstance(value, tuple):
        return [decode(item, tensor) for item in value]
    if isinstance(value, Held):
        return value.held
    if isinstance(value, Symbol):
        if value.type == "device":
            return torch.device(value.name)
        if value.type in ("dtype", "layout", "memory_format"):
            return getattr(torch, value.name)
        raise LookupError(f"{value.type} {value.name} is not in the file")
    return value
