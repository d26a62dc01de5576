"""Data sets in the library: found by id or name, counted beside what else is asked, closed."""

from __future__ import annotations

import threading
import time
from typing import SupportsIndex

import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.data.sets import DataSet, load_data, measure
from layerwalk.errors import ImageError, NotFoundError
from layerwalk.surfaces.library import Library, OpenData
from layerwalk.surfaces.library.problem import RequestError


class Slow(DataSet):
    """Pictures that are read one at a time, slowly; whoever reads two at once is told."""

    def __init__(self, count: int = 200, broken: int | None = None) -> None:
        super().__init__("slow", ("even", "odd"))
        self._count, self._broken = count, broken
        self._turn = threading.Lock()
        self.read: list[int] = []

    def __len__(self) -> int:
        return self._count

    def picture(self, index: SupportsIndex) -> NDArray[np.uint8]:
        assert self._turn.acquire(blocking=False), "two at once"
        try:
            number = self.number(index)
            if number == self._broken:
                raise ImageError("it is damaged", where=f"{number}.png")
            time.sleep(0.002)
            self.read.append(number)
            return np.full((2, 2, 1), number, np.uint8)
        finally:
            self._turn.release()

    def _read_labels(self) -> NDArray[np.int64]:
        return np.arange(self._count, dtype=np.int64) % 2


def ended(opened: OpenData) -> OpenData:
    while opened.state == "counting":
        time.sleep(0.005)
    return opened


def test_a_set_keeps_its_id() -> None:
    library = Library()
    data = load_data("mnist").subset(range(20))
    key = library.data.add(data)
    assert key.startswith("mnist-")
    assert library.data.add(data) == key
    assert library.data.find(key).data is data
    assert [(card.id, card.pictures) for card in library.data.cards()][:2] == [
        (key, 20), ("mnist", 10_000),
    ]  # fmt: skip
    assert library.data.added() == (key,)
    library.close(key)
    assert not library.data.has(key)
    with pytest.raises(NotFoundError, match="no data set"):
        library.data.find(key)


def test_what_is_at_hand_is_found_by_its_name() -> None:
    library = Library()
    assert len(library.data.find("mnist").data) == 10_000
    assert library.data.find("mnist") is library.data.find("mnist")
    assert library.data.added() == ()
    # Nothing is downloaded because a page names it.
    with pytest.raises(NotFoundError):
        library.data.find("cifar10")


def test_it_is_counted_once_and_as_measure_does() -> None:
    data = load_data("mnist").subset(range(300))
    opened = OpenData("few", data)
    opened.count()
    opened.count()
    found, wanted = ended(opened).statistics, measure(data)
    assert found is not None
    assert (opened.state, opened.counted) == ("counted", 300)
    assert (found.counts, found.mean, found.std) == (wanted.counts, wanted.mean, wanted.std)
    assert np.array_equal(found.levels, wanted.levels)


def test_pictures_are_read_while_it_is_counted() -> None:
    data = Slow()
    opened = OpenData("slow", data)
    opened.count()
    while not data.read:
        time.sleep(0.001)
    assert opened.picture(199).tolist() == np.full((2, 2, 1), 199).tolist()
    assert opened.state == "counting"
    assert data.read.index(199) < 190
    ended(opened)
    assert opened.counted == 200


def test_counting_ends_with_the_library() -> None:
    library = Library()
    data = Slow(100_000)
    opened = library.data.find(library.data.add(data))
    opened.count()
    library.stop()
    while any(one.name == f"layerwalk-counting-{opened.id}" for one in threading.enumerate()):
        time.sleep(0.005)
    assert opened.state == "counting"
    assert opened.counted < 100_000


def test_why_it_could_not_be_counted() -> None:
    opened = OpenData("broken", Slow(20, broken=11))
    opened.count()
    assert ended(opened).state == "failed"
    assert opened.problem == "11.png: it is damaged."
    assert opened.statistics is None
    assert opened.picture(3)[0, 0] == 3


def test_orders() -> None:
    opened = OpenData("few", Slow(10))
    assert opened.order(None, None).tolist() == list(range(10))
    assert opened.order(1, None).tolist() == [1, 3, 5, 7, 9]
    shuffled = opened.order(1, 4)
    assert sorted(shuffled) == [1, 3, 5, 7, 9]
    assert opened.order(1, 4) is shuffled
    for seed in range(5, 9):
        opened.order(None, seed)
    assert opened.order(1, 4) is not shuffled
    assert opened.order(1, 4).tolist() == shuffled.tolist()


def test_a_picture_to_be_walked() -> None:
    library = Library()
    picture = library.data.picture("data:mnist/17")
    assert picture.name == "mnist/17"
    image = picture.load()
    assert (image.name, image.mode) == ("mnist/17", "L")
    assert np.array_equal(image.pixels[..., :1], load_data("mnist").picture(17))
    assert picture.light
    assert sum(picture.held.values()) == 28 * 28 * 3
    for wrong in ("data:mnist", "data:mnist/x", "data:mnist/-1", "data:/3x"):
        with pytest.raises(RequestError, match="no picture of a data set"):
            library.data.picture(wrong)
    with pytest.raises(NotFoundError, match="no picture 10000"):
        library.data.picture("data:mnist/10000")
