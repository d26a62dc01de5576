"""Optimisers by name, and a learning rate for every step."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias

import torch
from torch.nn import Parameter

from layerwalk.errors import LearnError

__all__ = ["OPTIMIZERS", "RATES", "Schedule", "make_optimizer", "rate_at"]

RATES: Final[Mapping[str, float]] = {
    "adam": 0.004,
    "adamw": 0.004,
    "sgd": 0.01,
    "rmsprop": 0.0003,
    "adagrad": 0.01,
}
"""A rate of each with which the built-in networks learn. With more, some never leave the start:
tiny_vgg with SGD's momentum of 0.9 at 0.03."""

OPTIMIZERS = tuple(RATES)
Schedule: TypeAlias = Literal["cosine", "constant"]
_WARM = 0.1


def make_optimizer(
    name: str, parameters: Iterable[Parameter], rate: float, momentum: float, decay: float
) -> torch.optim.Optimizer:
    """An optimiser of ``torch.optim``; ``momentum`` is for those that have one.

    Raises
    ------
    LearnError
        There is none of this name, or nothing to learn, or a number makes no sense.

    Examples
    --------
    >>> make_optimizer("sgd", [Parameter(torch.zeros(1))], 0.1, 0.9, 0.0).defaults["momentum"]
    0.9
    """
    learned = [one for one in parameters if one.requires_grad]
    if not learned:
        raise LearnError("the network has no weights that could learn", where="learn")
    kinds: dict[str, Any] = {
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "sgd": torch.optim.SGD,
        "rmsprop": torch.optim.RMSprop,
        "adagrad": torch.optim.Adagrad,
    }
    if name not in kinds:
        known = ", ".join(OPTIMIZERS)
        raise LearnError(f"there is no optimiser {name!r}", where="learn", mend=f"use {known}")
    more = {"momentum": momentum} if name in ("sgd", "rmsprop") else {}
    try:
        made: torch.optim.Optimizer = kinds[name](learned, lr=rate, weight_decay=decay, **more)
    except ValueError as error:
        raise LearnError(f"the optimiser does not take this ({error})", where=name) from error
    return made


def rate_at(step: int, steps: int, highest: float, schedule: Schedule) -> float:
    """The learning rate of update number ``step`` of ``steps``, from 0.

    ``"cosine"`` rises for the first tenth and then falls to nothing along a cosine.

    >>> [round(rate_at(step, 10, 1.0, "cosine"), 3) for step in range(10)]
    [1.0, 0.97, 0.883, 0.75, 0.587, 0.413, 0.25, 0.117, 0.03, 0.0]
    """
    if schedule == "constant":
        return highest
    warm = max(1, round(steps * _WARM))
    if step < warm:
        return highest * (step + 1) / warm
    done = (step - warm + 1) / max(1, steps - warm)
    return highest * 0.5 * (1 + math.cos(math.pi * done))
