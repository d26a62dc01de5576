"""What a list of edits comes to on one trace: which values and which ops they change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import torch

from layerwalk.capture.channels import ChannelChange
from layerwalk.errors import NotFoundError
from layerwalk.record import Op, Photo, Trace, Value

__all__ = ["Change", "Plan"]

Change: TypeAlias = Callable[[torch.Tensor], torch.Tensor]
"""Takes a tensor of its own, and gives back what is to stand in its place."""


@dataclass(slots=True)
class Plan:
    """The changes to one trace, collected from its edits one after the other.

    Attributes
    ----------
    trace
        The trace that is edited.
    changes
        By a weight's or input's id: what is done to it, in order, before anything reads it.
    channels
        By an op's index: what is done to its channels, in order, whenever it has run.
    ops
        By an op's index: the op that runs in its place.
    photo
        The picture with what was painted on it.
    """

    trace: Trace
    changes: dict[int, list[Change]] = field(default_factory=dict)
    channels: dict[int, list[ChannelChange]] = field(default_factory=dict)
    ops: dict[int, Op] = field(default_factory=dict)
    photo: Photo | None = None

    def change(self, value: Value, change: Change) -> None:
        """Change a weight or an input."""
        self.changes.setdefault(value.id, []).append(change)

    def change_channels(self, op: Op, change: ChannelChange) -> None:
        """Change channels of what an op made."""
        self.channels.setdefault(op.index, []).append(change)

    def op(self, name: str) -> Op:
        """The op of a name, as the edits so far left it.

        Raises
        ------
        NotFoundError
            There is none.
        """
        found = self.trace[name]
        return self.ops.get(found.index, found)

    def weight(self, name: str) -> Value:
        """The parameter or buffer of a name; or, for an op's name, its weight.

        Raises
        ------
        NotFoundError
            There is none.
        """
        weights = [value for value in self.trace.values if value.role in ("parameter", "buffer")]
        for value in weights:
            if value.name == name:
                return value
        if name in self.trace:
            held = [value for value in self.trace[name].inputs if value.role == "parameter"]
            if held:
                return held[0]
            raise NotFoundError("the op has no weight", where=name, mend="name a parameter")
        from difflib import get_close_matches

        near = get_close_matches(name, [value.name for value in weights], n=3)
        raise NotFoundError(
            f"there is no parameter {name!r}",
            where=self.trace.name,
            mend=f"did you mean {', '.join(near)}?" if near else "op.parameters lists an op's",
        )
