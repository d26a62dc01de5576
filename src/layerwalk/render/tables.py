"""The colour tables: viridis, magma, grey, and blue to red about white."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerwalk.render.paper import Colour

__all__ = ["EXTRA", "MapName", "colour_table"]

MapName: TypeAlias = Literal["viridis", "magma", "grey", "bluered"]

# The colour of what is not a number: loud, and far from every entry of its table for
# normal and for red-green blind eyes (at least 0.09 in OKLab).
EXTRA: Final[dict[MapName, Colour]] = {
    "viridis": (255, 0, 212),
    "magma": (0, 229, 255),
    "grey": (57, 255, 20),
    "bluered": (57, 255, 20),
}


@cache
def colour_table(name: MapName) -> NDArray[np.uint8]:
    """The 256 colours of a map, a read-only uint8 array of shape (256, 3).

    ``viridis`` and ``magma`` are matplotlib's own tables, ``grey`` runs from black to
    white. ``bluered`` has 255 colours, so that zero falls on one of them, entry 127,
    which is exactly white; entry 255 repeats the last. Its lightness falls in a straight
    line from zero to both ends and is the same for v and -v.

    Examples
    --------
    >>> colour_table("bluered")[127]
    array([255, 255, 255], dtype=uint8)
    """
    if name == "grey":
        table = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    elif name == "bluered":
        table = _blue_to_red()
    else:
        import matplotlib as mpl

        table = mpl.colormaps[name](np.arange(256), bytes=True)[:, :3].copy()
    table.setflags(write=False)
    return table


def _blue_to_red() -> NDArray[np.uint8]:
    """Drawn in OKLab (Ottosson 2020, bottosson.github.io/posts/oklab), inside sRGB."""
    signed = np.linspace(-1, 1, 255)
    size = np.abs(signed)
    lightness = 1 - 0.64 * size
    chroma = np.where(
        signed < 0, 0.285 * size * (1 - 0.60 * size**3), 0.32 * size * (1 - 0.56 * size**3)
    )
    hue = np.radians(np.where(signed < 0, 251 + 6 * size, 34 - 14 * size))
    a, b = chroma * np.cos(hue), chroma * np.sin(hue)
    cones = np.stack(
        [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ]
    )
    to_linear = np.array(
        [
            [4.0767416621, -3.3077115913, 0.2309699292],
            [-1.2684380046, 2.6097574011, -0.3413193965],
            [-0.0041960863, -0.7034186147, 1.7076147010],
        ]
    )
    linear = np.clip(to_linear @ cones**3, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    colours = np.round(255 * encoded.T).astype(np.uint8)
    return np.concatenate([colours, colours[-1:]])
