"""The tensors in what a network takes and returns, whatever structure holds them."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Mapping
from typing import Any

import torch

__all__ = ["flatten"]

_PLAIN = (type(None), str, bytes, int, float, complex, type, torch.nn.Module)


def flatten(structure: Any, *, objects: bool = True) -> list[tuple[str, torch.Tensor]]:
    """Every tensor with its place, in order: ``[("logits", t), ("aux.0", t)]``.

    Tuples, lists, sets, queues, mappings, dataclasses and (with ``objects``) plain objects
    are opened, an object once.

    Examples
    --------
    >>> [place for place, _ in flatten({"a": torch.zeros(1), "b": [torch.zeros(1)]})]
    ['a', 'b.0']
    """
    found: list[tuple[str, torch.Tensor]] = []
    seen: set[int] = set()  # objects, anywhere
    inside: set[int] = set()  # containers that are open now
    waiting: list[tuple[str, Any, bool]] = [("", structure, True)]
    while waiting:
        place, item, opens = waiting.pop()
        if not opens:
            inside.discard(id(item))
        elif isinstance(item, torch.Tensor):
            found.append((place, item))
        elif not isinstance(item, _PLAIN) and id(item) not in inside and id(item) not in seen:
            parts = _parts(item)
            if parts is None:
                if not objects or type(item).__module__ == "builtins" or callable(item):
                    continue
                seen.add(id(item))
                parts = list(getattr(item, "__dict__", {}).items())
            else:
                inside.add(id(item))
                waiting.append(("", item, False))
            named = [(f"{place}.{name}" if place else str(name), part) for name, part in parts]
            waiting.extend((name, part, True) for name, part in reversed(named))
    return found


def _parts(item: Any) -> list[tuple[Any, Any]] | None:
    """What a container holds; ``None`` for anything else."""
    if isinstance(item, Mapping):
        return list(item.items())
    if isinstance(item, tuple) and hasattr(item, "_fields"):
        return list(zip(item._fields, item, strict=True))
    if isinstance(item, (list, tuple, set, frozenset, deque)):
        return list(enumerate(item))
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        names = [field.name for field in dataclasses.fields(item)]
        return [(name, getattr(item, name)) for name in names if hasattr(item, name)]
    return None
