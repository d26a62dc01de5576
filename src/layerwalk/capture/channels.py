"""Channels of what an op made, scaled or set by an edit: as data, and done to a tensor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast

import torch

from layerwalk.errors import LayerwalkError
from layerwalk.record import EDITED, Op

__all__ = ["ChannelChange", "changes_of", "with_changes", "without_changes"]


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """What an edit does to the first output of an op, each time that the op has run.

    Attributes
    ----------
    how, number
        Channels are times the number (``"scale"``), or become it (``"set"``).
    axis, channels
        Which ones, and in which axis; no channels for all.
    """

    how: Literal["scale", "set"]
    number: float
    axis: int = 0
    channels: tuple[int, ...] = ()

    def __call__(self, tensor: torch.Tensor) -> torch.Tensor:
        """A new tensor with the change; gradients flow through it.

        Examples
        --------
        >>> ChannelChange("scale", 0.5, 1, (2,))(torch.ones(1, 3))
        tensor([[1.0000, 1.0000, 0.5000]])
        """
        made = tensor.clone()
        picked = list(self.channels) if self.channels else ...
        place = (slice(None),) * self.axis + (picked,)
        made[place] = self.number if self.how == "set" else tensor[place] * self.number
        return made


def changes_of(op: Op) -> tuple[ChannelChange, ...]:
    """The changes that edits have made to an op's channels, in order.

    Raises
    ------
    LayerwalkError
        The file that the trace came from does not say what they are.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:cat")
    >>> changes_of(trace.rerun(lw.edit().silence("relu", 2))["relu"])
    (ChannelChange(how='set', number=0.0, axis=1, channels=(2,)),)
    """
    written = op.settings.get(EDITED, ())
    if not isinstance(written, tuple) or not all(_is_change(op, each) for each in written):
        raise LayerwalkError(
            "the file does not say how an edit changed its channels",
            where=op.name,
            mend="edit the walk anew",
        )
    return tuple(ChannelChange(*cast("tuple[Literal['set'], float]", each)) for each in written)


def with_changes(op: Op, *changes: ChannelChange) -> Op:
    """The op with further changes to its channels.

    Examples
    --------
    >>> import layerwalk as lw
    >>> op = lw.trace(lw.load_model("edges"), "sample:cat")["relu"]
    >>> with_changes(op, ChannelChange("set", 1.0, 1, (0,))).settings
    {'edited': (('set', 1.0, 1, (0,)),)}
    """
    if not changes:
        return op
    every = (*changes_of(op), *changes)
    written = tuple((each.how, each.number, each.axis, each.channels) for each in every)
    return replace(op, settings={**op.settings, EDITED: written})


def without_changes(op: Op) -> Op:
    """The op alone, as it ran before anything was done to its channels.

    Examples
    --------
    >>> import layerwalk as lw
    >>> op = lw.trace(lw.load_model("edges"), "sample:cat")["relu"]
    >>> without_changes(with_changes(op, ChannelChange("set", 1.0))).settings
    {}
    """
    if EDITED not in op.settings:
        return op
    return replace(op, settings={key: op.settings[key] for key in op.settings if key != EDITED})


def _is_change(op: Op, written: object) -> bool:
    """Whether it is a change that fits the op: a file may say anything."""
    if not isinstance(written, tuple) or len(written) != 4 or not op.made:
        return False
    how, number, axis, channels = written
    if how not in ("scale", "set") or not isinstance(number, int | float):
        return False
    if not isinstance(axis, int) or not isinstance(channels, tuple):
        return False
    room = range(op.shape[axis]) if 0 <= axis < len(op.shape) else range(0)
    return all(channel in room for channel in channels) and (not axis or bool(channels))
