"""The networks that can be named."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

from layerwalk.errors import MissingPackageError
from layerwalk.models.builtin import BUILT_IN
from layerwalk.models.package import has_package
from layerwalk.models.timm_zoo import timm_facts, timm_names
from layerwalk.models.torchvision_zoo import torchvision_facts, torchvision_names

__all__ = ["Listed", "list_models"]


@dataclass(frozen=True)
class Listed:
    """One network that can be named.

    Attributes
    ----------
    name
        What ``load_model`` takes; with ``"timm:"`` before it where torchvision or the
        package has the plain name.
    source
        Who brings it.
    parameters, input_size
        ``None`` where only building the network would tell, or any size goes.
    note
        A few plain words.
    """

    name: str
    source: Literal["built-in", "torchvision", "timm"]
    parameters: int | None
    input_size: tuple[int, int, int] | None
    note: str


def list_models() -> tuple[Listed, ...]:
    """Every network that can be named: built in, of torchvision and of timm, none of them built.

    A package that is not installed is left out; one that cannot be imported is left out
    with a warning.

    Examples
    --------
    >>> [listed.name for listed in list_models()[:5]]                # doctest: +SKIP
    ['efficientnet_lite0', 'edges', 'mlp', 'lenet5', 'tiny_vgg']
    """
    listed = [
        Listed(network.name, "built-in", network.parameters, network.input_size, network.note)
        for network in BUILT_IN.values()
    ]
    for package, rows in (("torchvision", _torchvision_rows), ("timm", _timm_rows)):
        if not has_package(package):
            continue
        try:
            listed += rows({network.name for network in listed})
        except MissingPackageError as error:
            warnings.warn(str(error), stacklevel=2)
    return tuple(listed)


def _torchvision_rows(taken: set[str]) -> list[Listed]:
    rows = []
    for name in torchvision_names():
        parameters, size = torchvision_facts(name)
        shown = f"torchvision:{name}" if name in taken else name
        note = "trained weights" if size else "no trained weights"
        rows.append(Listed(shown, "torchvision", parameters, size, note))
    return rows


def _timm_rows(taken: set[str]) -> list[Listed]:
    rows = []
    for name in timm_names():
        size, trained = timm_facts(name)
        shown = f"timm:{name}" if name in taken else name
        note = "trained weights" if trained else "no trained weights"
        rows.append(Listed(shown, "timm", None, size, note))
    return rows
