"""A filter laid over every place of a picture."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import ImageError, LayerwalkError
from layerwalk.filters.border import Border, Padding, check_border, pad
from layerwalk.filters.kernel import Kernel, as_filter
from layerwalk.record import Array

__all__ = ["Pictured", "apply_filter"]


@runtime_checkable
class Pictured(Protocol):
    """Something with pixels, (H, W) or (H, W, C): an image, a trace's photo."""

    @property
    def pixels(self) -> Array:
        """The numbers."""
        ...


def apply_filter(
    image: Array | Pictured,
    filter: Kernel,  # noqa: A002 - the field's word
    *,
    stride: int = 1,
    padding: Padding = "valid",
    border: Border = "zero",
) -> NDArray[np.float64]:
    """What a filter makes of a picture, float64 of shape (H', W') or (H', W', C).

    At each place the filter's numbers are multiplied with the pixels below them and added
    up. The filter is not flipped: this is cross-correlation, which convolutional networks
    (``torch.conv2d``), OpenCV's ``filter2D`` and ``scipy.ndimage.correlate`` compute.
    (A convolution in the sense of mathematics turns the filter by 180 degrees first.)

    Nothing is scaled, rounded or cut off: levels of 0 to 255 may become negative or larger.
    The channels of a colour picture are filtered each on its own.

    Parameters
    ----------
    image
        (H, W) or (H, W, C) of any real dtype, or what ``load_image`` gave back.
    filter
        A name (:func:`.find_filter`), a :class:`.Filter`, a matrix, or one as text
        (:func:`.parse_filter`).
    stride
        How many pixels the filter moves from one place to the next, both ways.
    padding
        ``"valid"``: the filter stays inside the picture, and the result is smaller.
        ``"same"``: with stride 1 the result has the picture's size. A filter of even length
        then reaches one pixel further to the right and below than to the left and above, as
        in PyTorch; OpenCV and SciPy do it the other way round. A number: so many pixels on
        each side.
    border
        What the padding is made of: ``"zero"``, ``"replicate"`` (the border's own pixel),
        ``"reflect"`` (mirrored, without the border's pixel), ``"symmetric"`` (mirrored, with
        it) or ``"circular"``.

    Examples
    --------
    >>> import layerwalk as lw
    >>> photo = lw.load_image("sample:dog")
    >>> apply_filter(photo, "gaussian-5", padding="same", border="reflect").shape
    (540, 720, 3)
    >>> apply_filter(photo.grey(), "1 0; 0 -1", stride=2).shape
    (270, 360)
    >>> apply_filter(np.array([[10, 20, 40]]), [[-1, 1]])
    array([[10., 20.]])

    Raises
    ------
    ImageError
        The picture has another shape or type, or is smaller than the filter.
    LayerwalkError
        The filter, stride, padding or border is none.

    Notes
    -----
    The products are added in float64, row by row of the filter, in its order: exact for
    whole numbers, such as levels under a filter of whole numbers.
    """
    kernel = as_filter(filter).matrix
    height, width = kernel.shape
    step = _step(stride)
    pixels = pad(_pixels(image), (height, width), padding, check_border(border))
    down, across = pixels.shape[0] - height, pixels.shape[1] - width
    if down < 0 or across < 0:
        raise ImageError(
            f"a filter of {height} x {width} does not fit into {pixels.shape[0]} x "
            f"{pixels.shape[1]} pixels",
            where="image",
            mend="use the padding same, or a smaller filter",
        )
    total = np.zeros((down // step + 1, across // step + 1, *pixels.shape[2:]))
    product = np.empty_like(total)
    # What is not finite in the picture stays so, as in a network, and is no reason to warn.
    with np.errstate(invalid="ignore", over="ignore"):
        for (y, x), number in np.ndenumerate(kernel):
            below = pixels[y : y + down + 1 : step, x : x + across + 1 : step]
            total += np.multiply(below, number, out=product)
    return total


def _pixels(image: Array | Pictured) -> Array:
    pixels = np.asarray(image.pixels if isinstance(image, Pictured) else image)
    if pixels.dtype.kind not in "biuf":
        raise ImageError(
            f"numbers of type {pixels.dtype} are no picture",
            where="image",
            mend="pass whole numbers or floats, (height, width) or (height, width, channels)",
        )
    if pixels.ndim not in (2, 3) or pixels.size == 0:
        raise ImageError(
            f"an array of shape {pixels.shape} is no picture",
            where="image",
            mend="pass (height, width) or (height, width, channels)",
        )
    return pixels


def _step(stride: object) -> int:
    if isinstance(stride, bool) or not isinstance(stride, (int, np.integer)) or stride < 1:
        raise LayerwalkError(f"{stride!r} is no stride", where="stride", mend="use 1, 2, 3, ...")
    return int(stride)
