"""An array that stays in its file until it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import DataError

__all__ = ["MappedArray"]


@dataclass(frozen=True, slots=True)
class MappedArray:
    """Where in a file an array lies; what is read of it takes memory, the rest does not.

    Attributes
    ----------
    path
        The file.
    offset
        Bytes before its first number.
    dtype, shape
        As of the array.
    order
        ``"C"`` or ``"F"``.
    """

    path: Path
    offset: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: Literal["C", "F"] = "C"

    def __len__(self) -> int:
        return self.shape[0]

    def open(self) -> NDArray[Any]:
        """The array, mapped for reading.

        Raises
        ------
        DataError
            The file is gone, or was cut short since.
        """
        try:
            mapped: NDArray[Any] = np.memmap(
                self.path, self.dtype, "r", self.offset, self.shape, order=self.order
            )
            # As a plain array, whose views are quicker to make.
            return mapped.view(np.ndarray)
        except (OSError, ValueError) as error:
            raise DataError(
                f"its numbers cannot be read any more ({error})",
                where=str(self.path),
                mend="was the file changed?",
            ) from error
