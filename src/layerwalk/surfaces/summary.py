"""What a table says of each op: counted here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from layerwalk.record import Array, Op, Trace
from layerwalk.render.tally import Tally, tally

__all__ = ["OpSummary", "count_parameters", "summarise"]


@dataclass(frozen=True, slots=True)
class OpSummary:
    """The numbers of one op, over all its outputs.

    Attributes
    ----------
    op
        The op.
    parameters
        How many learned numbers it read that no op before it had read: weights that ops
        share count once, so the sum over a walk is what the walk used.
    values
        How many numbers it made.
    low, high
        The least and the greatest finite one (of the magnitudes, where they are complex);
        NaN when there is none.
    zeros, nan, infinite
        How many are exactly zero, are not numbers, are infinite.
    """

    op: Op
    parameters: int
    values: int
    low: float
    high: float
    zeros: int
    nan: int
    infinite: int

    @property
    def zero_share(self) -> float:
        """The share of zeros among the values, 0 to 1; NaN when there are no values."""
        return self.zeros / self.values if self.values else math.nan

    @property
    def flawed(self) -> bool:
        """Whether some value is not a finite number."""
        return bool(self.nan or self.infinite)


def summarise(trace: Trace) -> Iterator[OpSummary]:
    """The summaries of a walk's ops in order, each computed when it is asked for.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), np.eye(8))
    >>> [(s.op.name, s.parameters, s.low, s.high) for s in summarise(trace)]
    [('conv', 64, -2.0, 2.0), ('relu', 0, 0.0, 2.0), ('pool', 0, 0.0, 2.0)]
    """
    for op, parameters in zip(trace.ops, count_parameters(trace), strict=True):
        yield _summary(op, parameters, [tally(_real(value.array())) for value in op.outputs])


def count_parameters(trace: Trace) -> tuple[int, ...]:
    """For each op, how many learned numbers it read that no op before it had read.

    Examples
    --------
    >>> import layerwalk as lw
    >>> count_parameters(lw.trace(lw.load_model("edges"), np.eye(8)))
    (64, 0, 0)
    """
    counted: set[int] = set()
    counts = []
    for op in trace.ops:
        fresh = {value.id: value for value in op.parameters if value.id not in counted}
        counted |= fresh.keys()
        counts.append(sum(value.size for value in fresh.values()))
    return tuple(counts)


def _real(array: Array) -> Array:
    return np.abs(array) if np.iscomplexobj(array) else array


def _summary(op: Op, parameters: int, counts: list[Tally]) -> OpSummary:
    finite = [count for count in counts if not math.isnan(count.low)]
    return OpSummary(
        op=op,
        parameters=parameters,
        values=sum(count.size for count in counts),
        low=min((count.low for count in finite), default=math.nan),
        high=max((count.high for count in finite), default=math.nan),
        zeros=sum(count.zeros for count in counts),
        nan=sum(count.nan for count in counts),
        infinite=sum(count.infinite for count in counts),
    )
