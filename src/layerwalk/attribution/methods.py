"""The methods, each by its name: what it promises, what it takes, and how it is run."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional as F

from layerwalk.attribution.conductance import conductance
from layerwalk.attribution.deeplift import deeplift
from layerwalk.attribution.modules import rectifies
from layerwalk.attribution.question import Question
from layerwalk.errors import CaptureError, MissingPackageError

__all__ = ["METHODS", "Method"]

# Pictures that run at once: enough to keep the processor busy, few enough for its memory.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Method:
    """One way to say what mattered.

    Attributes
    ----------
    name
        What it is called.
    run
        The map, without the batch.
    takes
        The options that change what it gives.
    complete
        Whether the map's sum is the score less the baseline's.
    signed
        Whether its numbers say for or against.
    looks_at_op
        Whether it needs an op.
    grid
        Whether the map lies on the op's own grid.
    runs
        How many pictures pass the network, about.
    """

    name: str
    run: Callable[[Question], torch.Tensor]
    takes: frozenset[str] = frozenset()
    complete: bool = False
    signed: bool = True
    looks_at_op: bool = False
    grid: bool = False
    runs: Callable[[Question], int] = lambda _: 1


def _captum(name: str, *made_of: Any) -> Any:
    """A method of Captum's, quiet about what it does to the replayed network.

    Raises
    ------
    MissingPackageError
        Captum is not installed.
    """
    try:
        from captum import attr
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "captum":
            raise
        raise MissingPackageError(
            "this method needs the package captum, which is not installed",
            mend="pip install 'layerwalk[attribution]'",
        ) from error
    return getattr(attr, name)(*made_of)


def _quiet() -> AbstractContextManager[Any]:
    return warnings.catch_warnings(action="ignore")


def _saliency(asked: Question) -> torch.Tensor:
    with _quiet():
        found: torch.Tensor = _captum("Saliency", asked.score).attribute(asked.picture)
    return found[0]


def _input_x_gradient(asked: Question) -> torch.Tensor:
    with _quiet():
        found: torch.Tensor = _captum("InputXGradient", asked.score).attribute(asked.picture)
    return found[0]


def _integrated_gradients(asked: Question) -> torch.Tensor:
    with _quiet():
        found: torch.Tensor = _captum("IntegratedGradients", asked.score).attribute(
            asked.picture,
            baselines=asked.baseline,
            n_steps=asked.steps,
            internal_batch_size=_AT_ONCE if asked.score.together else 1,
        )
    return found[0]


def _guided_backprop(asked: Question) -> torch.Tensor:
    network = asked.score.network
    if not any(rectifies(op) for op, _ in network.steps):
        raise CaptureError(
            "guided backprop changes what rectifiers (ReLU) pass back, and it has none",
            where=network.name,
            mend="saliency is what it would give",
        )
    with _quiet():
        found: torch.Tensor = _captum("GuidedBackprop", asked.score).attribute(asked.picture)
    return found[0]


def _deeplift(asked: Question) -> torch.Tensor:
    return deeplift(asked.score, asked.picture, asked.baseline)[0]


def _grad_cam(asked: Question) -> torch.Tensor:
    with _quiet():
        found = _captum("LayerGradCam", asked.score, asked.layer).attribute(
            asked.picture, relu_attributions=True
        )
    first: torch.Tensor = found[0] if isinstance(found, tuple) else found
    return first[asked.score.row].detach()


def _guided_grad_cam(asked: Question) -> torch.Tensor:
    guided = _guided_backprop(asked)
    coarse = _grad_cam(asked)[None]
    # Each cell of the coarse map over its share of the picture: nothing is blended.
    stretched = F.interpolate(coarse.to(guided), size=guided.shape[1:], mode="nearest")
    return guided * stretched[0]


def _layer_conductance(asked: Question) -> torch.Tensor:
    """Gradient times step of the op's output, summed along the way from the baseline."""
    if not asked.score.together:
        return conductance(asked)
    with _quiet():
        found = _captum("LayerConductance", asked.score, asked.layer).attribute(
            asked.picture,
            baselines=asked.baseline,
            n_steps=asked.steps,
            internal_batch_size=_AT_ONCE,
        )
    first: torch.Tensor = found[0] if isinstance(found, tuple) else found
    return first[0].detach()


