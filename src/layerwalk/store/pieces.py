"""One tensor of the file while it is written: where its numbers come from, how they are coded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from layerwalk.record import Array
from layerwalk.store.detail import Detail, Scales, chunks, codes, halved
from layerwalk.store.tensors import CELLS, Spec

__all__ = ["Coding", "Kind", "Piece"]

Kind: TypeAlias = Literal["raw", "pairs", "half", "compact"]


@dataclass(frozen=True, slots=True)
class Coding:
    """How a tensor's cells stand for numbers, as the file declares it.

    ``"raw"`` cells are the numbers; ``"pairs"`` are complex numbers on a last axis of 2;
    ``"half"`` is float16 for something wider; ``"compact"`` is 8 bits with ``scale`` and
    ``zero``, the names of two small tensors, one number for each channel along ``axis``.
    """

    kind: Kind = "raw"
    detail: Detail = "exact"
    max_error: float = 0.0
    axis: int | None = None
    scale: str | None = None
    zero: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """One tensor of the file and where its numbers come from while it is written."""

    spec: Spec
    source: Callable[[], Array]
    coding: Coding = field(default_factory=Coding)
    scales: Scales | None = None

    def cells(self) -> Iterator[Array]:
        """Yield what is written, flat, in C order; a chunk may be overwritten by the next."""
        array = self.source()
        if self.scales is not None:
            yield from codes(array, self.scales)
        elif self.coding.kind == "half":
            yield from halved(array)
        elif self.spec.tag == "BF16":
            for part in chunks(array, np.dtype("<f4")):
                yield (part.view("<u4") >> 16).astype("<u2")
        elif self.coding.kind == "pairs":
            pair = CELLS[self.spec.tag]
            for part in chunks(array, np.dtype(f"<c{2 * pair.itemsize}")):
                yield part.view(pair)
        else:
            with np.errstate(all="ignore"):
                yield from chunks(array, CELLS[self.spec.tag])
