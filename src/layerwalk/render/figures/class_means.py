"""The mean picture of each class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.record import Array
from layerwalk.render.figures.examples import example_pictures
from layerwalk.render.numerals import tell_count

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["class_means"]


def class_means(
    means: Sequence[Array],
    classes: Sequence[str],
    counts: Sequence[int],
    *,
    title: str = "The mean picture of each class",
    white: float = 255,
    limit: int = 100,
) -> Figure:
    """The mean picture of each class side by side, as a matplotlib figure.

    Parameters
    ----------
    means
        Mean levels, each (H, W), (H, W, 1) or (H, W, 3), 0 to ``white``; those in colour are
        drawn to the nearest level.
    classes
        What the classes are called.
    counts
        How many pictures each mean is of.
    title
        Printed above.
    white
        The level that is drawn white; 0 is black.
    limit
        Only so many are drawn; the header says how many there are.

    Raises
    ------
    LayerwalkError
        There is no mean, or one is no picture.

    Examples
    --------
    >>> import numpy as np
    >>> figure = class_means([np.full((8, 8), 40.5)] * 2, ["ant", "bee"], [12, 40])
    """
    shown = [_drawable(np.asarray(mean)) for mean in means[:limit]]
    facts = [
        tell_count(sum(counts), "picture"),
        "each pixel the mean of its levels over the pictures of the class",
    ]
    notes = ["fixed scale, the same for all"]
    if len(shown) < len(means):
        notes.append(f"the first {len(shown)} of {len(means)} classes")
    return example_pictures(
        shown,
        list(classes[:limit]),
        title=title,
        numbers=[f"mean of {count:,}" for count in counts[:limit]],
        facts=facts,
        notes=notes,
        white=white,
    )


def _drawable(mean: Array) -> Array:
    if mean.ndim == 3 and mean.shape[2] == 3:
        return np.rint(mean).astype(np.uint8)
    return mean
