from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.utils.data import Subset, TensorDataset

from layerwalk.data.sets import load_data
from layerwalk.errors import DataError

Levels = NDArray[np.uint8]


class Photos:
    """As torchvision's are: pairs, classes, targets; it counts what is read."""

    classes = ["ant", "bee", "cow"]  # noqa: RUF012 - as torchvision has it

    def __init__(
        self, pictures: Levels, labels: NDArray[np.int64], *, transform: Any = None
    ) -> None:
        self.pictures, self.targets, self.transform = pictures, labels.tolist(), transform
        self.read: list[int] = []

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> tuple[object, int]:
        self.read.append(index)
        picture: Any = Image.fromarray(self.pictures[index])
        if self.transform is not None:
            picture = self.transform(picture)
        return picture, self.targets[index]


def test_a_data_set_of_torchvisions_kind(pictures: Levels, labels: NDArray[np.int64]) -> None:
    photos = Photos(pictures, labels)
    data = load_data(photos)
    assert (data.name, data.classes) == ("Photos", ("ant", "bee", "cow"))
    assert data.labels.tolist() == labels.tolist()
    assert set(photos.read) == {0, 6, 11}, "labels are taken from its targets"
    assert np.array_equal(data.picture(4)[..., 0], pictures[4])


def test_tensors_of_levels(pictures: Levels, labels: NDArray[np.int64]) -> None:
    levels = torch.from_numpy(pictures)[:, None]
    for tensor in (levels, levels.float() / 255):
        data = load_data(TensorDataset(tensor, torch.from_numpy(labels)))
        assert (data.classes, data.labels.tolist()) == (("0", "1", "2"), labels.tolist())
        assert np.array_equal(data.picture(7)[..., 0], pictures[7])


def test_a_subset_of_torchs(pictures: Levels, labels: NDArray[np.int64]) -> None:
    photos = Photos(pictures, labels)
    data = load_data(Subset(photos, [5, 3]))  # type: ignore[arg-type] # by duck typing
    assert (data.labels.tolist(), data.classes) == ([2, 0], ("ant", "bee", "cow"))
    assert len(photos.read) <= 3


def test_targets_that_are_not_the_labels(pictures: Levels, labels: NDArray[np.int64]) -> None:
    class Shifted(Photos):
        def __getitem__(self, index: int) -> tuple[object, int]:
            picture, label = super().__getitem__(index)
            return picture, (label + 1) % 3

    photos = Shifted(pictures, labels)
    assert load_data(photos).labels.tolist() == ((labels + 1) % 3).tolist()
    assert len(set(photos.read)) == 12, "every pair is read, because the targets are others"


def test_texts_as_labels_and_names_of_ones_own() -> None:
    pairs = [(np.zeros((2, 2)), "no"), (np.ones((2, 2)), "yes")]
    assert load_data(pairs).classes == ("no", "yes")
    numbered = [(np.zeros((2, 2)), 0), (np.ones((2, 2)), np.int64(1))]
    assert load_data(numbered, classes=["dark", "bright"]).classes == ("dark", "bright")


def test_normalised_pictures_are_refused(pictures: Levels, labels: NDArray[np.int64]) -> None:
    def normalise(picture: Image.Image) -> torch.Tensor:
        return (torch.from_numpy(np.array(picture)).float()[None] / 255 - 0.13) / 0.31

    data = load_data(Photos(pictures, labels, transform=normalise))
    with pytest.raises(DataError) as caught:
        data.picture(0)
    said = str(caught.value)
    assert said.startswith("Photos, picture 0: its floats go from -0.4194 to -0.0")
    assert said.endswith("; give the pictures as they were before they were normalised.")


def _broken(_: Image.Image) -> object:
    raise OSError("no such host")


def test_whatever_it_raises_is_told(pictures: Levels, labels: NDArray[np.int64]) -> None:
    with pytest.raises(DataError) as caught:
        load_data(Photos(pictures, labels, transform=_broken))
    assert str(caught.value) == "Photos: picture 0 cannot be read (OSError: no such host)."


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([], "list: it has no picture."),
        ([np.zeros((2, 2))], "list: number 0 is a ndarray, not a picture and its label"),
        ([(np.zeros((2, 2)), 0.5)], "list: the label of picture 0 is a float, not a class number"),
        ([(np.zeros((2, 2)), 0)], "list: it has one class only, '0'"),
    ],
)
def test_what_are_no_pairs(pairs: list[Any], sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        load_data(pairs)
    assert str(caught.value).startswith(sentence)
    with pytest.raises(DataError, match="it has no part 'test'"):
        load_data(pairs, split="test")
