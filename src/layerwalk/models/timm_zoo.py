"""The networks of timm."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from torch import nn

from layerwalk.data.preprocessing import Preprocessing
from layerwalk.errors import ModelError
from layerwalk.models.labels import imagenet_labels, told_apart
from layerwalk.models.model import Model
from layerwalk.models.package import import_zoo
from layerwalk.models.seed import SEED, seeded

__all__ = ["is_timm_name", "load_timm", "timm_facts", "timm_names"]


@cache
def timm_names() -> tuple[str, ...]:
    """The names of timm's networks, in alphabetical order, without tags.

    Raises
    ------
    MissingPackageError
        timm is not installed, or cannot be imported.
    """
    return tuple(sorted(import_zoo("timm").list_models()))


def is_timm_name(name: str) -> bool:
    """Whether timm has the network; a tag may follow: ``"resnet18.a1_in1k"``."""
    return bool(import_zoo("timm").is_model(name))


def timm_facts(name: str) -> tuple[int | None, tuple[int, int, int] | None, bool]:
    """Parameters (timm does not say), input size, and whether there are trained weights.

    Nothing is built.
    """
    card = import_zoo("timm").get_pretrained_cfg(name)
    if card is None:
        return None, None, False
    channels, height, width = card.input_size
    return None, (channels, height, width), bool(card.has_weights)


def load_timm(name: str, *, pretrained: bool) -> Model:
    """A network of timm, with its trained weights or random ones.

    Examples
    --------
    >>> load_timm("resnet18.a1_in1k", pretrained=False).input_size   # doctest: +SKIP
    (3, 224, 224)

    Raises
    ------
    ModelError
        There is no such tag, there are no trained weights, or they could not be fetched.
    MissingPackageError
        timm is not installed.
    """
    timm = import_zoo("timm")
    card = _card(name)
    if pretrained and not (card and card.has_weights):
        raise ModelError(
            "timm has no trained weights for it",
            where=name,
            mend="take weights='none' (--weights none) or a weights file",
        )
    try:
        with seeded():
            module: nn.Module = timm.create_model(name, pretrained=pretrained)
    except Exception as error:
        # The network, the hub, the disk, a class that needs one more package: timm passes
        # all of them on as they come.
        lines = str(error).strip().splitlines() or [""]
        reason = f"({type(error).__name__}: {lines[0].rstrip('.')})"
        if pretrained:
            raise ModelError(
                f"its trained weights could not be loaded {reason}",
                where=name,
                mend="check the connection, or take weights='none' (--weights none) or a "
                "weights file (--weights FILE.safetensors)",
            ) from error
        raise ModelError(
            f"timm could not build it {reason}", where=name, mend="take another network"
        ) from error
    config = import_zoo("timm.data").resolve_data_config(model=module)
    channels, height, width = config["input_size"]
    return Model(
        name=name,
        module=module,
        preprocessing=_preprocessing(config),
        labels=_labels(module),
        weights=f"timm {name} ({_source(module)})" if pretrained else f"random, seed {SEED}",
        input_size=(channels, height, width),
    )


def _card(name: str) -> Any:
    """What timm knows about the trained weights, of the tag in the name or of the default."""
    try:
        card = import_zoo("timm").get_pretrained_cfg(name)
    except RuntimeError as error:
        stem, _, tag = name.partition(".")
        tags = [known.partition(".")[2] for known in _tagged(stem)]
        raise ModelError(
            f"timm has no weights {tag!r} for {stem}",
            where=name,
            mend=f"take one of {', '.join(tags)}" if tags else "leave the tag out",
        ) from error
    return card


def _tagged(stem: str) -> list[str]:
    names = import_zoo("timm").list_pretrained(f"{stem}.*")
    return [str(name) for name in names]


def _source(module: nn.Module) -> str:
    card: Any = getattr(module, "pretrained_cfg", {})
    return str(card.get("hf_hub_id") or card.get("url") or "timm")


def _preprocessing(config: dict[str, Any]) -> Preprocessing | None:
    """The preprocessing that timm evaluates with, where it is a resize and a centre crop.

    ``None`` for the few networks that pad to a border or crop a picture that is not square:
    no picture is better than another picture than the network's own.
    """
    channels, height, width = config["input_size"]
    scaled = (math.floor(height / config["crop_pct"]), math.floor(width / config["crop_pct"]))
    resize: int | tuple[int, int]
    if config["crop_mode"] == "squash":
        resize = scaled
    elif config["crop_mode"] == "center" and height == width:
        resize = scaled[0]
    else:
        return None
    if channels not in (1, 3):
        return None
    return Preprocessing(
        resize=resize,
        crop=(height, width),
        interpolation=config["interpolation"],
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        channels=channels,
    )


def _labels(module: nn.Module) -> tuple[str, ...] | None:
    classes = getattr(module, "num_classes", 0)
    if classes == 1000:
        return imagenet_labels()
    data = import_zoo("timm.data")
    subset = data.infer_imagenet_subset(module)
    if not subset:
        return None
    info = data.ImageNetInfo(subset)
    names = [str(info.index_to_description(index)) for index in range(classes)]
    return told_apart(names, [str(info.index_to_label_name(index)) for index in range(classes)])
