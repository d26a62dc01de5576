from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import datasets
import numpy as np
import pytest

from layerwalk.data.sets import Stream, load_data, measure
from layerwalk.data.sets.hub_stream import HubStream
from layerwalk.errors import DataError

pytestmark = pytest.mark.usefixtures("own_cache")


def test_a_stream_is_the_set_as_it_comes(flat_folders: Path) -> None:
    stream = load_data(f"hf:{flat_folders}", stream=True)
    assert isinstance(stream, HubStream)
    held = load_data(flat_folders)
    for _ in range(2):
        seen = list(stream)
        assert [label for _, label in seen] == held.labels.tolist()
        assert all(np.array_equal(seen[at][0], held.picture(at)) for at in range(5))
    assert measure(stream).mean == measure(held).mean


def streamed(count: int, labels: list[int] | None = None) -> datasets.IterableDataset:
    features = datasets.Features(
        {"x": datasets.Array2D((1, 2), "uint8"), "label": datasets.ClassLabel(names=["a", "b"])}
    )
    given = labels or [at % 2 for at in range(count)]
    rows = {"x": [[[at, at]] for at in range(count)], "label": given}
    return datasets.Dataset.from_dict(rows, features=features).to_iterable_dataset(num_shards=2)


def order(stream: Stream) -> list[int]:
    return [int(picture[0, 0, 0]) for picture, _ in stream]


def test_a_shuffled_stream_has_the_same_pictures_by_seed() -> None:
    stream = load_data(streamed(40), stream=True)
    assert order(stream) == list(range(40))
    first = order(stream.shuffled(seed=1, buffer=10))
    assert sorted(first) == list(range(40))
    assert first != list(range(40))
    assert order(stream.shuffled(seed=1, buffer=10)) == first
    assert order(stream.shuffled(seed=2, buffer=10)) != first
    with pytest.raises(DataError, match="a buffer of 0 holds nothing"):
        stream.shuffled(buffer=0)


def test_a_stream_that_does_not_say_its_classes() -> None:
    rows = {"x": [[[0, 1]], [[2, 3]]], "label": ["dog", "cat"]}
    table = datasets.Dataset.from_dict(rows).to_iterable_dataset()
    with pytest.raises(DataError) as caught:
        load_data(table, stream=True)
    said = "what its classes are cannot be known before all of it was read; name them with"
    assert said in str(caught.value)
    stream = load_data(table, stream=True, classes=["cat", "dog"])
    assert [label for _, label in stream] == [1, 0]
    wrong = load_data(table, stream=True, classes=["cat", "emu"])
    with pytest.raises(DataError, match="'dog', which is none of the classes named"):
        list(wrong)


def test_a_stream_whose_features_nobody_said() -> None:
    table = datasets.IterableDataset.from_generator(
        lambda: iter([{"x": [[0, 1]], "label": 1}, {"x": [[2, 3]], "label": 5}])
    )
    stream = load_data(table, stream=True, classes=["a", "b"])
    with pytest.raises(DataError, match="picture 1: it has the label 5, and the classes have"):
        list(stream)


def test_a_stream_that_breaks_off() -> None:
    def rows() -> Iterator[dict[str, object]]:
        yield {"x": [[0, 1]], "label": 1}
        raise OSError("connection lost")

    features = datasets.Features(
        {"x": datasets.Array2D((1, 2), "uint8"), "label": datasets.ClassLabel(names=["a", "b"])}
    )
    table = datasets.IterableDataset.from_generator(rows, features=features)
    stream = iter(load_data(table, stream=True))
    next(stream)
    with pytest.raises(
        DataError, match=r"it broke off after 1 of its pictures \(OSError: connection lost"
    ):
        next(stream)
