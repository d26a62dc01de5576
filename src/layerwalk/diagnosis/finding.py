"""What was found, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["Diagnosis", "Disease", "Finding", "confidence"]

Disease: TypeAlias = Literal[
    "dead channels", "constant channels", "saturated channels", "duplicate channels",
    "NaN", "infinity", "exploding range", "vanishing range", "incomplete walk",
    "input range", "channel order", "constant input",
]  # fmt: skip


def confidence(images: int, others: float = 0.5) -> float:
    """How sure what all of so many images show is the rule: 1 - (1 - others) ** images.

    The chance that at least one of them had shown otherwise, if a share ``others`` of all images
    did. A channel that answers to one image in ten needs 22 images to be called dead with 90 %.

    >>> [confidence(count) for count in (1, 3)]
    [0.5, 0.875]
    >>> [round(confidence(count, 0.1), 2) for count in (1, 3, 22)]
    [0.1, 0.27, 0.9]
    """
    return 1.0 - (1.0 - others) ** images


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or looks so.

    Attributes
    ----------
    disease
        What it is.
    serious
        Whether the network cannot be trusted with it.
    op
        Where, by name; ``"input"`` for what the network was given.
    sentence
        What was seen, with its grounds.
    numbers
        What was measured, by name.
    channels
        The channels that have it and that had it in no op before; the sentence counts all.
    images
        The images that show it.
    confidence
        From 0 to 1; it grows with the number of images. 1.0 for what is plain fact.
    """

    disease: Disease
    serious: bool
    op: str
    sentence: str
    numbers: tuple[tuple[str, float], ...]
    channels: tuple[int, ...]
    images: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found in a network; true where nothing serious was.

    Attributes
    ----------
    name
        The network.
    images
        Every image that it was seen with. Few images prove little.
    ops
        How many ops were looked at.
    findings
        The serious ones first, then in the order of the walk.
    unlooked
        What could not be looked at, and why.
    """

    name: str
    images: tuple[str, ...]
    ops: int
    findings: tuple[Finding, ...] = field(repr=False)
    unlooked: tuple[str, ...] = ()

    @property
    def serious(self) -> tuple[Finding, ...]:
        """The findings with which the network cannot be trusted."""
        return tuple(one for one in self.findings if one.serious)

    def __bool__(self) -> bool:
        return not self.serious

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __str__(self) -> str:
        seen = f"{len(self.images)} image{'s' if len(self.images) != 1 else ''} seen"
        plural = "s" if len(self.serious) != 1 else ""
        counts = f"{len(self.serious)} serious finding{plural}, {len(self)} in all"
        return f"{self.name}, {seen}: {counts if self.findings else 'nothing found'}"
