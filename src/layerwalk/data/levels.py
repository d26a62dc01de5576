"""Numbers of any width turned into the 256 levels of a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import ImageError

__all__ = ["levels", "wide_levels"]


def levels(values: NDArray[Any], where: str) -> NDArray[np.uint8]:
    """The numbers as uint8, in the same shape.

    bool: false is 0, true is 255. uint8: as they are. uint16: 65535 becomes 255. Floats: 1.0
    becomes 255. Each is rounded to the nearest level.

    Examples
    --------
    >>> levels(np.array([0, 257, 65535], np.uint16), "numbers")
    array([  0,   1, 255], dtype=uint8)
    >>> levels(np.array([0.0, 0.5, 1.0]), "numbers")
    array([  0, 128, 255], dtype=uint8)

    Raises
    ------
    ImageError
        The numbers are of another type, negative, above 1 (floats) or not finite.
    """
    kind = values.dtype.kind
    if kind == "b":
        return values.astype(np.uint8) * np.uint8(255)
    if values.dtype == np.uint8:
        return values.astype(np.uint8, copy=False)
    if kind == "u" and values.dtype.itemsize == 2:
        return _scaled(values, 65535)
    if kind == "f":
        return _from_unit(values, where)
    raise ImageError(
        f"numbers of type {values.dtype} are no picture",
        where=where,
        mend="use .astype('uint8') for levels of 0 to 255, or floats of 0 to 1",
    )


def wide_levels(values: NDArray[np.int32], where: str) -> NDArray[np.uint8]:
    """The numbers of a 32-bit picture as uint8, in the same shape.

    Such files seldom say what white is: it is the largest number of the least of 8, 16 or
    31 bits that holds all of them.

    Examples
    --------
    >>> wide_levels(np.array([0, 257, 65535], np.int32), "numbers")
    array([  0,   1, 255], dtype=uint8)

    Raises
    ------
    ImageError
        A number is negative.
    """
    low, high = int(values.min()), int(values.max())
    if low < 0:
        raise ImageError(
            f"it holds negative numbers (down to {low}), which are no brightness",
            where=where,
            mend="scale it to floats of 0 to 1 and pass the array",
        )
    if high <= 65535:
        return _scaled(values, 255 if high <= 255 else 65535)
    scaled: NDArray[np.uint8] = np.rint(values * (255 / (2**31 - 1))).astype(np.uint8)
    return scaled


def _scaled(values: NDArray[Any], most: int) -> NDArray[np.uint8]:
    # A table keeps a 100-megapixel picture from needing eight bytes a pixel on the way.
    table = np.rint(np.arange(65536) * (255 / most)).clip(0, 255).astype(np.uint8)
    scaled: NDArray[np.uint8] = table[values]
    return scaled


def _from_unit(values: NDArray[Any], where: str) -> NDArray[np.uint8]:
    low, high = values.min(), values.max()  # a NaN anywhere makes both NaN
    if np.isnan(low):
        raise ImageError(
            "it holds numbers that are not a number (NaN)",
            where=where,
            mend="replace them first, for instance with numpy.nan_to_num",
        )
    if low < 0 or high > 1:
        divide = 255 if high <= 255 else 65535
        raise ImageError(
            f"its floats go from {low:.4g} to {high:.4g}, outside 0 to 1",
            where=where,
            mend=(
                f"divide by {divide} if white is {divide}"
                if low >= 0 and 2 <= high <= 65535
                else "scale it with (x - x.min()) / (x.max() - x.min()), or numpy.clip(x, 0, 1)"
            ),
        )
    exact = np.result_type(values.dtype, np.float32)
    scaled: NDArray[np.uint8] = np.rint(np.multiply(values, 255, dtype=exact)).astype(np.uint8)
    return scaled
