"""torchvision and timm, asked in the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from layerwalk.models.timm_zoo import is_timm_name, timm_facts, timm_names
from layerwalk.models.torchvision_zoo import (
    is_torchvision_name,
    torchvision_facts,
    torchvision_names,
)

__all__ = ["ZOOS", "Facts", "Zoo"]

Facts: TypeAlias = tuple[int | None, tuple[int, int, int] | None, bool]


@dataclass(frozen=True, slots=True)
class Zoo:
    """A package that knows networks by name.

    Attributes
    ----------
    package
        Its name.
    names
        Those of its networks.
    has
        Whether it has a network of that name.
    facts
        Parameters and input size of a network, and whether there are trained weights.
    """

    package: Literal["torchvision", "timm"]
    names: Callable[[], tuple[str, ...]]
    has: Callable[[str], bool]
    facts: Callable[[str], Facts]


ZOOS: Final = (
    Zoo("torchvision", torchvision_names, is_torchvision_name, torchvision_facts),
    Zoo("timm", timm_names, is_timm_name, timm_facts),
)
