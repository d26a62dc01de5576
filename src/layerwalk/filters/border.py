"""What is taken for the pixels beyond a picture's border."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array

__all__ = ["Border", "Padding", "check_border", "pad", "sides"]

Border: TypeAlias = Literal["zero", "replicate", "reflect", "symmetric", "circular"]
"""``"zero"``: nothing; ``"replicate"``: the border's own pixel, ``aaa|abcd``; ``"reflect"``:
the picture mirrored at its last pixel, ``dcb|abcd``; ``"symmetric"``: mirrored behind it,
``cba|abcd``; ``"circular"``: the other side's pixels, ``bcd|abcd``.
"""

Padding: TypeAlias = Literal["valid", "same"] | int
"""``"valid"``: none; ``"same"``: as much as keeps the size; or pixels on each side."""

_MODES: Final[dict[Border, Literal["constant", "edge", "reflect", "symmetric", "wrap"]]] = {
    "zero": "constant",
    "replicate": "edge",
    "reflect": "reflect",
    "symmetric": "symmetric",
    "circular": "wrap",
}
_MOST: Final = 500_000_000  # numbers of a padded picture


def check_border(border: str) -> Border:
    """The border mode that was named.

    Raises
    ------
    LayerwalkError
        There is none of that name.
    """
    if border not in _MODES:
        raise LayerwalkError(
            f"there is no border {border!r}", where="border", mend=f"use {', '.join(_MODES)}"
        )
    return border


def sides(padding: Padding, length: int) -> tuple[int, int]:
    """How many pixels a kernel of that length needs before and behind a row.

    Where ``"same"`` cannot be even, one more goes behind, as in PyTorch.

    Examples
    --------
    >>> sides("same", 3), sides("same", 4), sides("valid", 4), sides(2, 3)
    ((1, 1), (1, 2), (0, 0), (2, 2))

    Raises
    ------
    LayerwalkError
        The padding is neither of the words nor a whole number from 0.
    """
    if padding == "same":
        before = (length - 1) // 2
        return before, length - 1 - before
    given: object = 0 if padding == "valid" else padding
    if not isinstance(given, (int, np.integer)) or isinstance(given, bool) or given < 0:
        known = " or ".join(get_args(get_args(Padding)[0]))
        raise LayerwalkError(
            f"{padding!r} is no padding", where="padding", mend=f"use {known}, or 0, 1, 2, ..."
        )
    return int(given), int(given)


def pad(image: Array, shape: tuple[int, int], padding: Padding, border: Border) -> Array:
    """The picture, (H, W) or (H, W, C), with the pixels that a kernel of that shape needs round it.

    Examples
    --------
    >>> pad(np.array([[1, 2, 3]]), (1, 3), 2, "zero")[2]
    array([0, 0, 1, 2, 3, 0, 0])
    >>> pad(np.array([[1, 2, 3]]), (1, 4), "same", "reflect")
    array([[2, 1, 2, 3, 2, 1]])
    """
    around = tuple(sides(padding, length) for length in shape)
    if not any(sum(pair) for pair in around):
        return image
    widths = (*around, (0, 0))[: image.ndim]
    lengths = [length + sum(pair) for length, pair in zip(image.shape, widths, strict=True)]
    if float(np.prod(lengths, dtype=np.float64)) > _MOST:
        told = " x ".join(f"{length}" for length in lengths[:2])
        raise LayerwalkError(
            f"the padded picture would be {told} pixels", where="padding", mend="pad it less"
        )
    return np.pad(image, widths, mode=_MODES[check_border(border)])
