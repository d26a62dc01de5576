"""How well a network does on examples with known labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from layerwalk.errors import LearnError, ModelError
from layerwalk.runs.evaluation import Evaluation, Mistakes

__all__ = ["Pictures", "evaluation", "fitting"]

_WORST = 24


class Pictures(Protocol):
    """Pictures by their numbers: an array, or what reads them."""

    def __getitem__(self, index: NDArray[np.int64], /) -> NDArray[np.uint8]: ...


def evaluation(
    step: int,
    scores: Tensor | NDArray[Any],
    labels: Tensor | NDArray[Any],
    pictures: Pictures | None = None,
    index: Sequence[int] | None = None,
) -> Evaluation:
    """What logits say of examples with known labels.

    Parameters
    ----------
    step
        After how many updates they were made.
    scores
        (N, classes).
    labels
        (N,).
    pictures
        uint8 of shape (N, H, W, C), or what gives them for an array of numbers: for the worst
        mistakes.
    index
        Which examples of the data set they are.

    Raises
    ------
    LearnError
        The pictures are no levels.
    ModelError
        Scores and labels do not fit together.

    Examples
    --------
    >>> found = evaluation(0, np.array([[2.0, 0.0], [1.0, 0.0]]), np.array([0, 1]))
    >>> found.confusion.tolist(), found.accuracy
    ([[1, 0], [1, 0]], 0.5)
    """
    table = torch.as_tensor(scores).detach().cpu().double()
    truth = torch.as_tensor(labels).detach().cpu().long()
    fitting(table, truth)
    chances = torch.log_softmax(table, 1)
    rows = torch.arange(len(truth))
    guessed = table.argmax(1)
    classes = table.shape[1]
    confusion = torch.bincount(truth * classes + guessed, minlength=classes**2)
    wrong = (guessed != truth).nonzero()[:, 0]
    surest = wrong[chances[wrong, guessed[wrong]].argsort(descending=True)][:_WORST]
    order = surest.numpy()
    return Evaluation(
        step=step,
        confusion=confusion.reshape(classes, classes).numpy(),
        loss=float(-chances[rows, truth].mean()) if len(truth) else float("nan"),
        worst=Mistakes(
            index=order if index is None else np.asarray(index, np.int64)[order],
            label=truth[surest].numpy(),
            predicted=guessed[surest].numpy(),
            probability=chances[surest, guessed[surest]].exp().numpy(),
            truth=chances[surest, truth[surest]].exp().numpy(),
            pictures=_of(pictures, order),
        ),
    )


def _of(pictures: Pictures | None, order: NDArray[np.int64]) -> NDArray[np.uint8]:
    if pictures is None or not len(order):
        return np.zeros(0, np.uint8)
    found = np.asarray(pictures[order])
    if found.dtype != np.uint8 or found.ndim != 4:
        raise LearnError(
            f"the pictures are {found.dtype} of shape {found.shape}",
            where="evaluate",
            mend="give levels: uint8 of shape (N, height, width, channels)",
        )
    return found


def fitting(scores: Tensor, labels: Tensor, where: str = "learn") -> None:
    """See that there is one score a class, and a class for each label.

    Raises
    ------
    ModelError
        The network's output does not fit the labels.
    """
    if scores.ndim != 2 or len(scores) != len(labels):
        raise ModelError(
            f"the output has shape {tuple(scores.shape)} for {len(labels)} labels",
            where=where,
            mend="a network that learns classes gives one row of scores for each picture",
        )
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) < scores.shape[1]:
        raise ModelError(
            f"the network has {scores.shape[1]} outputs, and the labels go from "
            f"{int(labels.min())} to {int(labels.max())}",
            where=where,
            mend=f"give its last layer {int(labels.max()) + 1} outputs",
        )
