"""Whether a network and a data set go together, and how a network begins anew."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from layerwalk.data.preprocessing import Preprocessing
from layerwalk.data.sets import DataSet
from layerwalk.errors import LearnError
from layerwalk.learn.evaluating import fitting
from layerwalk.learn.probing import evaluating
from layerwalk.models.seed import seeded

__all__ = ["begin_anew", "check_fit", "pixels_as_they_are"]


def begin_anew(module: nn.Module, seed: int) -> None:
    """Draw the weights of every layer that knows how from a seed.

    >>> one, other = nn.Linear(2, 2), nn.Linear(2, 2)
    >>> begin_anew(one, 5), begin_anew(other, 5)
    (None, None)
    >>> torch.equal(one.weight, other.weight)
    True
    """
    with seeded(seed):
        for part in module.modules():
            reset = getattr(part, "reset_parameters", None)
            if callable(reset):
                reset()


def pixels_as_they_are(data: DataSet) -> Preprocessing:
    """How a network of which nothing is known is given the pictures of a set: x / 255."""
    channels = data.picture(0).shape[2]
    return Preprocessing(
        None, None, "bilinear", (0.0,) * channels, (1.0,) * channels, 1 if channels == 1 else 3
    )


def check_fit(module: nn.Module, images: Tensor, classes: int, name: str) -> None:
    """See that a network takes these pictures, (n, C, H, W), and has a score for each class.

    Raises
    ------
    LearnError
        It does not run on them, or returns something else than one tensor.
    ModelError
        Its output does not fit the classes.
    """
    with evaluating(module), torch.no_grad():
        try:
            scores = module(images)
        except RuntimeError as error:
            said = " ".join(str(error).split())[:300]
            raise LearnError(
                f"the network does not take pictures of shape {tuple(images.shape[1:])} ({said})",
                where=name,
                mend="choose a network for this size, or give it a preprocessing",
            ) from error
    if not isinstance(scores, Tensor):
        raise LearnError(
            f"the network returns {type(scores).__name__}, not one tensor of scores",
            where=name,
            mend="train it with a loop of your own and lw.watch",
        )
    fitting(scores, torch.full((len(images),), classes - 1))
