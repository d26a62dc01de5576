"""The most probable classes of a walk, with their numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layerwalk.errors import NotFoundError
from layerwalk.prediction import probabilities
from layerwalk.record import Trace

__all__ = ["RankedClass", "rank_classes"]


@dataclass(frozen=True, slots=True)
class RankedClass:
    """A class: its place in the network's output, its name and its probability."""

    number: int
    label: str
    probability: float


def rank_classes(trace: Trace, count: int) -> tuple[RankedClass, ...]:
    """The most probable classes, best first, as :meth:`layerwalk.record.Trace.top` has them.

    None where the network gave no class scores, or some that are not finite numbers.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("efficientnet_lite0"), "sample:dog")
    >>> rank_classes(trace, 1)
    (RankedClass(number=235, label='German Shepherd Dog', probability=0.97...),)
    """
    try:
        chances = probabilities(trace)
    except NotFoundError:
        return ()
    if not np.isfinite(chances).all():
        return ()
    order = np.argsort(-chances, kind="stable")
    return tuple(
        RankedClass(int(number), label, chance)
        for number, (label, chance) in zip(order, trace.top(count), strict=False)
    )
