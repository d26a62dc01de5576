"""What a network got right and wrong, over examples that it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from layerwalk.runs.tensor_file import read_arrays, write_arrays

__all__ = ["Evaluation", "Mistakes"]


@dataclass(frozen=True, eq=False, slots=True)
class Mistakes:
    """Examples that were taken for something else, the surest first.

    All of length K: ``index`` (in the data set), ``label`` (the truth), ``predicted``, the
    ``probability`` given to it and to the ``truth``; ``pictures`` is uint8 of shape
    (K, H, W, C), or (0,) where there are none.
    """

    index: NDArray[np.int64] = field(repr=False)
    label: NDArray[np.int64] = field(repr=False)
    predicted: NDArray[np.int64] = field(repr=False)
    probability: NDArray[np.float64] = field(repr=False)
    truth: NDArray[np.float64] = field(repr=False)
    pictures: NDArray[np.uint8] = field(repr=False)

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True, eq=False, slots=True)
class Evaluation:
    """The network after ``step`` updates, over examples with known labels.

    Attributes
    ----------
    confusion
        int64 of shape (classes, classes): how many of the row's class were taken for the
        column's.
    loss
        The mean cross-entropy in nats.
    worst
        The mistakes that the network was surest of.
    """

    step: int
    confusion: NDArray[np.int64] = field(repr=False)
    loss: float
    worst: Mistakes = field(repr=False)

    @property
    def count(self) -> int:
        """How many examples there were."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """The share that was right, 0 to 1; NaN where there were no examples."""
        return float(np.trace(self.confusion)) / self.count if self.count else float("nan")

    def write(self, path: Path) -> None:
        """Put it into a file, whole or not at all."""
        worst = {name: getattr(self.worst, name) for name in Mistakes.__slots__}
        write_arrays(
            path, {"confusion": self.confusion, **worst}, {"step": self.step, "loss": self.loss}
        )

    @classmethod
    def read(cls, path: Path) -> Evaluation:
        """The evaluation in a file.

        Raises
        ------
        FileError
            The file is missing or damaged.
        """
        arrays, facts = read_arrays(path)
        worst = Mistakes(**{name: arrays[name] for name in Mistakes.__slots__})
        return cls(facts["step"], arrays["confusion"], facts["loss"], worst)
