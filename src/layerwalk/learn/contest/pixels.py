"""Pictures moved by a few pixels, and pictures whose pixels are shuffled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["moved", "shuffled"]


def moved(pictures: NDArray[np.uint8], down: int, across: int) -> NDArray[np.uint8]:
    """Pictures (N, H, W, C) moved down and to the right; what comes in from outside is black.

    >>> moved(np.arange(1, 5, dtype=np.uint8).reshape(1, 2, 2, 1), 0, 1)[0, ..., 0].tolist()
    [[0, 1], [0, 3]]
    """
    found = np.zeros_like(pictures)
    _, height, width, _ = pictures.shape
    if abs(down) >= height or abs(across) >= width:
        return found
    to, come = _sides(down), _sides(-down)
    over, off = _sides(across), _sides(-across)
    found[:, to, over] = pictures[:, come, off]
    return found


def shuffled(pictures: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """Pictures (N, H, W, C), the pixels of all of them in one other order that a seed decides.

    The channels of a pixel stay together.

    >>> first = np.arange(6, dtype=np.uint8).reshape(1, 2, 3, 1)
    >>> sorted(shuffled(first, 0).ravel().tolist())
    [0, 1, 2, 3, 4, 5]
    """
    count, height, width, channels = pictures.shape
    order = np.random.default_rng(seed).permutation(height * width)
    flat = pictures.reshape(count, height * width, channels)
    return flat[:, order].reshape(pictures.shape)


def _sides(by: int) -> slice:
    """Where a picture that is moved lies on its place."""
    return slice(by, None) if by >= 0 else slice(None, by)
