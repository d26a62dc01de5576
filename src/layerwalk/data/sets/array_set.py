"""A data set of arrays: in memory, or mapped from a file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.sets.data_set import DataSet
from layerwalk.data.sets.mapped import MappedArray
from layerwalk.data.sets.pixels import PixelScale, channels_last
from layerwalk.errors import DataError

__all__ = ["ArraySet"]


class ArraySet(DataSet):
    """Pictures of one size in one array.

    Parameters
    ----------
    pictures
        (N, H, W), (N, H, W, C) or (N, C, H, W) with C 1 or 3, of any type of number that
        :class:`.PixelScale` knows levels of; in memory, or in a file.
    labels
        (N,), whole numbers.
    name, classes, about, white
        As of :class:`.DataSet`.
    rounded
        Whether floats may be rounded to the nearest level.

    Examples
    --------
    >>> data = ArraySet(np.zeros((4, 8, 8)), np.array([0, 1, 1, 0]), "black", ("a", "b"))
    >>> data.pictures([0, 3]).shape, data.pictures([0]).dtype
    ((2, 8, 8, 1), dtype('uint8'))

    Raises
    ------
    DataError
        The arrays have other shapes, or their lengths differ.
    """

    def __init__(
        self,
        pictures: NDArray[Any] | MappedArray,
        labels: NDArray[Any],
        name: str,
        classes: Sequence[str],
        *,
        about: str = "",
        white: int = 255,
        rounded: bool = False,
    ) -> None:
        super().__init__(name, classes, about=about, white=white)
        self._pictures, self._labels, self._rounded = pictures, labels, rounded
        if len(pictures) != len(labels):
            raise DataError(
                f"it has {len(pictures):,} pictures and {len(labels):,} labels", where=name
            )
        if not len(pictures):
            raise DataError("it has no picture", where=name)
        if not isinstance(pictures, MappedArray):
            channels_last(pictures, name)

    def __len__(self) -> int:
        return len(self._pictures)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of every picture."""
        height, width, channels = self._pixels.shape[1:]
        return height, width, channels

    def picture(self, index: SupportsIndex) -> NDArray[np.uint8]:
        """Picture number ``index``; see :meth:`.DataSet.picture`."""
        return self._scale.levels(self._pixels[self.number(index)])

    def pictures(self, indices: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Several pictures at once; see :meth:`.DataSet.pictures`."""
        chosen = np.asarray(indices, np.int64)
        if chosen.size:
            self.number(int(chosen.min()))
            self.number(int(chosen.max()))
        return self._scale.levels(self._pixels[chosen])

    @cached_property
    def _pixels(self) -> NDArray[Any]:
        held = self._pictures
        array = held.open() if isinstance(held, MappedArray) else held
        return channels_last(array, self.name)

    @cached_property
    def _scale(self) -> PixelScale:
        return PixelScale(self._pixels, self.name, rounded=self._rounded)

    def _read_labels(self) -> NDArray[np.integer[Any]]:
        return self._labels

    def __getstate__(self) -> dict[str, Any]:
        # A worker of its own process maps the file for itself.
        made = ("_pixels", "_scale")
        return {name: held for name, held in vars(self).items() if name not in made}
