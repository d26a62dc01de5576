from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.data.sets import ArraySet, Stream, load_data
from layerwalk.errors import DataError

Levels = NDArray[np.uint8]


def counting(count: int, drawn: list[int] | None = None) -> Stream:
    """Pictures of one pixel, which is their number; what was drawn is noted."""

    def begin() -> Iterator[tuple[Levels, int]]:
        for at in range(count):
            if drawn is not None:
                drawn.append(at)
            yield np.full((1, 1, 1), at, np.uint8), at % 2

    return Stream(begin, "counting", ("even", "odd"))


def order(stream: Stream) -> list[int]:
    return [int(picture.item()) for picture, _ in stream]


def test_each_pass_begins_anew() -> None:
    stream = counting(5)
    assert order(stream) == order(stream) == [0, 1, 2, 3, 4]
    assert repr(stream) == "<counting: a stream, 2 classes>"


@pytest.mark.parametrize("buffer", [1, 2, 7, 100])
def test_a_shuffled_stream_has_every_picture_once(buffer: int) -> None:
    stream = counting(30).shuffled(seed=5, buffer=buffer)
    seen = order(stream)
    assert sorted(seen) == list(range(30))
    assert order(stream) == seen
    assert (seen == list(range(30))) is (buffer == 1)
    # None comes more than the buffer's length before its place.
    assert all(number - at < buffer for at, number in enumerate(seen))


def test_the_buffer_is_all_that_is_held() -> None:
    drawn: list[int] = []
    passing = iter(counting(1000, drawn).shuffled(seed=0, buffer=8))
    next(passing)
    assert len(drawn) == 9


def test_the_first_pictures_as_a_set() -> None:
    drawn: list[int] = []
    data = counting(100, drawn).take(6)
    assert isinstance(data, ArraySet)
    assert (len(data), data.labels.tolist()) == (6, [0, 1, 0, 1, 0, 1])
    assert len(drawn) <= 7
    assert len(counting(3).take(10)) == 3
    with pytest.raises(DataError, match="there is none among the first 0"):
        counting(3).take(0)


def test_pictures_of_several_sizes_as_a_set() -> None:
    def begin() -> Iterator[tuple[Levels, int]]:
        yield np.zeros((2, 3, 1), np.uint8), 0
        yield np.ones((3, 2, 3), np.uint8), 1

    data = Stream(begin, "mixed", ("a", "b")).take(2)
    assert [data.picture(at).shape for at in range(2)] == [(2, 3, 1), (3, 2, 3)]
    assert (data.name, data.classes, data.labels.tolist()) == ("mixed", ("a", "b"), [0, 1])


def test_any_set_is_a_stream() -> None:
    data = load_data("mnist").subset(range(20))
    stream = load_data(data, stream=True)
    assert [label for _, label in stream] == data.labels.tolist()
    assert (stream.name, stream.white) == ("mnist", 255)
