"""A data set as batches that a network takes, in an order that a seed decides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from layerwalk.data.preprocessing import Preprocessing
from layerwalk.data.sets import DataSet

__all__ = ["Batches"]

_IN_MEMORY = 1 << 29


class Batches:
    """The pictures of a data set as a network takes them, some at a time.

    Sets whose prepared pictures take up to 512 MB are prepared once and kept, as levels of 0 to
    255; larger ones are read and prepared as they are needed, by as many processes as asked.

    Parameters
    ----------
    data
        The pictures and labels.
    preprocessing
        How the network wants them.
    size
        How many a batch; the last may have fewer.
    seed
        Decides the order, together with the epoch's number.
    workers
        How many processes read ahead where the set is not kept in memory; 0: none.

    Examples
    --------
    >>> from layerwalk.data.sets import load_data
    >>> from layerwalk.models.plain_pixels import plain_pixels
    >>> batches = Batches(load_data("mnist").subset(range(100)), plain_pixels(28, 1), 64)
    >>> [tuple(images.shape) for images, _ in batches.epoch(0)]
    [(64, 1, 28, 28), (36, 1, 28, 28)]
    """

    def __init__(
        self,
        data: DataSet,
        preprocessing: Preprocessing,
        size: int,
        *,
        seed: int = 0,
        workers: int = 0,
    ) -> None:
        self.data = data
        self.preprocessing = preprocessing
        self.size = size
        self._seed = seed
        self._workers = workers
        self._kept: NDArray[np.uint8] | None = None
        self._labels = torch.from_numpy(np.array(data.labels, np.int64))

    def __len__(self) -> int:
        """How many batches an epoch has."""
        return math.ceil(len(self.data) / self.size)

    def epoch(self, number: int, skip: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """Every picture once, in an order of the epoch's own, without the first ``skip`` batches.

        Yields float32 of shape (n, C, H, W) and int64 of shape (n,).
        """
        generator = torch.Generator().manual_seed(self._seed * 1_000_003 + number)
        order = torch.randperm(len(self.data), generator=generator)
        yield from self._batches(order[skip * self.size :])

    def in_order(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Every picture once, from the first to the last."""
        yield from self._batches(torch.arange(len(self.data)))

    def __getitem__(self, indices: Sequence[int] | NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Prepared pictures as levels, uint8 of shape (n, H, W, C)."""
        if self._kept is not None:
            return self._kept[np.asarray(indices, np.int64)]
        return np.stack([self.prepared(int(index)) for index in indices])

    def prepared(self, index: int) -> NDArray[np.uint8]:
        """One picture as the network sees it, before its colours are normalised."""
        return self.preprocessing(self.data.image(index)).photo.pixels

    def normalised(self, levels: Tensor) -> Tensor:
        """What the network is given for levels of shape (n, H, W, C): float32, (n, C, H, W).

        The same numbers, bit for bit, as :class:`layerwalk.Preprocessing` gives.
        """
        way = self.preprocessing
        images = levels.permute(0, 3, 1, 2).contiguous().float()
        images.div_(np.float32(1 / way.scale).item())
        mean, std = (torch.tensor(one).reshape(1, -1, 1, 1) for one in (way.mean, way.std))
        return images.sub_(mean).div_(std)

    def _batches(self, order: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        parts = torch.split(order, self.size) if len(order) else ()
        if self._fits():
            kept = torch.from_numpy(self._keep())
            for part in parts:
                yield self.normalised(kept[part]), self._labels[part]
            return
        loader: DataLoader[Any] = DataLoader(
            _Levels(self),
            batch_sampler=[part.tolist() for part in parts],
            num_workers=self._workers,
        )
        for levels, part in zip(loader, parts, strict=True):
            yield self.normalised(levels), self._labels[part]

    def _fits(self) -> bool:
        if self._kept is None:
            one = self.prepared(0) if len(self.data) else np.zeros(0, np.uint8)
            return one.nbytes * len(self.data) <= _IN_MEMORY
        return True

    def _keep(self) -> NDArray[np.uint8]:
        if self._kept is None:
            self._kept = self._all()
        return self._kept

    def _all(self) -> NDArray[np.uint8]:
        count = len(self.data)
        first = self.prepared(0)
        shape, white = getattr(self.data, "shape", None), getattr(self.data, "white", 255)
        if shape == first.shape and white == 255 and _same(self, first):
            return np.array(self.data.pictures(np.arange(count)))
        kept = np.empty((count, *first.shape), np.uint8)
        for index in range(count):
            kept[index] = self.prepared(index)
        return kept


class _Levels(Dataset[Any]):
    """What the processes that read ahead are asked for."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    def __len__(self) -> int:
        return len(self._batches.data)

    def __getitem__(self, index: int) -> Tensor:
        return torch.from_numpy(np.array(self._batches.prepared(index)))


def _same(batches: Batches, first: NDArray[np.uint8]) -> bool:
    """Whether preparing leaves the levels as they are: the size is right already."""
    way = batches.preprocessing
    height, width, channels = first.shape
    sides = {(height, width), min(height, width), None}
    kept = way.resize in sides and way.crop in sides and way.channels == channels
    return kept and bool(np.array_equal(batches.data.picture(0), first))
