"""A data set that is looked at: counted in a thread of its own, and read by the page meanwhile."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal, SupportsIndex, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerwalk.data import Image
from layerwalk.data.sets import DataSet, Statistics, measure
from layerwalk.surfaces.library.problem import problem_of

__all__ = ["OpenData", "Ordering"]

_MOST_ORDERS: Final = 3
_BRIEFLY: Final = 0.001  # seconds between two looks whether the page has had its turn

Ordering: TypeAlias = NDArray[np.int64]
"""The numbers of pictures, in the order in which they are looked at."""


class _Closed(BaseException):
    """Nobody looks at it any more. No ``Exception``: whoever reads pictures may catch those."""


class OpenData:
    """A data set, and what is known of it by now.

    Attributes
    ----------
    id
        What the page calls it.
    data
        The data set itself; pictures are asked for here, because its reader may be one that
        cannot serve two threads at once.
    state, counted
        Whether the pixels are counted, and of how many pictures.
    statistics
        What was counted, once that is done.
    problem
        Why it could not be, in a sentence.
    """

    def __init__(self, key: str, data: DataSet) -> None:
        self.id = key
        self.data = data
        self.state: Literal["counting", "counted", "failed"] = "counting"
        self.counted = 0
        self.statistics: Statistics | None = None
        self.problem: str | None = None
        self._closed = False
        self._thread: threading.Thread | None = None
        self._orders: OrderedDict[tuple[int | None, int | None], Ordering] = OrderedDict()
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._waiting = 0

    def count(self) -> None:
        """Begin to count, unless that has begun."""
        with self._lock:
            if self._thread is None and not self._closed:
                name = f"layerwalk-counting-{self.id}"
                self._thread = threading.Thread(target=self._count, name=name, daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Count no further."""
        with self._lock:
            self._closed = True

    def picture(self, index: int) -> NDArray[np.uint8]:
        """Picture number ``index`` as levels, before whatever the counting reads next.

        Raises
        ------
        LayerwalkError
            There is no such picture, or it cannot be read.
        """
        with self._turn():
            return self.data.picture(index)

    def image(self, index: int) -> Image:
        """Picture number ``index`` as networks are given it.

        Raises
        ------
        LayerwalkError
            There is no such picture, or it cannot be read.
        """
        with self._turn():
            return self.data.image(index)

    def order(self, label: int | None, seed: int | None) -> Ordering:
        """The numbers of the pictures of a class, or of all, shuffled by a seed or not.

        The last few are kept: a page asks for one part after the other.
        """
        with self._lock:
            known = self._orders.get((label, seed))
            if known is not None:
                self._orders.move_to_end((label, seed))
                return known
        chosen = _of_class(self.data, label)
        found = chosen if seed is None else np.random.default_rng(seed).permutation(chosen)
        with self._lock:
            self._orders[label, seed] = found
            while len(self._orders) > _MOST_ORDERS:
                self._orders.popitem(last=False)
        return found

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._lock:
            self._waiting += 1
        try:
            with self._reading:
                yield
        finally:
            with self._lock:
                self._waiting -= 1

    def _count(self) -> None:
        try:
            self.statistics = measure(_Turns(self.data, self._reading), self._counted)
        except _Closed:
            return
        except BaseException as error:
            # Whatever its reader raises is told to whoever looks; no other thread would see it.
            self.problem = problem_of(error).sentence
            self.state = "failed"
        else:
            self.state = "counted"

    def _counted(self, number: int) -> None:
        self.counted += number
        while self._waiting and not self._closed:
            time.sleep(_BRIEFLY)
        if self._closed:
            raise _Closed


class _Turns(DataSet):
    """A data set that is read by one thread at a time."""

    def __init__(self, whole: DataSet, turn: threading.Lock) -> None:
        super().__init__(whole.name, whole.classes, about=whole.about, white=whole.white)
        self._whole, self._turn = whole, turn

    def __len__(self) -> int:
        return len(self._whole)

    @property
    def shape(self) -> tuple[int, int, int] | None:
        return self._whole.shape

    def picture(self, index: SupportsIndex) -> NDArray[np.uint8]:
        with self._turn:
            return self._whole.picture(index)

    def pictures(self, indices: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        with self._turn:
            return self._whole.pictures(indices)

    def _read_labels(self) -> NDArray[np.integer[Any]]:
        return self._whole.labels


def _of_class(data: DataSet, label: int | None) -> Ordering:
    if label is None:
        return np.arange(len(data), dtype=np.int64)
    return np.flatnonzero(data.labels == label).astype(np.int64, copy=False)
