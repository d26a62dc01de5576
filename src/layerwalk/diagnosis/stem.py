"""The first convolution and its batch norm: what the network was trained to be given."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array, Op, Trace

__all__ = ["Stem", "find_stem"]

_SILENT = 1e-3  # of the median: channels that never vary say nothing of the input
_HAND_ON = {"pad", "to", "clone", "contiguous", "alias"}


@dataclass(frozen=True, eq=False, slots=True)
class Stem:
    """A first convolution whose output a batch norm normalises.

    ``mean`` and ``variance`` are the running statistics of the batch norm, float64 of shape
    (C,): what the convolution's output was over the images of the training.
    """

    conv: Op
    norm: Op
    mean: NDArray[np.float64] = field(repr=False)
    variance: NDArray[np.float64] = field(repr=False)

    def moments(self, sample: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and variance of each channel of the convolution's output for one image."""
        maps = self.conv.made[0].read(sample).astype(np.float64)
        return maps.mean(axis=(1, 2)), maps.var(axis=(1, 2))

    def swapped_moments(self, sample: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The same, if red and blue of the image changed places."""
        image = self.conv.inputs[0].read(sample).astype(np.float64)[::-1]
        maps = _convolved(self.conv, image)
        return maps.mean(axis=(1, 2)), maps.var(axis=(1, 2))

    def distance(self, moments: tuple[NDArray[np.float64], NDArray[np.float64]]) -> float:
        """How far an image's moments are from the trained ones.

        The mean, over the channels, of the Kullback-Leibler divergence of two normal
        distributions: 0 where they are the same.
        """
        heard = self.heard
        mean, variance = (part[heard] for part in moments)
        wide, middle = self.variance[heard], self.mean[heard]
        variance = np.maximum(variance, 1e-12 * wide)
        ratio = variance / wide
        return float(np.mean(0.5 * (ratio + (mean - middle) ** 2 / wide - 1 - np.log(ratio))))

    @property
    def heard(self) -> NDArray[np.bool_]:
        """The channels that vary in the training."""
        return np.asarray(self.variance > _SILENT * np.median(self.variance))


def find_stem(trace: Trace) -> Stem | None:
    """The first convolution and its batch norm; ``None`` where there is none, or untrained."""
    given = {value.id for value in trace.inputs}
    for norm in trace:
        if norm.kind != "batch_norm" or not norm.inputs or norm.settings.get("training"):
            continue
        conv = norm.inputs[0].op
        if conv is None or conv.kind != "conv2d" or len(conv.shape) != 4:
            return None
        source = conv.inputs[0]
        while source.op is not None and source.op.kind in _HAND_ON and source.op.inputs:
            source = source.op.inputs[0]
        arguments = dict(norm.arguments)
        refs = [arguments.get(name) for name in ("running_mean", "running_var")]
        if source.id not in given or any(ref is None for ref in refs):
            return None
        try:
            mean, variance = (
                norm.inputs[ref.input].array().astype(np.float64)  # type: ignore[union-attr]
                for ref in refs
            )
        except (LayerwalkError, AttributeError):  # left out of the file, or no tensor
            return None
        untrained = not mean.any() and bool((variance == 1).all())
        return Stem(conv, norm, mean, variance) if (variance > 0).any() and not untrained else None
    return None


def _convolved(conv: Op, image: NDArray[np.float64]) -> Array:
    """The convolution of (C, H, W) with the op's weights, whose groups are one."""
    weight = conv.inputs[1].array().astype(np.float64)
    bias = conv.inputs[2].array().astype(np.float64) if len(conv.inputs) > 2 else 0.0
    stride, padding, dilation = (_two(conv, name, d) for name, d in
                                 (("stride", 1), ("padding", 0), ("dilation", 1)))  # fmt: skip
    padded = np.pad(image, ((0, 0), *((side, side) for side in padding)))
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, weight.shape[2:], strict=True)]
    windows = np.lib.stride_tricks.sliding_window_view(padded, reach, axis=(1, 2))
    windows = windows[:, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]
    maps = np.tensordot(weight, windows, axes=((1, 2, 3), (0, 3, 4)))
    return np.asarray(maps + np.reshape(bias, (-1, 1, 1)))


def _two(conv: Op, name: str, default: int) -> tuple[int, int]:
    given = conv.settings.get(name, default)
    if isinstance(given, tuple) and len(given) == 2 and all(isinstance(k, int) for k in given):
        return int(given[0]), int(given[1])  # type: ignore[arg-type]
    return (given, given) if isinstance(given, int) else (default, default)
