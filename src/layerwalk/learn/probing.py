"""One look at a network in training: the trace of a few pictures, and how its layers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from layerwalk.axes import channel_axes
from layerwalk.capture import record
from layerwalk.data import load_image
from layerwalk.errors import ImageError
from layerwalk.models import Model
from layerwalk.record import Trace

__all__ = ["as_probes", "dead_shares", "evaluating", "look"]

# A channel of theirs that is zero everywhere has no gradient, either.
_WITH_A_FLOOR = frozenset(("relu", "relu6"))


def as_probes(model: Model | nn.Module, probes: Any) -> tuple[Any, ...]:
    """What the network is shown, as its arguments: a batch of pictures, mostly.

    Raises
    ------
    ImageError
        There are none, or pictures came for a network whose preprocessing is not known.
    """
    if isinstance(probes, Tensor):
        given: tuple[Any, ...] = (probes,)
    elif isinstance(probes, np.ndarray) and probes.dtype.kind == "f":
        given = (torch.from_numpy(probes.astype(np.float32)),)
    elif isinstance(probes, tuple) and any(isinstance(one, Tensor) for one in probes):
        given = probes
    else:
        given = (_prepared(model, probes if isinstance(probes, (list, tuple)) else [probes]),)
    first = given[0]
    if isinstance(first, Tensor) and not first.numel():
        raise ImageError("there are no probes", where="watch", mend="pass a few pictures")
    return given


def _prepared(model: Model | nn.Module, pictures: Sequence[Any]) -> Tensor:
    preprocessing = model.preprocessing if isinstance(model, Model) else None
    if preprocessing is None:
        raise ImageError(
            "nothing is known about how this network wants its pictures",
            where="watch",
            mend="pass probes as a tensor of shape (N, C, H, W), or a layerwalk Model",
        )
    if not pictures:
        raise ImageError("there are no probes", where="watch", mend="pass a few pictures")
    arrays = [preprocessing(load_image(one)).array for one in pictures]
    return torch.from_numpy(np.concatenate(arrays))


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """A block in which the network is in evaluation mode; each part then is as it was.

    >>> net = nn.Sequential(nn.Dropout())
    >>> with evaluating(net):
    ...     net.training, net[0].training
    (False, False)
    >>> net.training
    True
    """
    before = [(part, part.training) for part in module.modules()]
    try:
        for part, _ in before:
            part.training = False
        yield
    finally:
        for part, was in before:
            part.training = was


def look(module: nn.Module, probes: Sequence[Any], facts: Mapping[str, Any]) -> Trace:
    """The probes' walk through the network, in evaluation mode, where its weights lie."""
    weights = next(module.parameters(), None)
    place = torch.device("cpu") if weights is None else weights.device
    given = [one.to(place) if isinstance(one, Tensor) else one for one in probes]
    with evaluating(module), torch.autocast(place.type, enabled=False):
        return record(module, given, **facts)


def dead_shares(trace: Trace) -> dict[str, float]:
    """For each ReLU the share of channels that are zero everywhere, on every probe."""
    found = {}
    axes = channel_axes(trace)
    for op in trace:
        if op.kind not in _WITH_A_FLOOR or len(op.shape) < 2:
            continue
        array = op.array()
        axis = axes[op.index] % array.ndim
        largest = array.max(axis=tuple(one for one in range(array.ndim) if one != axis))
        found[op.name] = float(np.mean(largest == 0))
    return found
