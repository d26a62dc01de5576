"""The filters of the tutorials and textbooks, by name."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Final

import numpy as np

from layerwalk.errors import NotFoundError
from layerwalk.filters.filter import Filter
from layerwalk.filters.notation import read_matrix

__all__ = ["FOUR_EDGES", "filters", "find_filter"]

FOUR_EDGES: Final = ("edge-right-4", "edge-left-4", "edge-below-4", "edge-above-4")
"""The filters of the network ``edges``, in its order."""

# A name ends with the size where that is not 3 x 3.
_TABLE: Final = (
    ("identity", "0 0 0; 0 1 0; 0 0 0", "leaves every pixel as it is"),
    ("box-2", "1/4 * (1 1; 1 1)", "blurs: the mean of 2 x 2 pixels"),
    ("box", "1/9 * (1 1 1; 1 1 1; 1 1 1)", "blurs: the mean of 3 x 3 pixels"),
    ("box-4", "1/16 * (1 1 1 1; 1 1 1 1; 1 1 1 1; 1 1 1 1)", "blurs: the mean of 4 x 4 pixels"),
    (
        "box-5",
        "1/25 * (1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1)",
        "blurs: the mean of 5 x 5 pixels",
    ),
    ("gaussian", "1/16 * (1 2 1; 2 4 2; 1 2 1)", "blurs: near pixels count for more"),
    (
        "gaussian-4",
        "1/64 * (1 3 3 1; 3 9 9 3; 3 9 9 3; 1 3 3 1)",
        "blurs: near pixels count for more",
    ),
    (
        "gaussian-5",
        "1/256 * (1 4 6 4 1; 4 16 24 16 4; 6 24 36 24 6; 4 16 24 16 4; 1 4 6 4 1)",
        "blurs: near pixels count for more",
    ),
    ("sharpen", "0 -1 0; -1 5 -1; 0 -1 0", "adds what differs from the four neighbours"),
    (
        "sharpen-diagonals",
        "-1 -1 -1; -1 9 -1; -1 -1 -1",
        "adds what differs from all eight neighbours",
    ),
    (
        "sharpen-5",
        (
            "1/256 * (-1 -4 -6 -4 -1; -4 -16 -24 -16 -4; -6 -24 476 -24 -6;"
            " -4 -16 -24 -16 -4; -1 -4 -6 -4 -1)"
        ),
        "unsharp masking: twice the picture less its Gaussian blur",
    ),
    ("darken", "0 0 0; 0 0.5 0; 0 0 0", "half as bright"),
    ("brighten", "0 0 0; 0 1.5 0; 0 0 0", "half as bright again"),
    ("emboss", "-2 -1 0; -1 1 1; 0 1 2", "a relief, lit from the upper left"),
    ("edge", "0 1 0; 1 -4 1; 0 1 0", "Laplacian: the four neighbours less the pixel"),
    (
        "edge-diagonals",
        "1 1 1; 1 -8 1; 1 1 1",
        "Laplacian with diagonals: all eight neighbours less the pixel",
    ),
    (
        "edge-5",
        "0 0 1 0 0; 0 1 2 1 0; 1 2 -16 2 1; 0 1 2 1 0; 0 0 1 0 0",
        "Laplacian of a Gaussian: edges of what is left after a blur",
    ),
    ("sobel-x", "-1 0 1; -2 0 2; -1 0 1", "positive where it gets brighter to the right"),
    ("sobel-y", "-1 -2 -1; 0 0 0; 1 2 1", "positive where it gets brighter downwards"),
    (
        "sobel-x-5",
        "-1 -2 0 2 1; -4 -8 0 8 4; -6 -12 0 12 6; -4 -8 0 8 4; -1 -2 0 2 1",
        "positive where it gets brighter to the right, over five pixels",
    ),
    (
        "sobel-y-5",
        "-1 -4 -6 -4 -1; -2 -8 -12 -8 -2; 0 0 0 0 0; 2 8 12 8 2; 1 4 6 4 1",
        "positive where it gets brighter downwards, over five pixels",
    ),
    (
        "prewitt-x",
        "-1 0 1; -1 0 1; -1 0 1",
        "positive where it gets brighter to the right; all rows alike",
    ),
    (
        "prewitt-y",
        "-1 -1 -1; 0 0 0; 1 1 1",
        "positive where it gets brighter downwards; all columns alike",
    ),
    (
        "scharr-x",
        "-3 0 3; -10 0 10; -3 0 3",
        "positive where it gets brighter to the right; truer to slants than Sobel",
    ),
    (
        "scharr-y",
        "-3 -10 -3; 0 0 0; 3 10 3",
        "positive where it gets brighter downwards; truer to slants than Sobel",
    ),
    ("roberts-pos", "1 0; 0 -1", "positive where it gets darker to the lower right"),
    ("roberts-neg", "0 1; -1 0", "positive where it gets brighter to the upper right"),
    ("difference-x", "-1 1", "the next pixel to the right less this one"),
    ("difference-y", "-1; 1", "the next pixel below less this one"),
    (
        "edge-right-4",
        "-1 -1 1 1; -1 -1 1 1; -1 -1 1 1; -1 -1 1 1",
        "positive where it gets brighter to the right; the first of the network edges",
    ),
    (
        "edge-left-4",
        "1 1 -1 -1; 1 1 -1 -1; 1 1 -1 -1; 1 1 -1 -1",
        "positive where it gets darker to the right; the second of the network edges",
    ),
    (
        "edge-below-4",
        "-1 -1 -1 -1; -1 -1 -1 -1; 1 1 1 1; 1 1 1 1",
        "positive where it gets brighter downwards; the third of the network edges",
    ),
    (
        "edge-above-4",
        "1 1 1 1; 1 1 1 1; -1 -1 -1 -1; -1 -1 -1 -1",
        "positive where it gets darker downwards; the fourth of the network edges",
    ),
)
_OTHER_NAMES: Final = {
    "blur": "gaussian",
    "laplacian": "edge",
    "laplacian-of-gaussian": "edge-5",
    "mean": "box",
    "unsharp": "sharpen-5",
}


@cache
def _by_name() -> dict[str, Filter]:
    return {name: Filter(name, np.array(read_matrix(text)), about) for name, text, about in _TABLE}


def filters() -> tuple[Filter, ...]:
    """Every filter that has a name.

    Examples
    --------
    >>> [one.name for one in filters()][:4]
    ['identity', 'box-2', 'box', 'box-4']
    """
    return tuple(_by_name().values())


def find_filter(name: str) -> Filter:
    """The filter of that name.

    Capitals, spaces and underscores are as good as hyphens: ``"Sobel X"``. A name without a
    size is that of 3 x 3, which may be said, too: ``"sobel-x-3"``.

    Examples
    --------
    >>> find_filter("sobel-x").matrix
    array([[-1.,  0.,  1.],
           [-2.,  0.,  2.],
           [-1.,  0.,  1.]])

    Raises
    ------
    NotFoundError
        There is none; it says which names are near.
    """
    known = _by_name()
    wanted = "-".join(name.lower().replace("_", " ").replace("-", " ").split())
    for said in (wanted, wanted.removesuffix("-3")):
        found = known.get(_OTHER_NAMES.get(said, said))
        if found is not None and (said == wanted or found.shape == (3, 3)):
            return found
    near = [one for one in known if one.startswith(f"{wanted}-")] if wanted else []
    near = near or difflib.get_close_matches(wanted, [*known, *_OTHER_NAMES], n=3)
    raise NotFoundError(
        f"there is no filter {name[:60]!r}",
        mend=f"did you mean {' or '.join(near[:4])}?"
        if near
        else "layerwalk filters --list names them, and a matrix of your own will do",
    )
