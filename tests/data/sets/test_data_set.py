from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from layerwalk.data import Image
from layerwalk.data.sets import ArraySet, DataSet, load_data
from layerwalk.data.sets.data_set import Subset
from layerwalk.errors import DataError, NotFoundError

Levels = NDArray[np.uint8]


@pytest.fixture
def data(pictures: Levels, labels: NDArray[np.int64]) -> ArraySet:
    return ArraySet(pictures, labels, "small", ("a", "b", "c"), about="made up")


class Mixed(DataSet):
    """Pictures of two sizes, the second half of them in colour."""

    def __len__(self) -> int:
        return 4

    def picture(self, index: object) -> Levels:
        number = self.number(index)  # type: ignore[arg-type] # checked there
        return np.full((2 + number // 3, 3, 1 if number < 2 else 3), number, np.uint8)

    def _read_labels(self) -> NDArray[np.int64]:
        return np.array([0, 1, 0, 1])


def test_pictures_and_labels_by_number(data: ArraySet, pictures: Levels) -> None:
    assert (len(data), data.name, data.about, data.white) == (12, "small", "made up", 255)
    for number in (0, 5, 11):
        assert np.array_equal(data.picture(number)[..., 0], pictures[number])
    assert data.picture(np.int64(3)).shape == (6, 5, 1)
    assert [data.label(number) for number in range(4)] == [0, 1, 2, 0]
    assert data.labels.dtype == np.int64
    assert not data.labels.flags.writeable
    assert repr(data) == "<small: 12 pictures, 3 classes>"


@pytest.mark.parametrize("number", [-1, 12, 10**9])
def test_a_number_that_is_not_there(data: ArraySet, number: int) -> None:
    with pytest.raises(NotFoundError) as caught:
        data.picture(number)
    sentence = f"small: there is no picture {number}; its 12 have the numbers 0 to 11."
    assert str(caught.value) == sentence
    with pytest.raises(NotFoundError):
        data.label(number)
    with pytest.raises(NotFoundError):
        data.pictures([0, number])


def test_several_pictures_are_those_one_by_one(data: ArraySet) -> None:
    chosen = [7, 0, 7]
    assert np.array_equal(data.pictures(chosen), [data.picture(at) for at in chosen])
    assert data.pictures([]).shape == (0, 6, 5, 1)


def test_pictures_without_arrays() -> None:
    mixed = Mixed("mixed", ("a", "b"))
    assert mixed.shape is None
    assert mixed.pictures([]).shape == (0, 2, 3, 1)
    together = mixed.pictures([1, 2])
    assert together.shape == (2, 2, 3, 3)
    assert together[0].tolist() == np.ones((2, 3, 3)).tolist()
    with pytest.raises(DataError) as caught:
        mixed.pictures([0, 3])
    assert str(caught.value) == (
        "mixed: its pictures differ in size: number 0 is 3 x 2 pixels, number 3 is 3 x 3; "
        "take them one by one with picture(i), and resize them."
    )


def test_an_image_for_load_image_users(data: ArraySet) -> None:
    image = data.image(4)
    assert isinstance(image, Image)
    assert (image.name, image.mode, image.width, image.height) == ("small/4", "L", 5, 6)
    assert np.array_equal(image.pixels[..., 2], data.picture(4)[..., 0])
    colour = Mixed("mixed", ("a", "b")).image(2)
    assert (colour.mode, colour.pixels.tolist()) == ("RGB", np.full((2, 3, 3), 2).tolist())


def test_an_image_of_few_levels_is_scaled(labels: NDArray[np.int64]) -> None:
    levels = np.array([[[0, 8, 16]]] * 12, np.uint8)
    data = ArraySet(levels, labels, "few", ("a", "b", "c"), white=16)
    assert data.picture(0)[0, :, 0].tolist() == [0, 8, 16]
    assert data.image(0).pixels[0, :, 0].tolist() == [0, 128, 255]


def test_a_subset_reads_through(data: ArraySet) -> None:
    some = data.subset([5, 3, 3])
    assert (len(some), some.classes, some.shape) == (3, data.classes, (6, 5, 1))
    assert some.labels.tolist() == [2, 0, 0]
    assert np.array_equal(some.picture(0), data.picture(5))
    assert np.array_equal(some.pictures([1, 0]), data.pictures([3, 5]))
    # Of a subset: the numbers of the whole, not a chain.
    again = some.subset(np.array([0]))
    assert isinstance(again, Subset)
    assert again.whole is data
    assert again.indices.tolist() == [5]
    assert len(data.subset([])) == 0
    with pytest.raises(NotFoundError, match="there is no picture 3; its 3"):
        some.picture(3)


@pytest.mark.parametrize(
    ("indices", "sentence"),
    [
        ([0, 12], "there is no picture 12"),
        ([-1], "there is no picture -1"),
        (np.array([True] * 12), "chooses no pictures; give their numbers"),
        (np.array([[1]]), "chooses no pictures"),
        (["a"], "chooses no pictures"),
        ([0.5], "numbers of pictures are whole"),
    ],
)
def test_what_chooses_no_pictures(data: ArraySet, indices: list[int], sentence: str) -> None:
    with pytest.raises((DataError, NotFoundError), match=sentence):
        data.subset(indices)


def test_a_split_is_whole_shuffled_and_fair() -> None:
    data = load_data("mnist")
    kept, out = data.split(2000, seed=3)
    assert isinstance(kept, Subset)
    assert isinstance(out, Subset)
    assert (len(kept), len(out)) == (8000, 2000)
    both = np.concatenate([kept.indices, out.indices])
    assert np.array_equal(np.sort(both), np.arange(10_000))
    shares = np.bincount(out.labels) / np.bincount(data.labels)
    assert np.abs(shares - 0.2).max() < 0.001
    assert len(np.unique(out.labels[:50])) == 10
    same, other = data.split(0.2, seed=3)[1], data.split(0.2, seed=4)[1]
    assert np.array_equal(same.labels, out.labels)
    assert not np.array_equal(other.labels, out.labels)


def test_a_torch_loader_takes_it(data: ArraySet) -> None:
    assert [label for _, label in data] == data.labels.tolist()
    loader: Any = torch.utils.data.DataLoader(
        data,  # type: ignore[arg-type] # it has a length and [i], which is all that is needed
        batch_size=5,
        shuffle=True,
        generator=torch.Generator().manual_seed(0),
    )
    batches = list(loader)
    assert [tuple(levels.shape[1:]) for levels, _ in batches] == [(6, 5, 1)] * 3
    seen = torch.cat([label for _, label in batches])
    assert sorted(seen.tolist()) == sorted(data.labels.tolist())
    with pytest.raises(IndexError):
        data[12]


def test_a_worker_gets_its_own(data: ArraySet) -> None:
    for one in (data, data.subset([3, 1])):
        one.picture(0)
        again = pickle.loads(pickle.dumps(one))  # noqa: S301 - made here
        assert np.array_equal(again.pictures([1, 0]), one.pictures([1, 0]))
        assert again.labels.tolist() == one.labels.tolist()
