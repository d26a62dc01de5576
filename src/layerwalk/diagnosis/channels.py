"""Dead, constant, saturated and duplicate channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layerwalk.axes import channel_axes
from layerwalk.diagnosis.channel_watch import ChannelWatch
from layerwalk.diagnosis.finding import Disease, Finding, confidence
from layerwalk.diagnosis.patterns import bounds, examined, keeps_channels
from layerwalk.record import Array, Op, Trace

__all__ = ["Channels"]

# A channel that is quiet on a few images may be one for something that they do not show.
_RARE = 0.1
_SURE = 0.9
_ENOUGH_OF_VECTORS = 4
_LISTED = 6


@dataclass(slots=True)
class _Known:
    """What a value's channels have from the ops before."""

    flat: NDArray[np.bool_]
    twin: NDArray[np.intp]
    saturated: NDArray[np.bool_]


@dataclass(slots=True)
class Channels:
    """Watches every op that makes channels; each channel is told where it first is ill."""

    watches: dict[str, ChannelWatch] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)
    last: Trace | None = None

    def see(self, trace: Trace, images: Sequence[str]) -> None:
        """Take the walk of some images, one batch."""
        self.images += images
        self.last = trace
        axes = channel_axes(trace)
        for op in trace:
            if not examined(op) or not op.made or not _has_channels(op, len(images)):
                continue
            watch = self.watches.setdefault(op.name, ChannelWatch(bounds(op)))
            for maps in _by_image(op.array(), axes[op.index]):
                if not watch.see(maps):
                    break

    def findings(self) -> Iterator[Finding]:
        """What is wrong with channels, in the order of the walk."""
        if self.last is None:
            return
        ends = {value.op.name for value in self.last.outputs if value.op is not None}
        known: dict[int, _Known] = {}
        for op in self.last:
            before = _inherited(op, known)
            watch = self.watches.get(op.name)
            if watch is None or not watch.images:
                if before is not None and op.made:
                    known[op.made[0].id] = before
                continue
            if before is not None and len(before.flat) != len(watch.flat):
                before = None  # another image had another op of this name
            yield from self._of(op, watch, before, op.name in ends)
            known[op.made[0].id] = _Known(watch.flat, watch.twin.copy(), watch.saturated)

    def _of(
        self, op: Op, watch: ChannelWatch, before: _Known | None, is_end: bool
    ) -> Iterator[Finding]:
        few = not watch.has_maps and watch.images < _ENOUGH_OF_VECTORS
        if few and not watch.zero.all():
            return
        flat = watch.flat
        new = flat if before is None else flat & ~before.flat
        dead, constant = new & watch.zero, new & ~watch.zero & ~watch.saturated
        if dead.any():
            said = "0 everywhere"
            every = watch.zero
            yield self._finding("dead channels", op, watch, dead, said, every=every, grave=flat)
        if constant.any():
            said = "one and the same number everywhere"
            every = flat & ~watch.zero & ~watch.saturated
            yield self._finding(
                "constant channels", op, watch, constant, said, every=every, grave=flat
            )
        saturated = watch.saturated
        if before is not None:
            saturated = saturated & ~before.saturated & ~before.flat
        # What ends a classifier is meant to be sure of itself.
        if saturated.any() and not is_end:
            said = "at the end of the op's range, where it answers to nothing any more,"
            every = watch.saturated
            yield self._finding("saturated channels", op, watch, saturated, said, every=every)
        twins = watch.duplicate
        if before is not None:
            twins = twins & ~(before.twin == before.twin[watch.twin])
        if twins.any():
            yield self._finding("duplicate channels", op, watch, twins, "", every=watch.duplicate)

    def _finding(
        self,
        disease: Disease,
        op: Op,
        watch: ChannelWatch,
        ill: NDArray[np.bool_],
        said: str,
        *,
        every: NDArray[np.bool_],
        grave: NDArray[np.bool_] | None = None,
    ) -> Finding:
        """One finding: of ``every`` channel that is so, those that are ``ill`` first here.

        It is as serious as those are many, or the ``grave`` ones: channels that are dead and
        channels that are constant tell nothing, the ones as the others.
        """
        which = tuple(int(channel) for channel in np.flatnonzero(ill))
        total, share = len(ill), float((every if grave is None else grave).mean())
        count = int(np.count_nonzero(every))
        new = f", {len(which):,} of them first here" if len(which) < count else ""
        sure = confidence(watch.images, _RARE)
        serious = (share == 1 and total > 1) or (share >= 0.5 and sure >= _SURE)
        if disease == "duplicate channels":
            serious, sure = share >= 0.5, confidence(watch.images)
            pairs = ", ".join(f"{channel} is {watch.twin[channel]}" for channel in which[:3])
            verb, end = (
                "repeats" if count == 1 else "repeat",
                " and so on" if len(which) > 3 else "",
            )
            whose = f"{_count(count, total)} of {op.name}"
            sentence = f"{whose} {verb} another on {_on(watch.images)}{new}: {pairs}{end}"
        else:
            verb = "is" if count == 1 else "are"
            sentence = f"{_count(count, total)} of {op.name} {verb} {said} on {_on(watch.images)}"
            sentence += f"{new}: {_listed(which)}" if len(which) < total else ""
        return Finding(
            disease=disease,
            serious=serious,
            op=op.name,
            sentence=sentence,
            numbers=(("channels", float(count)), ("first here", float(len(which))),
                     ("of", float(total)),
                     ("values seen of each", float(watch.positions))),
            channels=which,
            images=tuple(self.images),
            confidence=sure,
        )  # fmt: skip


