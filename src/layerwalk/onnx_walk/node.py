"""One node of an ONNX graph, with what is known of what it reads and makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from layerwalk.record import Array, Ref

__all__ = ["Node"]


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A node.

    Attributes
    ----------
    operator
        Its type, ``"Conv"``; of another domain than ONNX's own ``"com.microsoft.Gelu"``.
    attributes
        By name, as Python has them.
    inputs
        What it reads; ``None`` where an input was left out.
    known
        Those of them that are constants of the file, by position.
    outputs
        What it made; of an output that nobody asked for, nothing.
    """

    operator: str
    attributes: Mapping[str, Any]
    inputs: tuple[Array | None, ...]
    known: Mapping[int, Array]
    outputs: tuple[Array, ...]

    def ref(self, place: int) -> Ref | None:
        """The tensor at a place among the inputs, as an argument."""
        if place >= len(self.inputs) or self.inputs[place] is None:
            return None
        return Ref(sum(one is not None for one in self.inputs[:place]))

    def shape(self, place: int = 0) -> tuple[int, ...]:
        """The shape of an input; ``()`` where it was left out."""
        found = self.inputs[place] if place < len(self.inputs) else None
        return () if found is None else found.shape

    def number(self, place: int, name: str, default: float) -> float | None:
        """A number that newer files give as an input and older ones as an attribute.

        ``None`` where it is worked out while the network runs.
        """
        if place < len(self.inputs) and self.inputs[place] is not None:
            found = self.known.get(place)
            return None if found is None or found.size != 1 else float(found.reshape(-1)[0])
        return float(self.attributes.get(name, default))

    def whole(self, place: int, name: str) -> tuple[int, ...] | None:
        """Whole numbers, given either way; ``None`` where there are none, or not yet."""
        if place < len(self.inputs) and self.inputs[place] is not None:
            found = self.known.get(place)
            return None if found is None else tuple(int(k) for k in np.ravel(found))
        given = self.attributes.get(name)
        return None if given is None else tuple(int(k) for k in np.ravel(given))
