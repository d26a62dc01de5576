"""One picture of any kind as levels."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from layerwalk.data.images import Image, load_image
from layerwalk.data.sets.pixels import PixelScale, unit_levels
from layerwalk.errors import DataError

__all__ = ["as_picture", "levels_of"]

# Pillow's modes without colour; what is transparent in them lies on white, and is grey still.
_GREY: Final = frozenset({"1", "L", "LA", "La", "I", "F", "I;16", "I;16L", "I;16B", "I;16N"})


def levels_of(image: Image) -> NDArray[np.uint8]:
    """The levels of an image: (H, W, 3), or (H, W, 1) where its file was grey."""
    return image.pixels[..., :1] if image.mode in _GREY else image.pixels


def as_picture(thing: object, where: str, *, rounded: bool = False) -> NDArray[np.uint8]:
    """A picture as uint8 of shape (H, W, 1 or 3), without losing anything.

    Parameters
    ----------
    thing
        A Pillow image; an array (H, W), (H, W, C) or (C, H, W), or a tensor of such a shape,
        C 1 or 3. Floats are 0 to 1, and have to be levels divided by 255.
    where
        What errors call it.
    rounded
        Whether floats may be rounded to the nearest level.

    Examples
    --------
    >>> as_picture(np.eye(2, dtype=np.float32), "eye")[..., 0]
    array([[255,   0],
           [  0, 255]], dtype=uint8)

    Raises
    ------
    LayerwalkError
        It is no picture, or its numbers are no levels.
    """
    if isinstance(thing, Image):
        return levels_of(thing)
    if isinstance(thing, PIL.Image.Image):
        return levels_of(load_image(thing))
    array = _as_array(thing)
    if array is None:
        kind = type(thing)
        name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        raise DataError(
            f"an object of type {name} is no picture",
            where=where,
            mend="give a Pillow image, an array or a tensor",
        )
    pixels = _upright(array, where)
    if pixels.dtype.kind == "f":
        return unit_levels(pixels, where, rounded=rounded)
    return PixelScale(pixels[None], where).levels(pixels)


def _as_array(thing: object) -> NDArray[Any] | None:
    if isinstance(thing, np.ndarray):
        return thing
    # A tensor, told by what it can do: to import torch for this would be dear.
    if hasattr(thing, "detach") and hasattr(thing, "numpy"):
        tensor: Any = thing
        return np.asarray(tensor.detach().cpu().numpy())
    return None


def _upright(array: NDArray[Any], where: str) -> NDArray[Any]:
    if array.size and array.ndim == 2:
        return array[..., None]
    if array.size and array.ndim == 3:
        if array.shape[2] in (1, 3):
            return array
        if array.shape[0] in (1, 3):
            return np.moveaxis(array, 0, 2)
    raise DataError(
        f"an array of shape {array.shape} is no picture",
        where=where,
        mend="give (H, W), (H, W, C) or (C, H, W), with C 1 or 3",
    )
