"""A data set: pictures with labels, by number."""

from __future__ import annotations

import importlib
import operator
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.images import Image
from layerwalk.data.sets.class_names import check_classes, check_labels
from layerwalk.data.sets.hold_out import hold_out
from layerwalk.errors import DataError, NotFoundError

__all__ = ["DataSet", "Subset"]


class DataSet(ABC):
    """Pictures with labels, by number; nothing is read before it is asked for.

    ``data[i]`` is ``(picture, label)``, and :func:`len` is how many there are, so PyTorch's
    ``DataLoader`` takes one as it is, with workers.

    Attributes
    ----------
    name
        What it is called: ``"mnist"``.
    classes
        What each label is called; label 3 is ``classes[3]``.
    about
        Where it comes from, in words.
    white
        The level of full brightness. It is 255, unless the set was recorded with fewer
        levels: divide by it, not by 255, to have numbers of 0 to 1.

    Examples
    --------
    >>> from layerwalk.data.sets import load_data
    >>> data = load_data("mnist")
    >>> len(data), data.picture(0).shape, data.label(0), data.classes[:3]
    (10000, (28, 28, 1), 3, ('0', '1', '2'))
    >>> train, held_out = data.split(2000, seed=1)
    >>> len(train), len(held_out)
    (8000, 2000)
    """

    def __init__(
        self, name: str, classes: Sequence[str], *, about: str = "", white: int = 255
    ) -> None:
        self.name = name
        self.classes = tuple(classes)
        self.about = about
        self.white = white
        check_classes(self.classes, name)

    @abstractmethod
    def __len__(self) -> int: ...

    @property
    def shape(self) -> tuple[int, int, int] | None:
        """Height, width and channels of every picture, where that is known without reading."""
        return None

    @abstractmethod
    def picture(self, index: SupportsIndex) -> NDArray[np.uint8]:
        """Picture number ``index`` as levels, uint8 of shape (height, width, 1 or 3).

        Raises
        ------
        NotFoundError
            There is no such number.
        ImageError
            The picture cannot be read; the error names its file.
        """

    @abstractmethod
    def _read_labels(self) -> NDArray[np.integer[Any]]:
        """The labels, (N,), as they are stored."""

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """Every label, int64 of shape (N,), read-only; no picture is decoded for it.

        Raises
        ------
        DataError
            A label is not the number of a class.
        """
        return check_labels(self._read_labels(), len(self.classes), self.name)

    def label(self, index: SupportsIndex) -> int:
        """The label of picture number ``index``, from 0.

        Raises
        ------
        NotFoundError
            There is no such number.
        """
        return int(self.labels[self.number(index)])

    def pictures(self, indices: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Several pictures at once, uint8 of shape (n, height, width, 1 or 3).

        Where some are grey and some in colour, the grey ones get three equal channels.

        Raises
        ------
        DataError
            Their sizes differ.
        """
        found = [self.picture(index) for index in indices]
        if not found:
            return np.zeros((0, *self.picture(0).shape), np.uint8)
        channels = max(one.shape[2] for one in found)
        for index, one in zip(indices, found, strict=True):
            if one.shape[:2] != found[0].shape[:2]:
                (first, second) = (f"{a.shape[1]} x {a.shape[0]}" for a in (found[0], one))
                raise DataError(
                    f"its pictures differ in size: number {indices[0]} is {first} pixels, "
                    f"number {index} is {second}",
                    where=self.name,
                    mend="take them one by one with picture(i), and resize them",
                )
        return np.stack([np.broadcast_to(one, (*one.shape[:2], channels)) for one in found])

    def image(self, index: SupportsIndex) -> Image:
        """Picture number ``index`` as :func:`layerwalk.load_image` gives them.

        Where ``white`` is not 255 its levels are scaled to 255 and rounded.
        """
        levels = self.picture(index)
        if self.white != 255:
            levels = np.rint(levels * (255 / self.white)).astype(np.uint8)
        mode = "L" if levels.shape[2] == 1 else "RGB"
        pixels = np.array(np.broadcast_to(levels, (*levels.shape[:2], 3)))
        return Image(pixels, name=f"{self.name}/{self.number(index)}", mode=mode)

    def subset(self, indices: Sequence[int] | NDArray[np.integer[Any]]) -> DataSet:
        """The pictures of these numbers, in this order; none is read or copied.

        Raises
        ------
        NotFoundError
            There is no such number.
        """
        return Subset(self, indices)

    def split(self, held_out: int | float, seed: int = 0) -> tuple[DataSet, DataSet]:
        """What is left to learn from, and what is held out, each shuffled.

        Every class has its share of what is held out, to one picture.

        Parameters
        ----------
        held_out
            How many pictures, or, between 0 and 1, what share of them.
        seed
            The same seed gives the same split.

        Raises
        ------
        DataError
            One of the two would be empty.
        """
        kept, out = hold_out(self.labels, held_out, seed, self.name)
        return self.subset(kept), self.subset(out)

    def show(self, *, browser: bool = True) -> Any:
        """Open the explorer at this data set: what is in it, and every picture.

        See :func:`layerwalk.surfaces.show.show_data`.
        """
        # By name, when called: the lowest rooms hang on none of the higher ones.
        room = importlib.import_module("layerwalk.surfaces.show")
        return room.show_data(self, browser=browser)

    def number(self, index: SupportsIndex) -> int:
        """The index as an int.

        Raises
        ------
        NotFoundError
            There is no such number.
        """
        number = operator.index(index)
        if 0 <= number < len(self):
            return number
        raise NotFoundError(
            f"there is no picture {number}",
            where=self.name,
            mend=f"its {len(self):,} have the numbers 0 to {len(self) - 1}",
        )

    def __getitem__(self, index: SupportsIndex) -> tuple[NDArray[np.uint8], int]:
        if not 0 <= operator.index(index) < len(self):
            raise IndexError(index)  # what ends a loop over anything with __getitem__
        return self.picture(index), self.label(index)

    def __iter__(self) -> Iterator[tuple[NDArray[np.uint8], int]]:
        labels = self.labels
        for index in range(len(self)):
            yield self.picture(index), int(labels[index])

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self):,} pictures, {len(self.classes):,} classes>"


class Subset(DataSet):
    """Some pictures of another data set, in an order of their own.

    Attributes
    ----------
    whole
        The data set that they are of.
    indices
        Their numbers there, int64.
    """

    def __init__(self, whole: DataSet, indices: Sequence[int] | NDArray[np.integer[Any]]) -> None:
        super().__init__(whole.name, whole.classes, about=whole.about, white=whole.white)
        chosen = np.array(indices)
        if chosen.dtype == np.bool_ or chosen.ndim != 1 or chosen.dtype.kind not in "iuf":
            raise DataError(
                f"an array of type {chosen.dtype} and shape {chosen.shape} chooses no pictures",
                where=whole.name,
                mend="give their numbers, such as numpy.flatnonzero(data.labels == 3)",
            )
        if chosen.dtype.kind == "f" and chosen.size:
            raise DataError("numbers of pictures are whole", where=whole.name)
        if chosen.size:
            whole.number(int(chosen.min()))
            whole.number(int(chosen.max()))
        chosen = chosen.astype(np.int64)
        while isinstance(whole, Subset):
            chosen, whole = whole.indices[chosen], whole.whole
        chosen.flags.writeable = False
        self.whole: DataSet = whole
        self.indices: NDArray[np.int64] = chosen

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def shape(self) -> tuple[int, int, int] | None:
        """Height, width and channels of every picture, where that is known."""
        return self.whole.shape

    def picture(self, index: SupportsIndex) -> NDArray[np.uint8]:
        """Picture number ``index`` of these."""
        return self.whole.picture(int(self.indices[self.number(index)]))

    def pictures(self, indices: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Several pictures of these at once."""
        return self.whole.pictures(self.indices[np.asarray(indices, np.int64)])

    def _read_labels(self) -> NDArray[np.integer[Any]]:
        return np.asarray(self.whole.labels[self.indices])
