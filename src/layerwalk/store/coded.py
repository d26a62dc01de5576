"""A tensor of the file as it is read: its cells, and what turns them into numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

import numpy as np

from layerwalk.frozen import quickly_made
from layerwalk.record import Array
from layerwalk.store.detail import Detail, Scales
from layerwalk.store.document import Damaged, Record
from layerwalk.store.mapped import Bits16, Codes, Decoder, Floats16, Mapped
from layerwalk.store.tensors import CELLS, Slot, TensorFile

__all__ = ["Coded", "coded"]

_DETAILS: dict[str, Detail] = {detail: detail for detail in get_args(Detail)}


@quickly_made
@dataclass(frozen=True, eq=False, slots=True)
class Coded:
    """A stored tensor: ``shape`` counts numbers, ``dtype`` is one cell of the file."""

    slot: Slot
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    decoder: Decoder | None = None
    detail: Detail = "exact"
    max_error: float = 0.0

    def mapped(
        self,
        file: TensorFile,
        shape: tuple[int, ...],
        strides: tuple[int, ...],
        view: tuple[int, tuple[int, ...]] | None,
    ) -> Mapped:
        """Return the data of a value of this shape, which is all of the tensor or a view."""
        if view is not None:
            window = file.window(self.slot, self.dtype, view[0], shape, view[1])
        elif shape == self.shape:
            window = file.whole(self.slot, self.dtype, shape)
        else:
            raise Damaged(f"a tensor of shape {self.shape} is no value of shape {shape}")
        return Mapped(strides, window, self.decoder, self.detail, self.max_error)


def coded(name: str, file: TensorFile, codings: Record) -> Coded:
    """Return the tensor ``name``, coded as the file declares.

    Raises
    ------
    Damaged
        There is no such tensor, or it is not what its coding needs.
    """
    slot = file.slot(name)
    if slot.tag not in CELLS:
        raise Damaged(f"the tensor {name!r} is of the unknown type {slot.tag!r}")
    cell = CELLS[slot.tag]
    decoder: Decoder | None = Bits16() if slot.tag == "BF16" else None
    if not codings.has(name):
        return Coded(slot, cell, slot.shape, decoder)
    entry = codings.record(name)
    detail = _DETAILS.get(entry.text("detail"))
    if detail is None:
        raise Damaged(f"the tensor {name!r} has an unknown detail")
    error, shape = entry.number("max_error"), slot.shape
    match entry.text("kind"), slot.tag:
        case "raw", _:
            pass
        case "pairs", "F32" | "F64" if shape[-1:] == (2,):
            cell, shape = np.dtype(f"<c{2 * cell.itemsize}"), shape[:-1]
        case "half", "F16":
            decoder = Floats16()
        case "compact", "U8":
            decoder = _codes(slot, file, entry)
        case kind, _:
            raise Damaged(f"the tensor {name!r} cannot be coded as {kind!r}")
    return Coded(slot, cell, shape, decoder, detail, error)


def _codes(slot: Slot, file: TensorFile, entry: Record) -> Codes:
    shape, axis = slot.shape, entry.count("axis") if entry.has("axis") else None
    size = math.prod(shape)
    if size == 0 or (axis is not None and axis >= len(shape)):
        raise Damaged("an 8-bit tensor has no such channels")
    count, inner = (1, size) if axis is None else (shape[axis], math.prod(shape[axis + 1 :]))
    scale = file.cells(entry.text("scale"), "F32", (count,))
    zero = file.cells(entry.text("zero"), "U8", (count,))
    if not np.isfinite(scale).all():
        raise Damaged("an 8-bit tensor has a scale that is no number")
    flat: Array = file.window(slot, CELLS["U8"], 0, (size,), (1,))
    return Codes(flat, Scales(scale, zero, inner))
