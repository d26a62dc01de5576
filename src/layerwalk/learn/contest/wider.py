"""The same network with more or fewer channels in every hidden layer."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.conv import _ConvNd

from layerwalk.errors import ModelError
from layerwalk.learn.probing import evaluating

__all__ = ["count_parameters", "widen", "widen_to"]

_NARROWEST, _WIDEST = 1 / 256, 64.0
_TRIES = 14


def count_parameters(module: nn.Module) -> int:
    """How many numbers a network learns."""
    return sum(one.numel() for one in module.parameters())


def widen(module: nn.Module, factor: float, images: Tensor) -> nn.Module:
    """A copy with ``factor`` times as many channels in every hidden layer, at least one.

    Convolutions, linear layers and batch norms are made anew in the size that what comes to
    them has; the last layer keeps its outputs. Its weights are of no use before they are drawn.

    Parameters
    ----------
    module
        The network.
    factor
        What every width is multiplied by.
    images
        Two or more pictures as the network takes them, (N, C, H, W).

    Raises
    ------
    ModelError
        The network does not run with other widths.

    Examples
    --------
    >>> net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.Flatten(), nn.Linear(8 * 9, 10))
    >>> widen(net, 0.5, torch.zeros(2, 1, 5, 5))
    Sequential(
      (0): Conv2d(1, 4, kernel_size=(3, 3), stride=(1, 1))
      (1): Flatten(start_dim=1, end_dim=-1)
      (2): Linear(in_features=36, out_features=10, bias=True)
    )
    """
    made = copy.deepcopy(module)
    try:
        layers = _in_order(made, images)
        wanted = {one: max(1, round(_outputs(one) * factor)) for one in layers[:-1]}
        with evaluating(made), torch.no_grad():
            before = tuple(made(images).shape)
            with _fitted(made, wanted):
                after = tuple(made(images).shape)
    except (AttributeError, IndexError, RuntimeError, TypeError, ValueError) as error:
        said = " ".join(str(error).split())[:200]
        raise ModelError(
            f"it does not run with other widths ({said})", where=type(module).__name__
        ) from error
    if after != before:
        raise ModelError("its output changes with its widths", where=type(module).__name__)
    return made


def widen_to(module: nn.Module, parameters: int, images: Tensor) -> tuple[float, nn.Module]:
    """The factor that comes nearest to so many parameters, and the network widened by it.

    Raises
    ------
    ModelError
        As :func:`widen`.
    """
    low, high = math.log(_NARROWEST), math.log(_WIDEST)
    found: list[tuple[float, float, nn.Module]] = []
    for _ in range(_TRIES):
        middle = (low + high) / 2
        made = widen(module, math.exp(middle), images)
        count = count_parameters(made)
        found.append((abs(math.log(count / parameters)), math.exp(middle), made))
        if count == parameters:
            break
        low, high = (middle, high) if count < parameters else (low, middle)
    _, factor, made = min(found, key=lambda one: one[:2])
    return factor, made


def _in_order(module: nn.Module, images: Tensor) -> list[nn.Module]:
    """The convolutions and linear layers in the order in which they first run."""
    ran: dict[nn.Module, None] = {}
    hooks = [
        one.register_forward_hook(lambda layer, *_: ran.setdefault(layer))
        for one in module.modules()
        if isinstance(one, (_ConvNd, nn.Linear))
    ]
    try:
        with evaluating(module), torch.no_grad():
            module(images)
    finally:
        for hook in hooks:
            hook.remove()
    if len(ran) < 2:
        raise ValueError("it has no hidden layer")
    return list(ran)


@contextmanager
def _fitted(module: nn.Module, wanted: dict[nn.Module, int]) -> Iterator[None]:
    """A block in which each layer is made anew when something first comes to it."""
    ready: set[nn.Module] = set()

    def fit(layer: nn.Module, given: tuple[Any, ...]) -> None:
        if layer in ready:
            return
        ready.add(layer)
        for kind, how in _KINDS:
            if isinstance(layer, kind):
                how(layer, given[0], wanted.get(layer))

    hooks = [one.register_forward_pre_hook(fit) for one in module.modules()]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _fit_linear(layer: nn.Linear, given: Tensor, outputs: int | None) -> None:
    layer.in_features = given.shape[-1]
    layer.out_features = outputs or layer.out_features
    layer.weight = _empty(layer.weight, layer.out_features, layer.in_features)
    if layer.bias is not None:
        layer.bias = _empty(layer.bias, layer.out_features)


def _fit_convolution(layer: _ConvNd, given: Tensor, outputs: int | None) -> None:
    if layer.transposed:
        raise ValueError("transposed convolutions are not widened")
    channels, each = given.shape[1], layer.out_channels // layer.groups
    if layer.groups == layer.in_channels and layer.groups > 1:
        layer.groups, layer.out_channels = channels, channels * each
    else:
        wanted = outputs or layer.out_channels
        layer.out_channels = max(1, round(wanted / layer.groups)) * layer.groups
    layer.in_channels = channels
    inside = channels // layer.groups
    layer.weight = _empty(layer.weight, layer.out_channels, inside, *layer.kernel_size)
    if layer.bias is not None:
        layer.bias = _empty(layer.bias, layer.out_channels)


def _fit_norm(layer: _BatchNorm, given: Tensor, outputs: int | None) -> None:
    del outputs
    layer.num_features = given.shape[1]
    if layer.affine:
        layer.weight = _empty(layer.weight, layer.num_features)
        layer.bias = _empty(layer.bias, layer.num_features)
    if layer.running_mean is not None and layer.running_var is not None:
        layer.running_mean = layer.running_mean.new_zeros(layer.num_features)
        layer.running_var = layer.running_var.new_ones(layer.num_features)


_KINDS: tuple[tuple[type[nn.Module], Callable[..., None]], ...] = (
    (nn.Linear, _fit_linear),
    (_ConvNd, _fit_convolution),
    (_BatchNorm, _fit_norm),
)


def _outputs(layer: nn.Module) -> int:
    count = layer.out_features if isinstance(layer, nn.Linear) else layer.out_channels
    return int(str(count))


def _empty(like: Tensor, *shape: int) -> nn.Parameter:
    return nn.Parameter(like.new_zeros(shape))
