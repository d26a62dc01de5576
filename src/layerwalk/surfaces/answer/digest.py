"""What an op's first output holds, in short."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from layerwalk.record import Array, Op, Trace
from layerwalk.render.mosaic import rank
from layerwalk.render.tally import tally
from layerwalk.surfaces.answer.contributions import contributions_of
from layerwalk.surfaces.answer.sheet import axes_of
from layerwalk.surfaces.library import Library, Opened
from layerwalk.surfaces.wire import AskDigests, Digest

__all__ = ["digest_of", "digests", "is_batched"]

_STRONGEST = 3


def digests(library: Library, ask: AskDigests) -> tuple[Digest, ...]:
    """The digests of some ops, each made once.

    Raises
    ------
    LayerwalkError
        There is no such trace or op; or the channels are wanted by their contribution, and the
        network has no class scores or a weight is missing.
    """
    opened = library.opened(ask.trace)
    axes = axes_of(opened)
    ops = [opened.trace[index] for index in ask.ops]
    found = tuple(_digest(opened, op, axes[op.index]) for op in ops)
    if ask.order == "strength":
        return found
    shares = contributions_of(opened, ask.target)
    return tuple(
        replace(digest, strongest=tuple(shares.ranked(op)[:_STRONGEST]) or digest.strongest)
        for digest, op in zip(found, ops, strict=True)
    )


def is_batched(trace: Trace) -> bool:
    """Whether the walk's maps have an axis of samples: not those of a (C, H, W) picture."""
    return not any("2d" in op.kind and op.made and len(op.shape) == 3 for op in trace)


def digest_of(op: Op, channel_axis: int = 1, *, batched: bool = True) -> Digest:
    """The digest of an op's first output, whose channels lie along an axis.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), np.eye(8))
    >>> digest_of(trace["relu"])
    Digest(op=1, low=0.0, high=2.0, zeros=64, nan=0, infinite=0, size=100, strongest=(0, 1, 2))
    """
    if not op.made:
        return Digest(op.index, None, None, 0, 0, 0, 0, ())
    array = np.asarray(op.array())
    real = np.abs(array) if np.iscomplexobj(array) else array
    count = tally(real)
    low, high = (None if math.isnan(end) else end for end in (count.low, count.high))
    return Digest(
        op.index, low, high, count.zeros, count.nan, count.infinite, count.size,
        _strongest(real if batched or real.ndim != 3 else real[None], channel_axis),
    )  # fmt: skip


def _digest(opened: Opened, op: Op, axis: int) -> Digest:
    batched = opened.once("batched", lambda: is_batched(opened.trace))
    return opened.once(("digest", op.index), lambda: digest_of(op, axis, batched=batched))


def _strongest(array: Array, axis: int) -> tuple[int, ...]:
    """The channels of the first sample with the largest mean magnitude."""
    if array.ndim < 2 or array.size == 0:
        return ()
    sample = array[0]
    channels = np.moveaxis(sample, -1 if axis == -1 else axis - 1, 0)
    return rank(channels, "strength", _STRONGEST)
