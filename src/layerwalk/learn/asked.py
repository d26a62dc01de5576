"""Whether what ``lw.watch`` is asked for makes sense: said before a folder is made."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, get_args

import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedParameter

from layerwalk.errors import LearnError, ModelError
from layerwalk.store import Detail

__all__ = ["check_labels", "check_network", "check_optimizer", "check_wishes"]

_UPDATES = ("some", "all", "none")


def check_network(module: nn.Module) -> None:
    """See that every weight has a shape.

    Raises
    ------
    ModelError
        A lazy layer has not seen a picture yet.
    """
    for name, parameter in module.named_parameters():
        if isinstance(parameter, UninitializedParameter):
            raise ModelError(
                f"{name} has no shape yet",
                where=type(module).__name__,
                mend="run a batch through the network once, then watch it",
            )


def check_optimizer(optimizer: object, module: nn.Module) -> None:
    """See that it is one optimiser, and of this network's weights.

    Raises
    ------
    LearnError
        It is something else, or several, or of another network.
    """
    if optimizer is None:
        return
    if not isinstance(optimizer, torch.optim.Optimizer):
        kind = type(optimizer).__name__
        raise LearnError(
            f"optimizer is a {kind}, not one of torch.optim's optimisers",
            where="watch",
            mend="watch each network of several optimisers with its own; or leave it out, and "
            "updates are not told",
        )
    mine = {id(one) for one in module.parameters()}
    if not any(id(one) in mine for group in optimizer.param_groups for one in group["params"]):
        raise LearnError(
            "the optimizer has none of this network's weights",
            where=type(module).__name__,
            mend="make it of the network that is watched, after the network is where it stays",
        )


def check_wishes(
    *, moments: Callable[[int], bool] | None, updates: str, detail: str, overhead: float | None
) -> None:
    """See that the options have a meaning.

    >>> check_wishes(moments=None, updates="some", detail="exact", overhead=0.05)

    Raises
    ------
    LearnError
        One has not.
    """
    if moments is not None and not callable(moments):
        raise LearnError(
            f"moments is {moments!r}",
            where="watch",
            mend="pass a function of the step: layerwalk.learn.moments.every(100)",
        )
    for name, given, known in (
        ("updates", updates, _UPDATES),
        ("detail", detail, get_args(Detail)),
    ):
        if given not in known:
            raise LearnError(
                f"there is no {name} {given!r}", where="watch", mend=f"use {', '.join(known)}"
            )
    if overhead is not None and not 0 <= overhead < math.inf:
        raise LearnError(
            f"overhead is {overhead}", where="watch", mend="use a share such as 0.05, or None"
        )


def check_labels(labels: Sequence[int] | None, probes: tuple[Any, ...]) -> None:
    """See that there is one label for each probe.

    Raises
    ------
    LearnError
        There are fewer, or more.
    """
    first = probes[0]
    if labels is None or not isinstance(first, Tensor) or not first.ndim:
        return
    if len(labels) != len(first):
        raise LearnError(
            f"there are {len(first)} probes and {len(labels)} probe_labels",
            where="watch",
            mend="give each probe its label",
        )
