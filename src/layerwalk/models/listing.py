"""The networks that can be named."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

from layerwalk.models.builtin import BUILT_IN
from layerwalk.models.package import LostPackageError, has_package, tell_lost
from layerwalk.models.zoos import ZOOS

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
    lost = []
    for zoo in ZOOS:
        if not has_package(zoo.package):
            continue
        taken = {network.name for network in listed}
        try:
            for name in zoo.names():
                parameters, size, trained = zoo.facts(name)
                shown = f"{zoo.package}:{name}" if name in taken else name
                note = "trained weights" if trained else "no trained weights"
                listed.append(Listed(shown, zoo.package, parameters, size, note))
        except LostPackageError as error:
            lost.append(error)
    if lost:
        what, mend = tell_lost(lost)
        warnings.warn(f"{what}; {mend}.", stacklevel=2)
    return tuple(listed)
