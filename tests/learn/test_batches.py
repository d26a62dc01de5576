"""A data set as batches."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
import torch
from torch import Tensor

from layerwalk.data.preprocessing import Preprocessing
from layerwalk.data.sets import ArraySet, DataSet, load_data
from layerwalk.learn import batches as batches_module
from layerwalk.learn.batches import Batches
from layerwalk.models.plain_pixels import plain_pixels

_COLOURED = Preprocessing((20, 24), (18, 22), "bicubic", (0.4, 0.5, 0.6), (0.2, 0.3, 0.1), 3)


def _whole(pairs: Iterable[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    images, labels = zip(*pairs, strict=True)
    return torch.cat(images), torch.cat(labels)


@pytest.fixture
def few() -> DataSet:
    return load_data("mnist").subset(range(50))


@pytest.mark.parametrize("way", [plain_pixels(28, 1), plain_pixels(14, 1), _COLOURED])
@pytest.mark.parametrize("memory", [0, 1 << 29])
def test_they_are_what_preprocessing_gives(
    few: DataSet, way: Preprocessing, memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_module, "_IN_MEMORY", memory)
    images, labels = _whole(Batches(few, way, 16).in_order())
    alone = np.concatenate([way(few.image(index)).array for index in range(50)])
    assert np.array_equal(images.numpy(), alone)
    assert labels.tolist() == few.labels.tolist()


def test_processes_give_the_same(few: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches_module, "_IN_MEMORY", 0)
    one, other = (Batches(few, plain_pixels(28, 1), 16, workers=count) for count in (0, 1))
    for mine, theirs in zip(one.epoch(3), other.epoch(3), strict=True):
        assert torch.equal(mine[0], theirs[0])
        assert torch.equal(mine[1], theirs[1])


def test_an_epoch_is_every_picture_once_in_an_order_of_its_own(few: DataSet) -> None:
    data = ArraySet(
        np.arange(50, dtype=np.uint8).repeat(4).reshape(50, 2, 2), few.labels, "n", few.classes
    )
    batches = Batches(data, plain_pixels(2, 1), 16, seed=5)
    assert len(batches) == 4

    def order(epoch: int, skip: int = 0) -> list[int]:
        images, _ = _whole(batches.epoch(epoch, skip=skip))
        return [round(one * 255) for one in images[:, 0, 0, 0].tolist()]

    assert sorted(order(0)) == list(range(50))
    assert order(0) == order(0) != order(1)
    assert order(0, skip=2) == order(0)[32:]
    assert list(batches.epoch(0, skip=4)) == []


def test_levels_of_a_set_with_fewer_are_scaled() -> None:
    levels = np.array([[[0, 8], [16, 4]]], np.uint8)
    data = ArraySet(levels, np.array([0]), "s", ("a", "b"), white=16)
    images, _ = _whole(Batches(data, plain_pixels(2, 1), 4).in_order())
    assert [round(one * 255) for one in images.flatten().tolist()] == [0, 128, 255, 64]
