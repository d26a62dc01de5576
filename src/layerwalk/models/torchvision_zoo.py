"""The classifiers of torchvision."""

from __future__ import annotations

from functools import cache
from typing import Any

from torch import nn

from layerwalk.data.preprocessing import Preprocessing
from layerwalk.errors import ModelError
from layerwalk.models.labels import imagenet_labels
from layerwalk.models.model import Model
from layerwalk.models.package import import_zoo
from layerwalk.models.seed import SEED, seeded

__all__ = [
    "is_torchvision_name",
    "load_torchvision",
    "torchvision_facts",
    "torchvision_names",
    "torchvision_spare_keys",
]

# These two take pictures normalised for torchvision and normalise them again for the weights
# that came from TensorFlow; their builders also have heads that only training uses.
_FROM_TENSORFLOW = {"googlenet": ("aux1.", "aux2."), "inception_v3": ("AuxLogits.",)}


@cache
def torchvision_names() -> tuple[str, ...]:
    """The names of torchvision's classifiers, in alphabetical order.

    Raises
    ------
    MissingPackageError
        torchvision is not installed, or cannot be imported.
    """
    models = import_zoo("torchvision.models")
    return tuple(sorted(models.list_models(module=models)))


def is_torchvision_name(name: str) -> bool:
    """Whether torchvision has a classifier of that name."""
    return name in torchvision_names()


def torchvision_facts(name: str) -> tuple[int | None, tuple[int, int, int] | None, bool]:
    """Parameters, input size, and whether there are trained weights, whose card tells them.

    Nothing is built.
    """
    weights = _default_weights(name)
    if weights is None:
        return None, None, False
    return int(weights.meta["num_params"]), _input_size(weights), True


def torchvision_spare_keys(name: str) -> tuple[str, ...]:
    """Beginnings of the keys that published weights have and :func:`load_torchvision` lacks."""
    return _FROM_TENSORFLOW.get(name, ())


def load_torchvision(name: str, *, pretrained: bool) -> Model:
    """A classifier of torchvision, with its default weights or random ones.

    The preprocessing is that of the default weights in both cases.

    Examples
    --------
    >>> load_torchvision("resnet18", pretrained=False).input_size    # doctest: +SKIP
    (3, 224, 224)

    Raises
    ------
    ModelError
        The weights could not be fetched.
    MissingPackageError
        torchvision is not installed.
    """
    models = import_zoo("torchvision.models")
    weights = _default_weights(name)
    if pretrained and weights is None:
        raise ModelError(
            "torchvision has no trained weights for it",
            where=name,
            mend="take weights='none' (--weights none) or a weights file",
        )
    with seeded():
        if pretrained:
            module = _trained(name, weights)
        else:
            extra: dict[str, Any] = {}
            if name in _FROM_TENSORFLOW:
                extra = {"aux_logits": False, "transform_input": True, "init_weights": True}
            module = models.get_model(name, weights=None, **extra)
    return Model(
        name=name,
        module=module,
        preprocessing=_preprocessing(weights) if weights is not None else None,
        labels=_labels(weights),
        weights=f"torchvision {weights}" if pretrained else f"random, seed {SEED}",
        input_size=_input_size(weights) if weights is not None else None,
    )


def _default_weights(name: str) -> Any:
    choices = import_zoo("torchvision.models").get_model_weights(name)
    return choices.DEFAULT if len(choices) else None


def _trained(name: str, weights: Any) -> nn.Module:
    """The network with its weights, which are downloaded unless they are here."""
    try:
        # The builder below unpickles the file without restriction. Reading it once before,
        # with restriction, refuses it if that would run anything.
        weights.get_state_dict(progress=True, check_hash=True, weights_only=True)
        module: nn.Module = import_zoo("torchvision.models").get_model(name, weights=weights)
    except Exception as error:
        # The connection, the disk, the hash: every failure has the same mends.
        lines = str(error).strip().splitlines() or [""]
        raise ModelError(
            f"its trained weights could not be loaded ({type(error).__name__}: {lines[0]})",
            where=name,
            mend="check the connection, or take weights='none' (--weights none) or a weights "
            "file (--weights FILE.safetensors)",
        ) from error
    return module


def _preprocessing(weights: Any) -> Preprocessing:
    preset = weights.transforms()
    (resize,), (crop,) = preset.resize_size, preset.crop_size
    return Preprocessing(
        resize=resize,
        crop=crop,
        interpolation=preset.interpolation.value,
        mean=tuple(preset.mean),
        std=tuple(preset.std),
        channels=3,
    )


def _input_size(weights: Any) -> tuple[int, int, int]:
    (crop,) = weights.transforms().crop_size
    return 3, crop, crop


def _labels(weights: Any) -> tuple[str, ...] | None:
    # One set of names for the 1,000 classes, so that two networks can be compared.
    names = weights.meta["categories"] if weights is not None else ()
    if len(names) == 1000:
        return imagenet_labels()
    return tuple(names) or None
