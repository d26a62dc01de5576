"""The channels of one op, over all the images seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from layerwalk.diagnosis.patterns import at_bounds
from layerwalk.record import Array

__all__ = ["ChannelWatch"]

_CLOSE = 1e-6
_FEWEST = 16  # positions of a map: fewer may be alike by chance


@dataclass(slots=True)
class ChannelWatch:
    """What holds for each channel of an op on every image so far.

    Attributes
    ----------
    bound
        The values at which the op's answers end, if there are such.
    positions
        How many values of each channel were seen.
    zero, constant
        Which channels are 0, and which are one and the same number, wherever they were seen.
    at_bound
        How many values of each channel lie at a bound.
    twin
        For each channel the first one that it equals, or itself.
    """

    bound: tuple[float, float] | None
    images: int = 0
    positions: int = 0
    largest_map: int = 0
    zero: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    constant: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    value: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    at_bound: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    twin: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))

    def see(self, maps: Array) -> bool:
        """Take one image's values, (C, positions); whether they have as many channels as before."""
        maps = maps.astype(np.float64)
        if self.images and len(maps) != len(self.zero):
            return False
        low, high = maps.min(axis=1), maps.max(axis=1)
        flat = low == high  # never so where there is a NaN
        if not self.images:
            self.zero, self.constant = flat & (low == 0), flat
            self.value = low
            self.at_bound = np.zeros(len(maps), np.int64)
            self.twin = _twins(maps)
        else:
            self.zero = self.zero & flat & (low == 0)
            self.constant = self.constant & flat & (low == self.value)
            self._keep_twins(maps)
        if self.bound is not None:
            self.at_bound = self.at_bound + at_bounds(maps, self.bound).sum(axis=1)
        self.images += 1
        self.positions += maps.shape[1]
        self.largest_map = max(self.largest_map, maps.shape[1])
        return True

    @property
    def has_maps(self) -> bool:
        """Whether a channel is more than one number an image."""
        return self.largest_map > 1

    @property
    def flat(self) -> NDArray[np.bool_]:
        """Channels that are one and the same number, seen more than once, or always 0."""
        return np.asarray(self.zero | (self.constant & (self.positions > 1)))

    @property
    def duplicate(self) -> NDArray[np.bool_]:
        """Channels that equal an earlier one and are not flat."""
        if self.positions < _FEWEST:
            return np.zeros(len(self.twin), np.bool_)
        return np.asarray((self.twin != np.arange(len(self.twin))) & ~self.flat)

    @property
    def saturated(self) -> NDArray[np.bool_]:
        """Channels of which nearly every value, 95 of 100, lies at a bound and that are not 0."""
        if self.bound is None or not self.positions:
            return np.zeros(len(self.zero), np.bool_)
        return np.asarray((self.at_bound >= 0.95 * self.positions) & ~self.zero)

    def _keep_twins(self, maps: NDArray[np.float64]) -> None:
        for channel in np.flatnonzero(self.twin != np.arange(len(self.twin))):
            if not _alike(maps[channel], maps[self.twin[channel]]):
                self.twin[channel] = channel


def _twins(maps: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each channel the first one of the same values, found by two sums with random weights."""
    twin = np.arange(len(maps))
    if not np.isfinite(maps).all():
        return twin
    weights = np.random.default_rng(0).standard_normal(maps.shape[1])
    size = np.abs(maps) @ np.abs(weights)
    signs = maps @ weights
    order = np.argsort(signs, kind="stable")
    for before, after in pairwise(order):
        close = abs(signs[after] - signs[before]) <= _CLOSE * max(size[before], size[after])
        if close and _alike(maps[before], maps[after]):
            first = min(twin[before], after)
            twin[after] = first
            twin[before] = first if before != first else before
    # The first of each group stands for it.
    for channel in range(len(twin)):
        twin[channel] = min(twin[channel], channel)
    return np.asarray(twin)


def _alike(one: NDArray[np.float64], two: NDArray[np.float64]) -> bool:
    scale = max(float(np.abs(one).max(initial=0)), float(np.abs(two).max(initial=0)))
    return bool((np.abs(one - two) <= _CLOSE * scale).all())
