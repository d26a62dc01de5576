"""Windows over feature maps: names of the dimensions, and where a window's positions lie."""

from __future__ import annotations

from collections.abc import Sequence

from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis

__all__ = ["LOOPS", "affine", "map_axes", "rank_of", "slid"]

# The positions within a window, by how many dimensions it has.
LOOPS = {1: ("v",), 2: ("u", "v"), 3: ("t", "u", "v")}
_SPACE = {1: ("x",), 2: ("y", "x"), 3: ("z", "y", "x")}


def rank_of(call: Call) -> int:
    """How many dimensions the op slides over: 2 for ``conv2d``."""
    return int(call.kind.removesuffix("_aa")[-2])


def map_axes(call: Call, rank: int) -> tuple[Axis, ...]:
    """The output as a feature map with ``rank`` dimensions of space, of a batch or of one image.

    Unlike ``call.axes``, a (C, H, W) output of a 2-D op is (c, y, x).
    """
    more = len(call.shape) - rank
    if more not in (1, 2):
        raise NoRecipeError(f"a {len(call.shape)}-D output of {call.kind}")
    return tuple(zip((*("n", "c")[-more:], *_SPACE[rank]), call.shape, strict=True))


def affine(*terms: tuple[int, Expression] | int) -> Expression:
    """A sum of multiples of names, and a number, without what adds nothing.

    Examples
    --------
    >>> affine((2, "y"), (1, "u"), -1)
    ('add', ('mul', 2, 'y'), 'u', -1)
    >>> affine((1, "y"), (0, "u"), 0)
    'y'
    """
    parts: list[Expression] = []
    for term in terms:
        if isinstance(term, int):
            parts.extend([term] if term else [])
        elif term[0]:
            parts.append(term[1] if term[0] == 1 else ("mul", *term))
    if not parts:
        return 0
    return parts[0] if len(parts) == 1 else ("add", *parts)


def slid(
    places: Sequence[str],
    stride: Sequence[int],
    dilation: Sequence[int],
    before: Sequence[int],
) -> tuple[Expression, ...]:
    """Where the positions of a window lie that slides over a padded input."""
    return tuple(
        affine((s, place), (d, loop), -p)
        for s, place, d, loop, p in zip(
            stride, places, dilation, LOOPS[len(places)], before, strict=True
        )
    )
