"""The tensors in what a network takes and returns, whatever structure holds them."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Mapping
from typing import Any

import torch

__all__ = ["flatten"]


def flatten(structure: Any) -> list[tuple[str, torch.Tensor]]:
    """Every tensor with its place, in order: ``[("logits", t), ("aux.0", t)]``.

    Tuples, lists, sets, queues, mappings, dataclasses and plain objects are opened.

    Examples
    --------
    >>> [place for place, _ in flatten({"a": torch.zeros(1), "b": [torch.zeros(1)]})]
    ['a', 'b.0']
    """
    found: list[tuple[str, torch.Tensor]] = []
    _collect(structure, "", found, set())
    return found


def _collect(item: Any, place: str, found: list[tuple[str, torch.Tensor]], open_: set[int]) -> None:
    if isinstance(item, torch.Tensor):
        found.append((place, item))
        return
    if item is None or isinstance(item, (str, bytes, int, float, complex, torch.nn.Module)):
        return
    if id(item) in open_:
        return  # a structure that contains itself
    open_.add(id(item))
    for name, part in _parts(item):
        _collect(part, f"{place}.{name}" if place else str(name), found, open_)
    open_.discard(id(item))


def _parts(item: Any) -> list[tuple[Any, Any]]:
    if isinstance(item, Mapping):
        return list(item.items())
    if isinstance(item, tuple) and hasattr(item, "_fields"):
        return list(zip(item._fields, item, strict=True))
    if isinstance(item, (list, tuple, set, frozenset, deque)):
        return list(enumerate(item))
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        names = [field.name for field in dataclasses.fields(item)]
        return [(name, getattr(item, name)) for name in names if hasattr(item, name)]
    if type(item).__module__ == "builtins" or isinstance(item, type) or callable(item):
        return []
    return list(getattr(item, "__dict__", {}).items())
