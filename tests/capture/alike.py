"""Whether two traces say the same."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from capture.judge import bits, tensor_of
from layerwalk.record import Op, Trace, Value

__all__ = ["differences"]


def differences(one: Trace, other: Trace) -> Iterator[str]:
    """What differs between two traces of a network on the same input, bit for bit."""
    for name in ("modules", "name", "output_paths", "failure"):
        if getattr(one, name) != getattr(other, name):
            yield f"{name}: {getattr(one, name)} and {getattr(other, name)}"
    if len(one) != len(other):
        yield f"{len(one)} and {len(other)} ops"
        return
    for first, second in zip(one, other, strict=True):
        yield from _differing(first, second)
    for name in ("inputs", "outputs"):
        if [v.id for v in getattr(one, name)] != [v.id for v in getattr(other, name)]:
            yield f"{name} of the network are other values"


def _differing(one: Op, other: Op) -> Iterator[str]:
    for name in _FACTS:
        if getattr(one, name) != getattr(other, name):
            yield f"{one.name}: {name}: {getattr(one, name)} and {getattr(other, name)}"
    for name in ("inputs", "outputs"):
        for left, right in zip(getattr(one, name), getattr(other, name), strict=True):
            if not _alike(left, right, random=one.random):
                yield f"{one.name}: {name}: {left} and {right}"


_FACTS = (
    "index", "name", "kind", "module", "module_type", "module_call", "settings", "target",
    "arguments", "writes", "random", "shape",
)  # fmt: skip


def _alike(one: Value, other: Value, *, random: bool) -> bool:
    if (one.id, one.name, one.role, one.shape, one.dtype) != (
        other.id, other.name, other.role, other.shape, other.dtype,
    ):  # fmt: skip
        return False
    if (one.op is None) != (other.op is None):
        return False
    left, right = tensor_of(one), tensor_of(other)
    if random or left is right:
        return True
    if left.layout == torch.strided and left.stride() != right.stride():
        return False
    return bits(left) == bits(right)
