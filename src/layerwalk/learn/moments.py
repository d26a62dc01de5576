"""At which steps of a training to look."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TypeAlias

__all__ = ["Moments", "every", "log_steps"]

Moments: TypeAlias = Callable[[int], bool]
"""Whether the network is to be stored after so many updates."""


def log_steps(per_decade: int = 8) -> Moments:
    """Steps evenly on a log scale: a network changes most at the start.

    Parameters
    ----------
    per_decade
        How many between 10 and 100, between 100 and 1,000, and so on.

    Examples
    --------
    >>> due = log_steps()
    >>> [step for step in range(200) if due(step)]
    [0, 1, 2, 3, 4, 6, 7, 10, 13, 18, 24, 32, 42, 56, 75, 100, 133, 178]
    """
    if per_decade < 1:
        raise ValueError(f"{per_decade} steps a decade are none")

    def due(step: int) -> bool:
        if step < 2:
            return step >= 0
        place = math.log10(step) * per_decade
        return any(round(10 ** (near / per_decade)) == step for near in _around(place))

    return due


def every(steps: int) -> Moments:
    """Every so many steps.

    >>> [step for step in range(10) if every(4)(step)]
    [0, 4, 8]
    """
    if steps < 1:
        raise ValueError(f"every {steps} steps is never")
    return lambda step: step % steps == 0


def _around(place: float) -> Iterator[int]:
    yield math.floor(place)
    yield math.ceil(place)
