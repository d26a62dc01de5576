"""Arrays as a trace keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field

from layerwalk.errors import NotFoundError
from layerwalk.record import Array, Region

__all__ = ["Numbers"]


@dataclass(frozen=True, eq=False, slots=True)
class Numbers:
    """The numbers of one value, in memory; read-only."""

    array: Array = field(repr=False)
    name: str

    @property
    def strides(self) -> tuple[int, ...]:
        """Strides in elements."""
        return tuple(step // max(self.array.itemsize, 1) for step in self.array.strides)

    def read(self, region: Region = ()) -> Array:
        """The region of the value, or all of it."""
        try:
            part = self.array[(*region, ...)].view()
        except IndexError:
            raise NotFoundError(
                f"there is no part {region} in shape {self.array.shape}", where=self.name
            ) from None
        part.flags.writeable = False
        return part
