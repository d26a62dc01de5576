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

__all__ = ["begin_anew", "check_fit", "pixels_as_they_are", "place_of"]


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


def place_of(device: str | None) -> torch.device:
    """Where to train: the GPU where there is one, if not said.

    >>> place_of("cpu")
    device(type='cpu')

    Raises
    ------
    LearnError
        There is no such device here.
    """
    if device is None:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        place = torch.device(device)
        torch.zeros(1, device=place).item()
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise LearnError(
            f"there is no device {device!r} here that PyTorch can train on",
            where="device",
            mend="use cpu, or leave it out",
        ) from error
    return place


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
        It has nothing to learn, does not run on them, or returns something else than one tensor.
    ModelError
        Its output does not fit the classes.
    """
    if not any(one.requires_grad for one in module.parameters()):
        raise LearnError("the network has no weights that could learn", where=name)
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
    labels = torch.full((len(images),), classes - 1)
    labels[:-1] = 0
    fitting(scores, labels, name)
