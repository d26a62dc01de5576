"""A network that can be trained more than once, and the pictures as it sees them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from layerwalk.capture import record
from layerwalk.data.sets import ArraySet, DataSet
from layerwalk.errors import DataError
from layerwalk.learn.batches import Batches
from layerwalk.learn.contest.pixels import shuffled
from layerwalk.learn.contest.wider import count_parameters
from layerwalk.learn.fitness import begin_anew, check_fit, pixels_as_they_are
from layerwalk.learn.probing import evaluating
from layerwalk.models import Model, load_model
from layerwalk.record import Trace

__all__ = ["Contender"]

_IN_MEMORY = 1 << 29
_AT_ONCE = 512


@dataclass(frozen=True, eq=False, slots=True)
class Contender:
    """One network of a comparison.

    Attributes
    ----------
    model
        The network as it was given; never trained itself. Its preprocessing takes pictures
        that are prepared already.
    data
        The pictures as the network sees them, before their colours are normalised.
    """

    model: Model
    data: DataSet = field(repr=False)

    @classmethod
    def of(cls, source: str | Model | nn.Module, data: DataSet, name: str = "") -> Contender:
        """The network that is meant, and the data set prepared for it.

        Raises
        ------
        LayerwalkError
            As :func:`layerwalk.load_model`; or the prepared pictures do not fit into 512 MB.
        """
        model = source if isinstance(source, Model) else load_model(source)
        way = model.preprocessing or pixels_as_they_are(data)
        batches = Batches(data, way, _AT_ONCE)
        size = batches.prepared(0).nbytes * len(data)
        if size > _IN_MEMORY:
            raise DataError(
                f"{len(data):,} pictures as {model.name} takes them are {size / 1e6:,.0f} MB, "
                "and 512 MB are kept",
                where=data.name,
                mend="compare on fewer of them",
            )
        seen = ArraySet(batches[range(len(data))], data.labels, data.name, data.classes)
        ready = replace(way, resize=None, crop=None)
        made = cls(
            replace(model, name=name or model.name, preprocessing=ready, labels=data.classes), seen
        )
        made.check()
        return made

    def check(self) -> None:
        """See that the network takes these pictures, and has an output for each class.

        Raises
        ------
        LearnError
            It does not run on them.
        ModelError
            Its output does not fit the labels.
        """
        images = self.images(min(2, len(self.data)))
        check_fit(self.model.module, images, len(self.data.classes), self.name)

    @property
    def name(self) -> str:
        """What the network is called."""
        return self.model.name

    @property
    def grid(self) -> tuple[int, int]:
        """Height and width of what it sees."""
        height, width, _ = self.data.picture(0).shape
        return height, width

    def on_shuffled(self, seed: int) -> DataSet:
        """The same pictures with their pixels in one other order."""
        levels = shuffled(self.data.pictures(range(len(self.data))), seed)
        return ArraySet(
            levels, self.data.labels, f"{self.data.name}, pixels shuffled", self.data.classes
        )

    def fresh(self, seed: int, module: nn.Module | None = None) -> Model:
        """A copy with weights drawn from a seed; of another module, if one is given."""
        copied = copy.deepcopy(self.model.module if module is None else module)
        begin_anew(copied, seed)
        return replace(self.model, module=copied)

    def images(self, count: int) -> Tensor:
        """The first pictures as the network takes them, float32 of shape (count, C, H, W)."""
        return self._batches(self.data.pictures(range(count)))

    def walk(self, model: Model, picture: NDArray[np.uint8]) -> Trace:
        """The trace of one picture (H, W, C) of what the network sees."""
        place = _place(model.module)
        with evaluating(model.module):
            return record(
                model.module, (self._batches(picture[None]).to(place),), name=self.name,
                labels=self.data.classes,
            )  # fmt: skip

    def accuracy(
        self, model: Model, pictures: NDArray[np.uint8], labels: NDArray[np.int64]
    ) -> float:
        """Which share of pictures (N, H, W, C) of what it sees is named rightly."""
        place, right = _place(model.module), 0
        with evaluating(model.module), torch.no_grad():
            for part in _parts(len(pictures)):
                scores = model.module(self._batches(pictures[part]).to(place))
                right += int((scores.argmax(1).cpu().numpy() == labels[part]).sum())
        return right / len(pictures)

    @property
    def parameters(self) -> int:
        """How many numbers it learns."""
        return count_parameters(self.model.module)

    def _batches(self, levels: NDArray[np.uint8]) -> Tensor:
        way = self.model.preprocessing
        if way is None:  # ``of`` gave it one
            raise DataError("the pictures are not prepared", where=self.name)
        return Batches(self.data, way, _AT_ONCE).normalised(torch.from_numpy(np.array(levels)))


def _place(module: nn.Module) -> torch.device:
    weights = next(module.parameters(), None)
    return torch.device("cpu") if weights is None else weights.device


def _parts(count: int) -> Iterator[slice]:
    for start in range(0, count, _AT_ONCE):
        yield slice(start, start + _AT_ONCE)
