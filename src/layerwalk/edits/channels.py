"""Channels of an op silenced, scaled or fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from layerwalk.axes import channel_axes
from layerwalk.capture.channels import ChannelChange
from layerwalk.edits.given import as_channels, as_name
from layerwalk.edits.numbers import as_number, spelled_number
from layerwalk.edits.plan import Plan
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

    def __post_init__(self) -> None:
        super(ChannelEdit, self).__post_init__()
        object.__setattr__(self, "op", as_name(self.op))
        given: Any = self.channels
        if not isinstance(given, tuple):
            raise EditError(
                f"{given!r} are no channels"[:200], where=self.op, mend="list them, from 0"
            )
        object.__setattr__(self, "channels", as_channels(given, self.op))

    @property
    def place(self) -> str:
        """The channels in words: ``channels 2, 5 of relu``."""
        if not self.channels:
            return f"all of {self.op}"
        several = "s" if len(self.channels) > 1 else ""
        return f"channel{several} {', '.join(map(str, self.channels))} of {self.op}"

    def _join(self, plan: Plan, how: Literal["scale", "set"], number: float) -> None:
        op = plan.op(self.op)
        if not op.made:
            raise EditError("the op made no value", where=op.name)
        value = op.outputs[0]
        if not self.channels:
            plan.change_channels(op, ChannelChange(how, number))
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
        plan.change_channels(op, ChannelChange(how, number, axis, self.channels))


@dataclass(frozen=True, slots=True)
class Silence(ChannelEdit):
    """Channels set to zero."""

    do: ClassVar[str] = "silence"

    def describe(self) -> str:
        """The edit in a few words."""
        return f"silence {self.place}"

    def join(self, plan: Plan) -> None:
        """Set them to zero."""
        self._join(plan, "set", 0.0)


@dataclass(frozen=True, slots=True)
class ScaleChannels(ChannelEdit):
    """Channels times a number."""

    do: ClassVar[str] = "scale_channels"
    by: float = 1.0

    def __post_init__(self) -> None:
        super(ScaleChannels, self).__post_init__()
        object.__setattr__(self, "by", as_number(self.by, self.op))

    def describe(self) -> str:
        """The edit in a few words."""
        return f"scale {self.place} by {spelled_number(self.by)}"

    def join(self, plan: Plan) -> None:
        """Scale them."""
        self._join(plan, "scale", self.by)


@dataclass(frozen=True, slots=True)
class FixChannels(ChannelEdit):
    """Channels set to one number."""

    do: ClassVar[str] = "fix_channels"
    to: float = 0.0

    def __post_init__(self) -> None:
        super(FixChannels, self).__post_init__()
        object.__setattr__(self, "to", as_number(self.to, self.op))

    def describe(self) -> str:
        """The edit in a few words."""
        return f"fix {self.place} at {spelled_number(self.to)}"

    def join(self, plan: Plan) -> None:
        """Set them."""
        self._join(plan, "set", self.to)
