"""The raw tensors of a ``.safetensors`` file: where each lies, and its cells.

Format (https://github.com/huggingface/safetensors): eight bytes with the header's length,
the header as JSON (each tensor's type, shape and byte offsets, and a flat table of texts
under ``__metadata__``), then the tensors one after another without a gap.
"""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from layerwalk.frozen import quickly_made
from layerwalk.record import Array
from layerwalk.store.document import Damaged, Record
from layerwalk.store.rows import Rows

__all__ = ["CELLS", "Slot", "Spec", "TensorFile", "c_strides", "header", "laid_out"]

LARGEST_HEADER = 100_000_000
"""What the safetensors library accepts, in bytes."""

CELLS: Mapping[str, np.dtype[np.generic]] = {
    "BOOL": np.dtype("?"),
    "U8": np.dtype("u1"),
    "I8": np.dtype("i1"),
    "U16": np.dtype("<u2"),
    "I16": np.dtype("<i2"),
    "U32": np.dtype("<u4"),
    "I32": np.dtype("<i4"),
    "U64": np.dtype("<u8"),
    "I64": np.dtype("<i8"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype("<u2"),  # numpy has no bfloat16: its bits
    "F32": np.dtype("<f4"),
    "F64": np.dtype("<f8"),
}
"""What one cell of each type is to numpy."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A tensor before it has a place: its name, type and shape."""

    name: str
    tag: str
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """Its length in the file."""
        return math.prod(self.shape) * CELLS[self.tag].itemsize


@quickly_made
@dataclass(frozen=True, slots=True)
class Slot:
    """A tensor in its place; ``begin`` and ``end`` count bytes from the file's start."""

    tag: str
    shape: tuple[int, ...]
    begin: int
    end: int


def c_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return C-order strides in cells, 0 along axes of length 0 or 1.

    >>> c_strides((2, 1, 3))
    (3, 0, 1)
    """
    return tuple(
        math.prod(shape[axis + 1 :]) if length > 1 else 0 for axis, length in enumerate(shape)
    )


def laid_out(specs: Iterable[Spec]) -> tuple[Spec, ...]:
    """Return the specs in the order of the file: wide cells first, so that all are aligned."""
    return tuple(sorted(specs, key=lambda spec: -CELLS[spec.tag].itemsize))


def header(specs: Iterable[Spec], metadata: Mapping[str, str]) -> bytes | None:
    """Return everything that stands before the first tensor; ``None`` where it grows too long.

    The length is a multiple of eight, so that the tensors are aligned in a mapped file.
    """
    table: dict[str, object] = {"__metadata__": dict(metadata)}
    begin = 0
    for spec in specs:
        end = begin + spec.nbytes
        table[spec.name] = {
            "dtype": spec.tag,
            "shape": list(spec.shape),
            "data_offsets": [begin, end],
        }
        begin = end
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    if len(text) > LARGEST_HEADER:
        return None
    return len(text).to_bytes(8, "little") + text


@dataclass(frozen=True, eq=False, slots=True)
class TensorFile:
    """A file, mapped or in memory: its slots by name, its metadata, and arrays over its pages.

    Every array keeps the map alive; when the last one is dropped the file is closed.
    """

    memory: mmap.mmap | memoryview
    slots: Mapping[str, Slot]
    metadata: Mapping[str, str]

    @classmethod
    def over(cls, memory: mmap.mmap | memoryview) -> TensorFile:
        """Return the file in ``memory``, its header read again without trust.

        Raises
        ------
        Damaged
            The header is not what the format says.
        """
        length = int.from_bytes(memory[:8], "little")
        if length > min(LARGEST_HEADER, len(memory) - 8):
            raise Damaged("its header is longer than the file")
        table = Record.parsed(bytes(memory[8 : 8 + length]), "the header")
        metadata = table.record("__metadata__") if table.has("__metadata__") else None
        names = [name for name in table.keys() if name != "__metadata__"]  # noqa: SIM118
        slots = dict(zip(names, _slots(table, names, 8 + length), strict=True))
        texts = {key: metadata.text(key) for key in metadata.keys()} if metadata else {}  # noqa: SIM118
        return cls(memory, slots, texts)

    def slot(self, name: str) -> Slot:
        """Return where a tensor lies; :class:`Damaged` where there is none of that name."""
        if name not in self.slots:
            raise Damaged(f"the tensor {name!r} is missing")
        return self.slots[name]

    def cells(self, name: str, tag: str, shape: tuple[int, ...]) -> Array:
        """Return a whole tensor, read-only, which must be of this type and shape."""
        slot = self.slot(name)
        if (slot.tag, slot.shape) != (tag, shape):
            raise Damaged(
                f"the tensor {name!r} is {slot.tag} {slot.shape} where {tag} {shape} belongs"
            )
        return self.whole(slot, CELLS[tag], shape)

    def whole(self, slot: Slot, dtype: np.dtype[np.generic], shape: tuple[int, ...]) -> Array:
        """Return all cells of a tensor, read-only, in C order."""
        if math.prod(shape) * dtype.itemsize != slot.end - slot.begin:
            raise Damaged(f"a tensor of shape {shape} has {slot.end - slot.begin} bytes")
        try:
            return np.ndarray(shape, dtype, buffer=self.memory, offset=slot.begin)
        except (ValueError, OverflowError, TypeError) as problem:
            raise Damaged(f"an array of shape {shape} cannot be laid out") from problem

    def window(
        self,
        slot: Slot,
        dtype: np.dtype[np.generic],
        offset: int,
        shape: tuple[int, ...],
        strides: tuple[int, ...],
    ) -> Array:
        """Return a read-only view that lies wholly within one tensor.

        ``offset`` and ``strides`` are in cells of ``dtype``.
        """
        if len(strides) != len(shape) or min(strides, default=0) < 0:
            raise Damaged(f"strides {strides} do not belong to the shape {shape}")
        reach = offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
        end = slot.begin + (reach + 1) * dtype.itemsize
        if 0 not in shape and not slot.begin < end <= slot.end:
            raise Damaged("a view reaches beyond its tensor")
        try:
            return np.ndarray(
                shape,
                dtype,
                buffer=self.memory,
                offset=slot.begin + (0 if 0 in shape else offset * dtype.itemsize),
                strides=[step * dtype.itemsize for step in strides],
            )
        except (ValueError, OverflowError) as problem:
            raise Damaged(f"an array of shape {shape} cannot be laid out") from problem


def _slots(table: Record, names: list[str], start: int) -> list[Slot]:
    entries = [table.any(name) for name in names]
    keys = ("dtype", "shape", "data_offsets")
    rows = Rows(entries, keys, lambda k: f"{names[k]!r} of the header")
    slots = []
    for tag, shape, offsets in zip(
        rows.texts("dtype"), rows.counts("shape"), rows.counts("data_offsets"), strict=True
    ):
        if len(offsets) != 2:
            raise Damaged("a tensor has no beginning and end")
        slots.append(Slot(tag, shape, start + offsets[0], start + offsets[1]))
    return slots
