"""What a data set holds, counted exactly in one pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.sets.data_set import DataSet
from layerwalk.data.sets.stream import Stream

__all__ = ["Statistics", "measure"]

_RUN: Final = 1 << 22  # numbers taken in one go
_MOST_SUMS: Final = 1 << 25  # sums kept for the classes' means: 256 MB


@dataclass(frozen=True, eq=False, slots=True)
class Statistics:
    """Counts of a data set.

    Attributes
    ----------
    name, classes, white
        As of the data set.
    counts
        How many pictures each class has.
    sizes
        Height and width of the pictures, and how many have them, the most frequent first.
    grey
        How many pictures are grey; the others are in colour.
    levels
        How many pixels have each level, int64 of shape (channels, 256). Where some pictures
        are in colour, the grey ones count in all three.
    class_sums
        For every class the sum of its pictures, uint64 of shape (classes, H, W, channels);
        ``None`` where the sizes differ, or it would take more than 256 MB.
    """

    name: str
    classes: tuple[str, ...]
    white: int
    counts: tuple[int, ...]
    sizes: tuple[tuple[tuple[int, int], int], ...]
    grey: int
    levels: NDArray[np.int64] = field(repr=False)
    class_sums: NDArray[np.uint64] | None = field(repr=False)

    @property
    def count(self) -> int:
        """How many pictures there are."""
        return sum(self.counts)

    @property
    def channels(self) -> int:
        """1 if every picture is grey, else 3."""
        return len(self.levels)

    @property
    def mean(self) -> tuple[float, ...]:
        """The mean of each channel over every pixel, on a scale where white is 1.

        The sums are whole numbers, so only the last division rounds.
        """
        return tuple(total / (count * self.white) for count, total, _ in self._moments())

    @property
    def std(self) -> tuple[float, ...]:
        """The standard deviation of each channel (of the population), where white is 1."""
        return tuple(
            math.sqrt((count * squares - total**2) / (count * self.white) ** 2)
            for count, total, squares in self._moments()
        )

    def class_mean(self, label: int) -> NDArray[np.float64] | None:
        """The mean picture of a class in levels, (H, W, channels).

        ``None`` where there is none: the sizes differ, or the class is empty.
        """
        if self.class_sums is None or not self.counts[label]:
            return None
        return np.asarray(self.class_sums[label] / self.counts[label])

    def _moments(self) -> Iterator[tuple[int, int, int]]:
        """Of each channel the number of its pixels, the sum and the sum of squares."""
        for row in self.levels:
            counts = [int(count) for count in row]
            total = sum(level * count for level, count in enumerate(counts))
            squares = sum(level * level * count for level, count in enumerate(counts))
            yield sum(counts), total, squares


def measure(data: DataSet | Stream, done: Callable[[int], object] = lambda _: None) -> Statistics:
    """The counts of a data set, in one pass that holds few pictures at a time.

    Parameters
    ----------
    data
        The data set, or a stream that has an end.
    done
        Called with a number of pictures as they are counted.

    Examples
    --------
    >>> from layerwalk.data.sets import load_data
    >>> found = measure(load_data("mnist"))
    >>> found.counts[:3], round(found.mean[0], 4), round(found.std[0], 4)
    ((1001, 1127, 991), 0.1311, 0.3087)

    Raises
    ------
    LayerwalkError
        A picture cannot be read.
    """
    classes = len(data.classes)
    counts = np.zeros(classes, np.int64)
    sizes: dict[tuple[int, int], int] = {}
    grey = 0
    # Grey and coloured apart, because which of the two a set has is known at its end.
    levels = {1: np.zeros((1, 256), np.int64), 3: np.zeros((3, 256), np.int64)}
    sums = _Sums(classes)
    for pictures, labels in _runs(data):
        number, height, width, channels = pictures.shape
        counts += np.bincount(labels, minlength=classes)
        sizes[height, width] = sizes.get((height, width), 0) + number
        grey += number * (channels == 1)
        for channel in range(channels):
            seen = pictures[..., channel].reshape(-1)
            levels[channels][channel] += np.bincount(seen, minlength=256)
        sums.add(pictures, labels)
        done(number)
    total = levels[1] if not levels[3].any() else levels[1] + levels[3]
    return Statistics(
        data.name,
        data.classes,
        data.white,
        tuple(int(count) for count in counts),
        tuple(sorted(sizes.items(), key=lambda one: (-one[1], one[0]))),
        grey,
        total,
        sums.total(len(total)),
    )


class _Sums:
    """The sum of each class's pictures, as long as all have one size."""

    def __init__(self, classes: int) -> None:
        self._classes = classes
        self._size: tuple[int, int] | None = None
        self._sums: dict[int, NDArray[np.uint64]] = {}
        self._given_up = False

    def add(self, pictures: NDArray[np.uint8], labels: NDArray[np.int64]) -> None:
        _, height, width, channels = pictures.shape
        self._size = self._size or (height, width)
        room = self._classes * height * width * channels
        if self._given_up or self._size != (height, width) or room > _MOST_SUMS:
            self._given_up = True
            self._sums.clear()
            return
        if channels not in self._sums:
            self._sums[channels] = np.zeros((self._classes, height, width, channels), np.uint64)
        for label in np.unique(labels):
            chosen = pictures[labels == label]
            self._sums[channels][label] += chosen.sum(axis=0, dtype=np.uint64)

    def total(self, channels: int) -> NDArray[np.uint64] | None:
        if self._given_up or not self._sums:
            return None
        shape = next(iter(self._sums.values())).shape
        return np.asarray(sum(self._sums.values(), np.zeros((*shape[:3], channels), np.uint64)))


def _runs(data: DataSet | Stream) -> Iterator[tuple[NDArray[np.uint8], NDArray[Any]]]:
    """Pictures of one size with their labels: many at once where that is quick."""
    shape = data.shape if isinstance(data, DataSet) else None
    if isinstance(data, Stream) or shape is None:
        for picture, label in data:
            yield picture[None], np.array([label])
        return
    step = max(1, _RUN // math.prod(shape))
    for start in range(0, len(data), step):
        chosen = np.arange(start, min(start + step, len(data)))
        yield data.pictures(chosen), data.labels[chosen]
