"""What two walks have differently at one value, and at one op."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layerwalk.comparison.grain import spell_grain
from layerwalk.comparison.matching import How
from layerwalk.comparison.measure import Measure, apart
from layerwalk.errors import NotFoundError
from layerwalk.record import Array, Op, Value

__all__ = ["ChannelDifferences", "Difference", "OpDifference"]


@dataclass(frozen=True, eq=False, slots=True)
class ChannelDifferences:
    """The errors of one op, channel by channel.

    Attributes
    ----------
    axis
        Which axis of the value the channels are.
    max_error, mean_error
        Of the absolute differences of each channel, float64 of shape (C,); NaN where there
        was nothing to compare.
    relative_error
        Norm of the channel's difference over the root mean square of all channels' norms, so
        that a channel which is almost silent is not made much of.
    order
        The channels, the most different first.
    """

    axis: int
    max_error: NDArray[np.float64] = field(repr=False)
    mean_error: NDArray[np.float64] = field(repr=False)
    relative_error: NDArray[np.float64] = field(repr=False)
    order: NDArray[np.intp] = field(repr=False)


@dataclass(frozen=True, eq=False, slots=True)
class Difference:
    """One value of two walks: an input or an output of the networks, or a weight.

    ``measure`` is ``None`` where the two have other shapes.
    """

    reference: Value
    other: Value
    measure: Measure | None
    tolerance: float

    @property
    def departs(self) -> bool:
        """Whether the two are further apart than the tolerance, or of other shapes."""
        return self.measure is None or not self.measure.within(self.tolerance)


@dataclass(frozen=True, eq=False, slots=True)
class OpDifference:
    """What two walks have differently at one op; numbers are read again where arrays are asked for.

    Attributes
    ----------
    reference, other
        The op in each walk.
    how
        How the two were found to belong together: ``"given"``, ``"name"``, ``"order"``,
        ``"folded"`` (a batch norm or a ReLU that the other has in one op with what is before
        it, or the reference has) or ``"module"`` (what a module made, in one of the walks by
        several ops).
    spans
        The ops of the reference that the other has in this one: the op itself, and before it
        what was folded, or the other steps of the module.
    output
        Which of the op's outputs: the one with the greatest relative error.
    measure
        The errors of that output.
    tolerance
        The relative error that is allowed here.
    grain
        The spacing of the numbers that the default tolerance is chosen by.
    inherited
        The largest relative error of what the op read from ops before it; NaN where none of
        those was compared.
    channel_axis
        Which axis of the output the channels are.
    """

    reference: Op
    other: Op
    how: How
    spans: tuple[Op, ...]
    output: int
    measure: Measure
    tolerance: float
    grain: float
    inherited: float
    channel_axis: int

    @property
    def name(self) -> str:
        """The op's name in the reference."""
        return self.reference.name

    @property
    def departs(self) -> bool:
        """Whether the op's values are further apart than the tolerance."""
        return not self.measure.within(self.tolerance)

    @property
    def extent(self) -> str:
        """How far the two are apart and what is allowed, in words; NaN and infinities first."""
        found = self.measure
        error = f"{found.relative_error:.3g}, {self.tolerance:.3g} allowed"
        if not found.flawed:
            return f"relative error {error}"
        kinds = [word for word, counts in (("NaN", found.nan), ("infinite", found.infinite))
                 if counts[0] != counts[1]]  # fmt: skip
        said = f"{found.flawed:,} of {found.count:,} values are {' or '.join(kinds) or 'NaN'}"
        said += " in only one of the two"
        beyond = found.relative_error > self.tolerance
        return f"{said}, and the others have a relative error of {error}" if beyond else said

    @property
    def precision(self) -> str:
        """The coarsest type met on the way to the op, in words."""
        return spell_grain(self.grain)

    def arrays(self) -> tuple[Array, Array]:
        """The values of the reference and of the other."""
        return self.reference.made[self.output].array(), self.other.made[self.output].array()

    def difference(self) -> Array:
        """The other less the reference, float64 (or complex) of the op's shape."""
        one, two = self.arrays()
        wide = np.complex128 if "c" in (one.dtype.kind, two.dtype.kind) else np.float64
        with np.errstate(invalid="ignore"):
            return np.asarray(two.astype(wide) - one.astype(wide))

    def channels(self) -> ChannelDifferences:
        """The errors of each channel; of an op without channels, of its values one by one."""
        one, two = self.arrays()
        axis = self._axis(one.ndim)
        if one.ndim == 0:
            one, two = one.reshape(1), two.reshape(1)
        error = np.moveaxis(apart(one, two), axis, 0).reshape(one.shape[axis], -1)
        size = np.abs(np.moveaxis(one, axis, 0).reshape(one.shape[axis], -1).astype(np.complex128))
        known = ~np.isnan(error)
        counts = known.sum(axis=1)
        filled = np.where(known, error, 0)
        none = np.where(counts > 0, 0.0, math.nan)
        norms = np.sqrt((np.where(np.isfinite(size), size, 0) ** 2).sum(axis=1))
        typical = float(np.sqrt((norms**2).mean())) if norms.size else 0.0
        noise = np.sqrt((filled**2).sum(axis=1))
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(noise > 0, noise / typical, 0.0) + none
        flawed = (~known).sum(axis=1)
        return ChannelDifferences(
            axis=axis,
            max_error=filled.max(axis=1, initial=0) + none,
            mean_error=filled.sum(axis=1) / np.maximum(counts, 1) + none,
            relative_error=relative,
            order=np.lexsort((np.arange(len(noise)), -noise, -flawed)),
        )

    def map(self, sample: int = 0, channel: int | None = None) -> NDArray[np.float64]:
        """Where on the map the two differ: the absolute differences of a sample, (H, W).

        The mean over the channels, or those of one ``channel``; NaN where only one of the two
        is a finite number.

        Raises
        ------
        NotFoundError
            The op's values are no maps, or there is no such sample or channel.
        """
        one, two = self.arrays()
        if one.ndim < 3:
            raise NotFoundError(
                f"values of shape {one.shape} are no maps",
                where=self.name,
                mend="difference() and channels() have its numbers",
            )
        axis = self._axis(one.ndim) - 1
        if not 0 <= sample < one.shape[0]:
            raise NotFoundError(f"there is no sample {sample}", where=self.name)
        count = one.shape[axis + 1]
        if channel is not None and not 0 <= channel < count:
            raise NotFoundError(
                f"there is no channel {channel}", where=self.name, mend=f"it has {count}"
            )
        error = np.moveaxis(apart(one[sample], two[sample]), axis, 0)
        return np.asarray(error.mean(axis=0) if channel is None else error[channel])

    def _axis(self, dimensions: int) -> int:
        return min(self.channel_axis % max(dimensions, 1), max(dimensions - 1, 0))
