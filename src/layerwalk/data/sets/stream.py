"""A data set that comes by, one picture after another: it may be larger than the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.sets.array_set import ArraySet
from layerwalk.data.sets.class_names import check_classes
from layerwalk.data.sets.data_set import DataSet
from layerwalk.data.sets.pair_set import PairSet
from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError

__all__ = ["Example", "Stream", "stream_of"]

Example: TypeAlias = tuple[NDArray[np.uint8], int]


class Stream:
    """Pictures and labels in the order in which they come; each pass begins anew.

    Attributes
    ----------
    name, classes, about
        As of :class:`.DataSet`.

    Examples
    --------
    >>> from layerwalk.data.sets import load_data
    >>> stream = load_data("mnist", stream=True).shuffled(seed=1, buffer=100)
    >>> picture, label = next(iter(stream))
    >>> picture.shape, stream.classes[label]
    ((28, 28, 1), '5')
    >>> stream.take(50)
    <mnist: 50 pictures, 10 classes>
    """

    def __init__(
        self,
        begin: Callable[[], Iterator[Example]],
        name: str,
        classes: Sequence[str],
        *,
        about: str = "",
        white: int = 255,
    ) -> None:
        check_classes(classes, name)
        self._begin = begin
        self.name = name
        self.classes = tuple(classes)
        self.about = about
        self.white = white

    def __iter__(self) -> Iterator[Example]:
        return self._begin()

    def __repr__(self) -> str:
        return f"<{self.name}: a stream, {len(self.classes):,} classes>"

    def shuffled(self, seed: int = 0, buffer: int = 1000) -> Stream:
        """The same pictures in a shuffled order, the same in each pass.

        So many as ``buffer`` says are held in memory; each time, one of them is drawn and
        the next one takes its place. A set that comes sorted by class needs a large one.

        Raises
        ------
        DataError
            ``buffer`` is below 1.
        """
        if buffer < 1:
            raise DataError(f"a buffer of {buffer} holds nothing", where=self.name)

        def begin() -> Iterator[Example]:
            return _shuffle(self._begin(), np.random.default_rng(seed), buffer)

        return Stream(begin, self.name, self.classes, about=self.about, white=self.white)

    def take(self, count: int) -> DataSet:
        """The first ``count`` pictures as a data set in memory.

        Raises
        ------
        DataError
            There is none.
        """
        held = [one for one, _ in zip(self, range(count), strict=False)]
        if not held:
            raise DataError(f"there is none among the first {count}", where=self.name)
        shapes = {picture.shape for picture, _ in held}
        if len(shapes) > 1:
            return PairSet(held, Wanted(classes=self.classes), name=self.name)
        pictures = np.stack([picture for picture, _ in held])
        labels = np.array([label for _, label in held])
        return ArraySet(
            pictures, labels, self.name, self.classes, about=self.about, white=self.white
        )


def stream_of(data: DataSet) -> Stream:
    """The pictures of a data set as a stream, in their order."""
    return Stream(lambda: iter(data), data.name, data.classes, about=data.about, white=data.white)


def _shuffle(
    examples: Iterator[Example], random: np.random.Generator, buffer: int
) -> Iterator[Example]:
    held: list[Example] = []
    for one in examples:
        if len(held) < buffer:
            held.append(one)
            continue
        at = int(random.integers(buffer))
        yield held[at]
        held[at] = one
    yield from (held[at] for at in random.permutation(len(held)))
