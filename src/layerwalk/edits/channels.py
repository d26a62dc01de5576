"""Channels of an op silenced, scaled or fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch

from layerwalk.axes import channel_axes
from layerwalk.edits.numbers import checked_numbers, spelled
from layerwalk.edits.plan import Change, Plan
from layerwalk.edits.step import Edit
from layerwalk.errors import EditError

__all__ = ["ChannelEdit", "FixChannels", "ScaleChannels", "Silence"]


@dataclass(frozen=True, slots=True)
class ChannelEdit(Edit):
    """An edit of channels of what an op made, also where a function ran it.

    Attributes
    ----------
    op
        Its name.
    channels
        Which ones, of its first output; none for all.
    """

    op: str
    channels: tuple[int, ...] = ()

    @property
    def place(self) -> str:
        """The channels in words: ``channels 2, 5 of relu``."""
        if not self.channels:
            return f"all of {self.op}"
        several = "s" if len(self.channels) > 1 else ""
        return f"channel{several} {', '.join(map(str, self.channels))} of {self.op}"

    def _join(self, plan: Plan, change: Change) -> None:
        op = plan.op(self.op)
        if not op.made:
            raise EditError("the op made no value", where=op.name)
        value = op.outputs[0]
        if not self.channels:
            plan.change(value, change)
            return
        if len(value.shape) < 2:
            raise EditError(f"a value of shape {value.shape} has no channels", where=op.name)
        axis = channel_axes(plan.trace)[op.index] % len(value.shape)
        if outside := [k for k in self.channels if not 0 <= k < value.shape[axis]]:
            raise EditError(
                f"there is no channel {outside[0]}",
                where=op.name,
                mend=f"it has {value.shape[axis]}, from 0",
            )
        place = (slice(None),) * axis + (list(self.channels),)

        def in_channels(tensor: torch.Tensor) -> torch.Tensor:
            tensor[place] = change(tensor[place])
            return tensor

        plan.change(value, in_channels)


@dataclass(frozen=True, slots=True)
class Silence(ChannelEdit):
    """Channels set to zero."""

    do: ClassVar[str] = "silence"

    def describe(self) -> str:
        """The edit in a few words."""
        return f"silence {self.place}"

    def join(self, plan: Plan) -> None:
        """Set them to zero."""
        self._join(plan, torch.zeros_like)


@dataclass(frozen=True, slots=True)
class ScaleChannels(ChannelEdit):
    """Channels times a number."""

    do: ClassVar[str] = "scale_channels"
    by: float = 1.0

    def __post_init__(self) -> None:
        checked_numbers(self.by, self.op)

    def describe(self) -> str:
        """The edit in a few words."""
        return f"scale {self.place} by {spelled(self.by)}"

    def join(self, plan: Plan) -> None:
        """Scale them."""
        self._join(plan, lambda tensor: tensor * self.by)


@dataclass(frozen=True, slots=True)
class FixChannels(ChannelEdit):
    """Channels set to one number."""

    do: ClassVar[str] = "fix_channels"
    to: float = 0.0

    def __post_init__(self) -> None:
        checked_numbers(self.to, self.op)

    def describe(self) -> str:
        """The edit in a few words."""
        return f"fix {self.place} at {spelled(self.to)}"

    def join(self, plan: Plan) -> None:
        """Set them."""
        self._join(plan, lambda tensor: torch.full_like(tensor, self.to))
