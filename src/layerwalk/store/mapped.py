"""The numbers of a value in a file: read where they lie, decoded only where they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from layerwalk.errors import FileError, NotFoundError
from layerwalk.frozen import quickly_made
from layerwalk.record import Array, Region
from layerwalk.store.detail import Detail, Scales

__all__ = ["Absent", "Bits16", "Codes", "Decoder", "Floats16", "Mapped"]


class Decoder(Protocol):
    """What turns cells of the file into float32 numbers."""

    def numbers(self, cells: Array) -> NDArray[np.float32]:
        """The numbers of some cells, in their shape."""
        ...


@quickly_made
@dataclass(frozen=True, eq=False, slots=True)
class Mapped:
    """A value in a mapped file; reading a region touches only the pages it needs.

    Attributes
    ----------
    strides
        In elements, as the framework laid the value out when it was recorded; the file
        itself is in C order.
    detail
        How exactly the numbers were kept: ``"exact"``, ``"half"`` or ``"compact"``.
    max_error
        The largest absolute error of any finite number of the stored tensor; 0.0 where the
        numbers are exact.

    Examples
    --------
    >>> trace["conv1"].outputs[0].data.max_error        # doctest: +SKIP
    0.00097
    """

    strides: tuple[int, ...]
    window: Array
    decoder: Decoder | None = None
    detail: Detail = "exact"
    max_error: float = 0.0

    def read(self, region: Region = ()) -> Array:
        """Return the region, read-only; the file's own memory where numbers are stored raw.

        Raises
        ------
        NotFoundError
            The region lies outside the value.
        """
        try:
            part = self.window[(*region, ...)]
        except IndexError as problem:
            raise NotFoundError(
                f"there is no region {region} in a value of shape {self.window.shape}"
            ) from problem
        if self.decoder is None:
            return part
        numbers = _each_cell_once(part, self.decoder)
        numbers.flags.writeable = False
        return numbers


@dataclass(frozen=True, slots=True)
class Absent:
    """A weight that was left out of the file: it has strides, but no numbers."""

    strides: tuple[int, ...]
    name: str

    def read(self, region: Region = ()) -> Array:
        """Raise :class:`~layerwalk.FileError`, whatever the region."""
        raise FileError(
            f"{self.name} was left out when the trace was saved", mend="save it with weights=True"
        )


@dataclass(frozen=True, slots=True)
class Floats16:
    """Cells are float16."""

    def numbers(self, cells: Array) -> NDArray[np.float32]:
        """Widen the cells."""
        with np.errstate(invalid="ignore"):  # a signalling NaN becomes a quiet one
            return cells.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Bits16:
    """Cells are bfloat16, of which numpy sees the bits: the upper half of a float32's."""

    def numbers(self, cells: Array) -> NDArray[np.float32]:
        """Put the bits in their place."""
        bits = cells.astype(np.uint32)
        bits <<= 16
        return bits.view(np.float32)


@dataclass(frozen=True, eq=False, slots=True)
class Codes:
    """Cells are 8-bit codes of ``tensor``, which is flat."""

    tensor: NDArray[np.uint8]
    scales: Scales

    def numbers(self, cells: Array) -> NDArray[np.float32]:
        """Decode the cells, each with the scale of its channel."""
        return self.scales.along(cells, self._channels(cells))

    def _channels(self, cells: Array) -> NDArray[np.intp]:
        """The channel of each cell, in a shape that broadcasts against the cells."""
        inner, count = self.scales.inner, len(self.scales.scale)
        start = cells.__array_interface__["data"][0] - self.tensor.__array_interface__["data"][0]
        # An axis that stays inside a channel needs no index, one that steps over whole
        # channels needs a short one; only a view that does neither pays one per cell.
        steps = [s if n > 1 else 0 for n, s in zip(cells.shape, cells.strides, strict=True)]
        within = sum(
            (n - 1) * step for n, step in zip(cells.shape, steps, strict=True) if step % inner
        )
        whole = min(steps, default=0) >= 0 and start % inner + within < inner
        unit = inner if whole else 1
        position = np.array(start // unit)
        for n, step in zip(cells.shape, steps, strict=True):
            moves = step and not (whole and step % inner)
            position = np.add.outer(position, np.arange(n if moves else 1) * (step // unit))
        return position // (inner // unit) % count


def _each_cell_once(part: Array, decoder: Decoder) -> Array:
    """The numbers of a view that may meet a cell more than once (expanded, unfolded).

    Decoding through the view would make as many numbers as the view has, which a small file
    could declare to be more than any memory holds; decoding the cells under it cannot.
    """
    reaches = [(n - 1) * step for n, step in zip(part.shape, part.strides, strict=True)]
    extent = sum(abs(reach) for reach in reaches) // part.itemsize + 1
    if part.size <= extent:
        return decoder.numbers(part)
    first = part[tuple(slice(-1, None) if step < 0 else slice(1) for step in part.strides)]
    cells = decoder.numbers(as_strided(first, (extent,), (part.itemsize,), writeable=False))
    scale = cells.itemsize // part.itemsize
    before = -sum(reach for reach in reaches if reach < 0) // part.itemsize
    return as_strided(
        cells[before:],
        part.shape,
        [step * scale for step in part.strides],
        writeable=False,
    )
