"""What the channels of an op contributed to the score of the best class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from layerwalk.errors import missing
from layerwalk.record import Trace
from layerwalk.surfaces.library import Library, Opened
from layerwalk.surfaces.wire import AskContributions, ContributionSheet

if TYPE_CHECKING:
    from layerwalk.attribution import Contributions

__all__ = ["contributions", "contributions_of", "sheet_of_op", "worked_out"]


def contributions(library: Library, ask: AskContributions) -> ContributionSheet:
    """The contributions of an op's channels; those of all ops are worked out at once, and kept.

    Raises
    ------
    LayerwalkError
        There is no such trace or op, the network has no class scores, or a weight is missing.
    """
    opened = library.opened(ask.trace)
    op = opened.trace[ask.op]
    return sheet_of_op(contributions_of(opened, ask.sample), op.index)


def contributions_of(opened: Opened, sample: int = 0) -> Contributions:
    """The contributions of every channel of an open trace, worked out once."""
    return opened.once(("contributions", sample), lambda: worked_out(opened.trace, sample))


def worked_out(trace: Trace, sample: int = 0) -> Contributions:
    """The contributions to the score of the best class.

    Raises
    ------
    LayerwalkError
        The network has no class scores, a weight is missing, or torch is not installed.
    """
    try:
        from layerwalk.attribution import contributions as traced_back
    except ModuleNotFoundError as error:
        raise missing(error) from error
    return traced_back(trace, sample=sample)


def sheet_of_op(found: Contributions, op: int) -> ContributionSheet:
    """What the page is told of an op's channels."""
    channels = found.channels[op]
    return ContributionSheet(
        op=op,
        target=found.target,
        score=_finite(found.score),
        channels=() if channels is None else tuple(_finite(float(each)) for each in channels),
    )


def _finite(number: float) -> float | None:
    # As many digits as the float32 numbers have from which it was made.
    return float(f"{number:.7g}") if math.isfinite(number) else None
