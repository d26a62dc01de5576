"""What a call says besides its tensors: kind, settings and arguments, worked out once.

A network calls the same few ops with the same settings over and over; so does every later
walk. All that does not depend on the tensors is kept by op and settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import torch

from layerwalk.capture.arguments import encode
from layerwalk.capture.kinds import refine, settings_of
from layerwalk.capture.recorder import Call
from layerwalk.record import Argument, Ref

__all__ = ["Binding", "bind"]

# Types that are equal only when they mean the same, and hold nothing alive.
_PLAIN = {
    type(None), bool, int, float, str, torch.dtype, torch.device, torch.layout,
    torch.memory_format,
}  # fmt: skip
_MOST = 4096
_TENSOR = object()


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A call without its tensors."""

    target: str
    kind: str
    settings: Mapping[str, Argument]
    arguments: tuple[tuple[str, Argument], ...]
    random: bool

    def and_set(self, name: str, value: Argument) -> Binding:
        """The binding with one more setting."""
        return replace(self, settings=MappingProxyType({**self.settings, name: value}))


_KNOWN: dict[tuple[Any, ...], Binding] = {}


def bind(call: Call) -> tuple[Binding, list[torch.Tensor]]:
    """The call without its tensors, and its tensors in the order of its arguments."""
    tensors: list[torch.Tensor] = []
    key = _key(call, tensors)
    if key is None:
        tensors.clear()
        return _work_out(call, tensors), tensors
    known = _KNOWN.get(key)
    if known is None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        known = _KNOWN[key] = _work_out(call, [])
    return known, tensors


def _key(call: Call, tensors: list[torch.Tensor]) -> tuple[Any, ...] | None:
    """Everything that decides the binding; ``None`` if it must not be kept.

    Fills ``tensors`` on the way.
    """
    parts: list[Any] = [call.sign]
    for item in call.args:
        kind = type(item)
        if kind in _PLAIN:
            # True, 1 and 1.0 are equal keys, and so are 0.0 and -0.0.
            parts.append(kind)
            parts.append(item if item != 0 or kind is not float else repr(item))
        elif isinstance(item, torch.Tensor):
            parts.append(_TENSOR)
            tensors.append(item)
        elif kind is list and all(type(part) is int for part in item):
            parts.append(tuple(item))
        elif kind is list and all(isinstance(part, torch.Tensor) for part in item):
            parts.append((_TENSOR, len(item)))
            tensors.extend(item)
        else:
            return None
    if call.kwargs or not call.sign.names:
        return None
    if len(tensors) > 1 and "conv" in call.sign.kind:
        parts.append(tensors[1].shape)
    return tuple(parts)


def _work_out(call: Call, tensors: list[torch.Tensor]) -> Binding:
    sign = call.sign
    bound = sign.bind(call.args, call.kwargs) if sign.names else _numbered(call)

    def refer(tensor: torch.Tensor) -> Ref:
        tensors.append(tensor)
        return Ref(len(tensors) - 1)

    arguments = tuple((name, encode(value, refer)) for name, value in bound.items())
    kind = refine(sign.kind, bound)
    plain = {name: value for name, value in arguments if not _refers(value)}
    settings = settings_of(kind, bound, plain)
    random = sign.undefined or sign.draws(bound)
    return Binding(sign.target, kind, MappingProxyType(settings), arguments, random)


def _numbered(call: Call) -> dict[str, Any]:
    """Arguments of an op without a schema."""
    return {**{str(k): value for k, value in enumerate(call.args)}, **call.kwargs}


def _refers(value: Argument) -> bool:
    if isinstance(value, tuple):
        return any(_refers(item) for item in value)
    return isinstance(value, Ref)