def _has_channels(op: Op, images: int) -> bool:
    return len(op.shape) >= 2 and min(op.shape) > 0 and op.shape[0] == images


def _by_image(array: Array, axis: int) -> Iterator[Array]:
    """Each image's values as (C, positions)."""
    moved = np.moveaxis(array, axis, 1)
    for one in moved:
        yield np.asarray(one).reshape(one.shape[0], -1)


def _inherited(op: Op, known: dict[int, _Known]) -> _Known | None:
    """What the op's channels have from those that they are made of."""
    if op.kind == "cat" and op.settings.get("dim") in (1, -3) and len(op.shape) == 4:
        parts = [known.get(value.id) or _nothing(value.shape[1]) for value in op.inputs]
        starts = np.cumsum([0, *(len(part.flat) for part in parts[:-1])])
        return _Known(
            np.concatenate([part.flat for part in parts]),
            np.concatenate([part.twin + start for part, start in zip(parts, starts, strict=True)]),
            np.concatenate([part.saturated for part in parts]),
        )
    found = [known[value.id] for value in op.inputs if value.id in known]
    if not found or not (keeps_channels(op) or op.kind in ("flatten", "reshape", "view")):
        return None
    first = found[0]
    alike = [one for one in found if len(one.flat) == len(first.flat)]
    flat = np.logical_or.reduce([one.flat for one in alike])
    saturated = np.logical_or.reduce([one.saturated for one in alike])
    # A twin is inherited only where all that a channel is made of is twice there.
    twin = first.twin if len(found) == 1 else np.arange(len(first.flat))
    return _Known(flat, twin, saturated)


def _nothing(count: int) -> _Known:
    return _Known(np.zeros(count, np.bool_), np.arange(count), np.zeros(count, np.bool_))


def _count(count: int, total: int) -> str:
    if count == total:
        return "the one channel" if total == 1 else f"all {total:,} channels"
    return f"{count:,} of {total:,} channels"


def _on(images: int) -> str:
    return "the one image seen" if images == 1 else f"all {images:,} images seen"


def _listed(channels: Sequence[int]) -> str:
    shown = ", ".join(str(channel) for channel in channels[:_LISTED])
    more = len(channels) - _LISTED
    return f"{shown} and {more:,} more" if more > 0 else shown
