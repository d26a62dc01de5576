"""What the channels of an op contributed to a score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from layerwalk.errors import missing
from layerwalk.record import Trace
from layerwalk.surfaces.library import Library, Opened
from layerwalk.surfaces.target import parse_target
from layerwalk.surfaces.wire import AskContributions, ContributionSheet

if TYPE_CHECKING:
    from layerwalk.attribution import Contributions

__all__ = ["contributions", "contributions_of", "finite", "sheet_of_op", "worked_out"]


def contributions(library: Library, ask: AskContributions) -> ContributionSheet:
    """The contributions of an op's channels; those of all ops are worked out at once, and kept.

    Raises
    ------
    LayerwalkError
        There is no such trace, op or target, the network has no class scores, or a weight is
        missing.
    """
    opened = library.opened(ask.trace)
    op = opened.trace[ask.op]
    return sheet_of_op(contributions_of(opened, ask.target, ask.sample), op.index)


def contributions_of(opened: Opened, target: str = "", sample: int = 0) -> Contributions:
    """The contributions of every channel of an open trace, worked out once."""
    # Those to the best class stand on the cards of every walk; of others, the last few are kept.
    keep = opened.lately if target else opened.once
    key = ("contributions", target, sample)
    return keep(key, lambda: worked_out(opened.trace, target, sample))


def worked_out(trace: Trace, target: str = "", sample: int = 0) -> Contributions:
    """The contributions to the score of a target, or of the best class.

    Raises
    ------
    LayerwalkError
        There is no such target, the network has no class scores, a weight is missing, or torch
        is not installed.
    """
    try:
        from layerwalk.attribution import contributions as traced_back
    except ModuleNotFoundError as error:
        raise missing(error) from error
    return traced_back(trace, parse_target(trace, target or None), sample)


def sheet_of_op(found: Contributions, op: int) -> ContributionSheet:
    """What the page is told of an op's channels."""
    channels = found.channels[op]
    return ContributionSheet(
        op=op,
        target=found.target,
        score=finite(found.score),
        channels=() if channels is None else tuple(finite(float(each)) for each in channels),
    )


def finite(number: float | None) -> float | None:
    """The number in seven digits; ``None`` where it is not finite, or there is none.

    >>> finite(1 / 3), finite(float("nan")), finite(None)
    (0.3333333, None, None)
    """
    # As many digits as the float32 numbers have from which it was made.
    if number is None or not math.isfinite(number):
        return None
    return float(f"{number:.7g}")
