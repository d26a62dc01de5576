"""The pictures of a data set: examples, class balance, mean pictures, one picture's numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.sets import DataSet, Statistics
from layerwalk.errors import DataError
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.album import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["choose_examples", "data_pictures"]

_MOST_CELLS: Final = 28  # a side of the numbers that are printed
_WHOLE: Final = 32  # up to this side a picture is printed whole
_COLOURS: Final = ("red", "green", "blue")


def choose_examples(data: DataSet, count: int, seed: int) -> NDArray[np.int64]:
    """The numbers of pictures to look at, drawn at random, none twice.

    Examples
    --------
    >>> from layerwalk.data.sets import load_data
    >>> choose_examples(load_data("mnist"), 3, seed=0).tolist()
    [6368, 5111, 8504]
    """
    random = np.random.default_rng(seed)
    return random.choice(len(data), min(count, len(data)), replace=False).astype(np.int64)


def data_pictures(
    data: DataSet, found: Statistics, *, count: int = 20, seed: int = 0, index: int = 0
) -> list[Picture]:
    """The pictures that show what a data set holds; each is drawn when it is asked for.

    Parameters
    ----------
    data
        The data set.
    found
        What was counted in it.
    count, seed
        How many examples are drawn, and which.
    index
        The number of the picture whose levels are printed; of a large one, those in its
        middle.

    Raises
    ------
    NotFoundError
        There is no picture of that number.
    """
    data.number(index)
    chosen = choose_examples(data, count, seed)
    pictures = [
        Picture(
            "examples.png",
            f"{tell_count(len(chosen), 'picture')} with labels, drawn with seed {seed}",
            lambda: _examples(data, chosen, seed),
        ),
        Picture("balance.png", "how many pictures each class has", lambda: _balance(found)),
    ]
    if found.class_sums is not None:
        means = Picture("means.png", "the mean picture of each class", lambda: _means(found))
        pictures.append(means)
    return [*pictures, *_grids(data, index)]


def _examples(data: DataSet, chosen: NDArray[np.int64], seed: int) -> Figure:
    from layerwalk.render.figures import example_pictures

    return example_pictures(
        [data.picture(at) for at in chosen],
        [data.classes[data.label(at)] for at in chosen],
        title=f"{data.name}: pictures with their labels",
        numbers=[f"number {at}" for at in chosen],
        facts=[
            tell_count(len(data), "picture"),
            tell_count(len(data.classes), "class", "classes"),
            f"{len(chosen):,} of them drawn with seed {seed}",
        ],
        white=data.white,
    )


def _balance(found: Statistics) -> Figure:
    from layerwalk.render.figures import class_balance

    title = f"{found.name}: how many pictures each class has"
    return class_balance(found.counts, found.classes, title=title)


def _means(found: Statistics) -> Figure:
    from layerwalk.render.figures import class_means

    means = {label: found.class_mean(label) for label in range(len(found.classes))}
    there = {label: mean for label, mean in means.items() if mean is not None}
    return class_means(
        list(there.values()),
        [found.classes[label] for label in there],
        [found.counts[label] for label in there],
        title=f"{found.name}: the mean picture of each class",
        white=found.white,
    )


def _grids(data: DataSet, index: int) -> list[Picture]:
    """One grid of numbers for each channel of a picture."""
    shape = data.shape or data.picture(index).shape
    if shape[2] == 1:
        return [Picture("pixels.png", f"every level of picture {index}", _grid(data, index, None))]
    return [
        Picture(
            f"pixels-{colour}.png",
            f"the {colour} levels of picture {index}",
            _grid(data, index, channel),
        )
        for channel, colour in enumerate(_COLOURS)
    ]


def _grid(data: DataSet, index: int, channel: int | None) -> Callable[[], Figure]:
    def draw() -> Figure:
        from layerwalk.render.figures import pixel_grid

        levels = data.picture(index)
        if channel is not None and levels.shape[2] == 1:
            raise DataError("it is grey", where=f"picture {index}")
        corner, part = _middle(levels[..., channel or 0])
        colour = "" if channel is None else f"{_COLOURS[channel]} "
        label = data.classes[data.label(index)]
        notes = [f"0 black, {data.white} white"]
        if part.shape != levels.shape[:2]:
            notes.append(f"the middle of {levels.shape[0]} rows and {levels.shape[1]} columns")
        return pixel_grid(
            part,
            title=f"{data.name}, picture {index}, class {label}: {colour}levels",
            map="grey",
            limits=(0, data.white),
            notes=notes,
            corner=corner,
        )

    return draw


def _middle(levels: NDArray[np.uint8]) -> tuple[tuple[int, int], NDArray[np.uint8]]:
    """What is printed of a picture, and the row and column where it begins."""
    height, width = levels.shape
    if max(height, width) <= _WHOLE:
        return (0, 0), levels
    high, wide = min(height, _MOST_CELLS), min(width, _MOST_CELLS)
    top, left = (height - high) // 2, (width - wide) // 2
    return (top, left), levels[top : top + high, left : left + wide]