def _occlusion(asked: Question) -> torch.Tensor:
    channels = asked.picture.shape[1]
    with _quiet():
        found: torch.Tensor = _captum("Occlusion", asked.score).attribute(
            asked.picture,
            sliding_window_shapes=(channels, *asked.window),
            strides=(channels, *asked.stride),
            baselines=asked.baseline,
            perturbations_per_eval=_AT_ONCE,
        )
    return found[0, :1]  # the channels of a place are hidden together: all say the same


def _occlusions(asked: Question) -> int:
    sides = zip(asked.picture.shape[2:], asked.window, asked.stride, strict=True)
    return 1 + math.prod(1 + -(-max(side - w, 0) // s) for side, w, s in sides)


def _feature_ablation(asked: Question) -> torch.Tensor:
    if asked.op is not None:
        return _channel_ablation(asked)
    with _quiet():
        found: torch.Tensor = _captum("FeatureAblation", asked.score).attribute(
            asked.picture,
            baselines=asked.baseline,
            feature_mask=_squares(asked),
            perturbations_per_eval=_AT_ONCE,
        )
    return found[0, :1]  # the channels of a place are hidden together: all say the same


def _squares(asked: Question) -> torch.Tensor:
    """Which feature each place belongs to: as asked, or squares side by side."""
    if asked.features is not None:
        return asked.features.expand(asked.picture.shape[1], *asked.features.shape)[None]
    number = torch.zeros((), dtype=torch.long)
    for side, window in zip(asked.picture.shape[2:], asked.window, strict=True):
        number = number[..., None] * -(-side // window) + torch.arange(side) // window
    return number.expand(asked.picture.shape)


def _ablations(asked: Question) -> int:
    return 1 + (
        len(set(_squares(asked).flatten().tolist())) if asked.op is None else asked.op.shape[1]
    )


def _channel_ablation(asked: Question) -> torch.Tensor:
    """What the score loses when each channel of the op is silenced, by itself: (C,)."""
    with torch.no_grad():
        whole = asked.score(asked.picture)[0]
        channels = range(asked.layer_op.shape[1])
        return torch.stack([whole - _without(asked, channel) for channel in channels])


def _without(asked: Question, channel: int) -> torch.Tensor:
    """The score with one channel of the op silenced."""

    def silence(_module: nn.Module, _given: Any, made: Any) -> Any:
        first = (made[0] if isinstance(made, tuple) else made).clone()
        first[:, channel] = 0
        return (first, *made[1:]) if isinstance(made, tuple) else first

    handle = asked.layer.register_forward_hook(silence)
    try:
        return asked.score(asked.picture)[0]  # type: ignore[no-any-return]
    finally:
        handle.remove()


def _steps(asked: Question) -> int:
    return asked.steps


_ALL: Final = (
    Method("saliency", _saliency, signed=False),
    Method("input_x_gradient", _input_x_gradient),
    Method(
        "integrated_gradients",
        _integrated_gradients,
        frozenset({"baseline", "steps"}),
        complete=True,
        runs=_steps,
    ),
    Method("guided_backprop", _guided_backprop),
    Method("deeplift", _deeplift, frozenset({"baseline"}), complete=True, runs=lambda _: 2),
    Method("grad_cam", _grad_cam, frozenset({"op"}), signed=False, looks_at_op=True, grid=True),
    Method(
        "guided_grad_cam", _guided_grad_cam, frozenset({"op"}), looks_at_op=True, runs=lambda _: 2
    ),
    Method("occlusion", _occlusion, frozenset({"baseline", "window", "stride"}), runs=_occlusions),
    Method(
        "feature_ablation",
        _feature_ablation,
        frozenset({"baseline", "window", "features", "op"}),
        runs=_ablations,
    ),
    Method(
        "layer_conductance",
        _layer_conductance,
        frozenset({"baseline", "steps", "op"}),
        complete=True,
        looks_at_op=True,
        grid=True,
        runs=lambda asked: asked.steps + 1,
    ),
)
METHODS: Final[Mapping[str, Method]] = MappingProxyType({each.name: each for each in _ALL})
"""Every method by its name."""
