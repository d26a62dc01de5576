"""Numbers of any type as the levels of pictures, only where that loses nothing."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import DataError

__all__ = ["PixelScale", "channels_last", "unit_levels"]

_CHUNK: Final = 1 << 24  # numbers looked at in one go: 128 MB as float64
_MEND: Final = "give levels of 0 to 255, or let them be rounded with rounded=True"


class PixelScale:
    """How the numbers of one array become levels of 0 to 255.

    - uint8: as they are; bool: false is 0, true 255.
    - other whole numbers: as they are, if all lie within 0 to 255.
    - floats: if none is above 1, 1.0 is level 255; else they have to be levels already.

    Parameters
    ----------
    array
        The whole array, because one picture does not tell how bright white is. It is looked
        at when the first picture is asked for.
    where
        What errors call it.
    rounded
        Whether floats may be rounded to the nearest level; otherwise they have to be levels
        exactly.

    Examples
    --------
    >>> dim = np.array([[0, 51 / 255], [0, 1]], np.float32)
    >>> PixelScale(dim, "dim").levels(dim[0])
    array([ 0, 51], dtype=uint8)
    """

    def __init__(self, array: NDArray[Any], where: str, *, rounded: bool = False) -> None:
        if array.dtype.kind not in "buif":
            raise DataError(
                f"numbers of type {array.dtype} are no pictures", where=where, mend=_MEND
            )
        self._array, self._where, self._rounded = array, where, rounded

    @cached_property
    def _is_unit(self) -> bool:
        """Whether 1.0 is white."""
        low, high = _range(self._array)
        if not (low >= 0 and high <= 255):
            raise DataError(
                f"its numbers go from {low:.4g} to {high:.4g}, and levels from 0 to 255",
                where=self._where,
                mend="give the pictures as they were before they were normalised",
            )
        return self._array.dtype.kind == "f" and high <= 1

    def levels(self, part: NDArray[Any]) -> NDArray[np.uint8]:
        """The numbers of a part of the array as levels, in the same shape.

        Raises
        ------
        DataError
            They are no levels.
        """
        if part.dtype == np.uint8:
            return np.asarray(part)
        if part.dtype == np.bool_:
            return part.astype(np.uint8) * np.uint8(255)
        if self._is_unit:
            return unit_levels(part, self._where, rounded=self._rounded)
        found: NDArray[np.uint8] = np.rint(part).astype(np.uint8)
        if not self._rounded and not np.array_equal(found, part):
            raise DataError(
                "its numbers are above 1 and not whole, so they are no levels",
                where=self._where,
                mend=_MEND,
            )
        return found


def unit_levels(values: NDArray[Any], where: str, *, rounded: bool = False) -> NDArray[np.uint8]:
    """Floats of 0 to 1 as levels, if each is a level divided by 255 in its own precision.

    Examples
    --------
    >>> unit_levels(np.array([0, 128 / 255, 1], np.float32), "numbers")
    array([  0, 128, 255], dtype=uint8)
    >>> unit_levels(np.array([0.5]), "numbers", rounded=True)
    array([128], dtype=uint8)

    Raises
    ------
    DataError
        They are not, and may not be rounded; or they lie outside 0 to 1.
    """
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if not (low >= 0 and high <= 1):
        raise DataError(
            f"its floats go from {low:.4g} to {high:.4g}, not from 0 to 1",
            where=where,
            mend="give the pictures as they were before they were normalised",
        )
    exact = np.result_type(values.dtype, np.float32)
    found: NDArray[np.uint8] = np.rint(np.multiply(values, 255, dtype=exact)).astype(np.uint8)
    if not rounded:
        # The nearest number to level / 255 that the type has, divided as one would.
        again = (found.astype(exact) / exact.type(255)).astype(values.dtype)
        times = (found.astype(exact) * exact.type(1 / 255)).astype(values.dtype)
        off = np.flatnonzero((again != values) & (times != values))
        if off.size:
            value = float(values.reshape(-1)[off[0]])
            raise DataError(
                f"its floats are no levels divided by 255 (one is {value:.8g})",
                where=where,
                mend=_MEND,
            )
    return found


def channels_last(array: NDArray[Any], where: str) -> NDArray[Any]:
    """The pictures as (N, H, W, C), a view.

    Raises
    ------
    DataError
        The array has another shape than (N, H, W), (N, H, W, C) or (N, C, H, W), C 1 or 3.
    """
    if array.ndim == 3 and array.size:
        return array[..., None]
    if array.ndim == 4 and array.size:
        if array.shape[3] in (1, 3):
            return array
        if array.shape[1] in (1, 3):
            return np.moveaxis(array, 1, 3)
    side = int(array.shape[1] ** 0.5) if array.ndim == 2 else 0
    mend = "give (N, H, W), (N, H, W, C) or (N, C, H, W), with C 1 or 3"
    if side > 1 and side * side == array.shape[1]:
        mend = f"if each row is a picture, reshape it to ({array.shape[0]}, {side}, {side})"
    raise DataError(f"an array of shape {array.shape} holds no pictures", where=where, mend=mend)


def _range(array: NDArray[Any]) -> tuple[float, float]:
    """The least and the greatest number, in passes of bounded memory; NaN if there is one."""
    rows = max(1, _CHUNK // max(1, array[0].size))
    parts = [array[at : at + rows] for at in range(0, len(array), rows)]
    return float(np.min([one.min() for one in parts])), float(np.max([one.max() for one in parts]))
