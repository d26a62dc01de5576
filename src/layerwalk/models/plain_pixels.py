"""The preprocessing of networks that take pixels as they are."""

from __future__ import annotations

from typing import Literal

from layerwalk.data.preprocessing import Preprocessing

__all__ = ["plain_pixels"]


def plain_pixels(size: int | None, channels: Literal[1, 3]) -> Preprocessing:
    """Pixels as x / 255, nothing else; the teaching networks take them like this.

    Examples
    --------
    >>> plain_pixels(28, 1).describe()
    'grey, shorter side to 28 (bilinear), centre crop 28x28, x/255, mean 0, std 1'
    """
    return Preprocessing(
        resize=size,
        crop=size,
        interpolation="bilinear",
        mean=(0.0,) * channels,
        std=(1.0,) * channels,
        channels=channels,
    )
