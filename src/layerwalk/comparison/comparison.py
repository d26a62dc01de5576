"""Two walks laid side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from layerwalk.comparison.difference import Difference, OpDifference
from layerwalk.comparison.matching import Unmatched
from layerwalk.errors import NotFoundError
from layerwalk.record import Op, Trace

__all__ = ["Comparison", "Prediction"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the two networks say of one image.

    Attributes
    ----------
    sample
        Which image of the batch.
    before, after
        The most probable classes of the reference and of the other,
        ``((label, probability), ...)``.
    largest_change
        The greatest change of any class's probability.
    """

    sample: int
    before: tuple[tuple[str, float], ...]
    after: tuple[tuple[str, float], ...]
    largest_change: float

    @property
    def changed(self) -> bool:
        """Whether another class is the most probable."""
        return self.before[:1] != () and self.before[0][0] != self.after[0][0]


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """Where two walks part, by how much, and why; true where they are equal within tolerance.

    Attributes
    ----------
    reference, other
        The two walks. Errors are the other's, relative to the reference.
    ops
        Every pair of ops, in the reference's order.
    inputs, outputs
        What the networks were given and what they returned, in order.
    unmatched
        Every op that was compared with nothing, and why.
    predictions
        The classes of each image, where both networks gave classes.
    reasons
        What is not the same about the first op that departs: weights, settings, types.
    notes
        What else has to be known: other inputs, an incomplete walk, outputs without a twin.
    """

    reference: Trace = field(repr=False)
    other: Trace = field(repr=False)
    ops: tuple[OpDifference, ...] = field(repr=False)
    inputs: tuple[Difference, ...] = field(repr=False)
    outputs: tuple[Difference, ...] = field(repr=False)
    unmatched: tuple[Unmatched, ...] = field(repr=False)
    predictions: tuple[Prediction, ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def first(self) -> OpDifference | None:
        """The first op, in the order of the walk, that is beyond its tolerance."""
        return next((one for one in self.ops if one.departs), None)

    @property
    def worst(self) -> OpDifference | None:
        """The op with the greatest relative error."""
        return max(self.ops, key=lambda one: one.measure.relative_error, default=None)

    @property
    def departing(self) -> tuple[OpDifference, ...]:
        """Every op beyond its tolerance."""
        return tuple(one for one in self.ops if one.departs)

    def __bool__(self) -> bool:
        counts = len(self.reference.outputs) == len(self.other.outputs)
        departs = any(one.departs for one in self.ops) or any(one.departs for one in self.outputs)
        return counts and not departs and self.reference.complete == self.other.complete

    def __len__(self) -> int:
        return len(self.ops)

    def __iter__(self) -> Iterator[OpDifference]:
        return iter(self.ops)

    def __getitem__(self, key: str | int | Op) -> OpDifference:
        """The pair of an op of the reference, by its name, its index in the walk, or itself."""
        wanted = self.reference[key]
        for one in self.ops:
            if one.reference.index == wanted.index:
                return one
        reason = next(
            (one.reason for one in self.unmatched
             if one.side == "reference" and one.op.index == wanted.index), "")  # fmt: skip
        raise NotFoundError(f"this op was not compared ({reason})", where=wanted.name)

    def __str__(self) -> str:
        left = f", {len(self.unmatched)} not matched" if self.unmatched else ""
        counted = f"{len(self.ops)} ops compared{left}"
        first = self.first
        if first is None:
            state = "equal within tolerance" if self else "the outputs differ"
            return f"{counted}: {state}"
        whose, reasons = f"{counted}: {first.name} is the first to depart", self.reasons
        if first.measure.flawed:
            # NaN has no size: what there is of it, and behind that where it may be from.
            whose, reasons = f"{whose}: {first.extent}", reasons[1:]
        else:
            whose += f", by {first.measure.relative_error:.3g} of its values"
        return f"{whose} ({reasons[0]})" if reasons else whose
