"""The recorded ops of a walk as a network of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import torch
from torch import nn

from layerwalk.attribution.gradients import check_runs, ends_gradients, without_gradient
from layerwalk.attribution.modules import ChangedChannels, module_of
from layerwalk.capture.again import CannotRunError, recorded_tensor
from layerwalk.capture.assemble import OPAQUE
from layerwalk.capture.channels import changes_of, without_changes
from layerwalk.capture.conditions import unchanged_randomness, whole_operations
from layerwalk.errors import CaptureError, NotFoundError
from layerwalk.record import EDITED, Op, Trace, Value

__all__ = ["ReplayedNetwork", "Run", "picture_of"]

Run: TypeAlias = Callable[[int, nn.Module, tuple[torch.Tensor, ...]], Any]
"""Runs one step of a network: its place, the module, and the tensors it is given."""


class ReplayedNetwork(nn.Module):
    """The ops that lie between the input and one value, each a module, run out of place.

    The user's model is not in it: its weights are read where they lie, and nothing is attached
    to it. Every op is a module, also one that a function or an in-place call ran, and none is
    used twice; so a method that hooks modules finds all of them.

    Parameters
    ----------
    trace
        The walk, with its weights.
    target
        The value that the network is to give; by default the first output.
    weights
        Tensors to read in place of recorded ones that do not depend on the input, by the
        value's id.

    Attributes
    ----------
    input, target
        The value that is given, and the one that comes back.
    ops
        The modules, in the order in which they run.

    Raises
    ------
    CaptureError
        The target does not depend on the input, or an op between them cannot be run again.
    LayerwalkError
        A weight was left out of the file, or changed since.

    Examples
    --------
    >>> import layerwalk as lw, torch
    >>> trace = lw.trace(lw.load_model("edges"), "sample:cat")
    >>> network = ReplayedNetwork(trace)
    >>> network.module_of(trace["relu"])
    ReLU()
    >>> picture = torch.from_numpy(trace.inputs[0].array().copy())
    >>> network(torch.cat([picture, picture])).shape
    torch.Size([2, 4, 148, 224])
    """

    def __init__(
        self,
        trace: Trace,
        target: Value | None = None,
        *,
        weights: Mapping[int, torch.Tensor] | None = None,
    ) -> None:
        super().__init__()
        if target is None:
            if not trace.outputs:
                raise NotFoundError("the network returned no tensor", where=trace.name)
            target = trace.outputs[0]
        check_runs(trace)
        self.name = trace.name
        self.input, self.target = picture_of(trace), target
        found, varying = _between(trace, self.input, target)
        constants: dict[int, torch.Tensor] = dict(weights or {})
        self.steps: list[tuple[Op, tuple[Value, ...]]] = []
        self.ops = nn.ModuleList()
        for op in found:
            read = {value.id: value for value in op.inputs}
            given = tuple(value for key, value in read.items() if key in varying)
            for value in read.values():
                if value.id not in varying and value.id not in constants:
                    constants[value.id] = _constant(value)
            alone = without_changes(op)
            self.steps.append((alone, given))
            self.ops.append(module_of(alone, given, constants, self.input.shape[0]))
            if alone is not op:
                # A step of its own, so that the op's module is what its class says.
                self.steps.append((_changing(op), op.made[:1]))
                self.ops.append(ChangedChannels(changes_of(op)))
        # After its last reader a tensor is let go.
        last = {value.id: place for place, (_, given) in enumerate(self.steps) for value in given}
        self._spent = {
            place: [key for key, at in last.items() if at == place and key != target.id]
            for place in range(len(self.steps))
        }

    def forward(self, picture: torch.Tensor, run: Run | None = None) -> torch.Tensor:
        """The target's value for another input, of any number of pictures.

        Raises
        ------
        CaptureError
            An op cannot take the input, or so many pictures.
        """
        if picture.ndim != len(self.input.shape) or picture.shape[1:] != self.input.shape[1:]:
            raise CaptureError(
                f"it takes {self.input.shape} and was given {tuple(picture.shape)}",
                where=self.name,
                mend="give pictures of the size that was walked",
            )
        held = {self.input.id: picture}
        ended: Op | None = None
        with unchanged_randomness(), whole_operations():
            for place, (op, reads) in enumerate(self.steps):
                given = tuple(held[value.id] for value in reads)
                step = self.ops[place]
                made = step(*given) if run is None else run(place, step, given)
                outputs = made if isinstance(made, tuple) else (made,)
                if torch.is_grad_enabled() and ends_gradients(op, given, outputs):
                    ended = op
                held.update(zip((value.id for value in op.made), outputs, strict=False))
                for key in self._spent[place]:
                    held.pop(key, None)
        result = held[self.target.id]
        if ended is not None and not result.requires_grad:
            raise without_gradient(ended)
        return result

    def module_of(self, op: Op) -> nn.Module:
        """The module that gives what an op of the trace made: the last, of an edited op.

        Raises
        ------
        CaptureError
            It does not lie between the input and the target.
        """
        found = [
            module
            for (known, _), module in zip(self.steps, self.ops, strict=True)
            if known.index == op.index
        ]
        if found:
            return found[-1]
        raise CaptureError(
            f"{self.target.name} does not depend on it, or it not on the input",
            where=op.name,
            mend="name an op between the two",
        )

    def __contains__(self, op: object) -> bool:
        return isinstance(op, Op) and any(known.index == op.index for known, _ in self.steps)

    def all_through(self, op: Op) -> bool:
        """Whether every way from the input to the target leads through the op's outputs."""
        reached = {self.input.id}
        for known, reads in self.steps:
            if known.index != op.index and any(value.id in reached for value in reads):
                reached.update(value.id for value in known.made)
        return self.target.id not in reached


def picture_of(trace: Trace) -> Value:
    """The input to which a score is attributed: the first of a floating type.

    Raises
    ------
    CaptureError
        There is none.
    """
    for value in trace.inputs:
        if value.dtype.startswith(("float", "bfloat")) and len(value.shape) >= 2:
            return value
    raise CaptureError(
        "no input is of a floating type and of shape (N, C, ...)",
        where=trace.name,
        mend="walk a picture, or a tensor of float32",
    )


def _between(trace: Trace, first: Value, last: Value) -> tuple[list[Op], set[int]]:
    """The ops that depend on one value and on which another depends; and all that depends."""
    varying = {first.id}
    stop = len(trace) if last.op is None else last.op.index + 1
    behind = [op for op in trace.ops[:stop] if _reaches(op, varying)]
    if last.id not in varying:
        raise CaptureError("it does not depend on the input", where=last.name)
    needed, found = {last.id}, []
    for op in reversed(behind):
        # An op that gives a plain number decides which way the network takes.
        if not op.made or any(value.id in needed for value in op.made):
            needed.update(value.id for value in op.inputs)
            found.append(op)
            if op.random or op.target == OPAQUE:
                why = "drew random numbers" if op.random else "was not seen as it ran"
                raise CaptureError(
                    f"it {why}, and cannot be run again",
                    where=op.name,
                    mend="put the network in evaluation mode" if op.random else None,
                )
    return found[::-1], varying


def _changing(op: Op) -> Op:
    """What edits do to an op's channels, as a step behind it."""
    return replace(
        op, kind=EDITED, settings={}, inputs=op.made[:1], target="", arguments=(), writes=(None,),
        made=op.made[:1],
    )  # fmt: skip


def _reaches(op: Op, varying: set[int]) -> bool:
    if not any(value.id in varying for value in op.inputs):
        return False
    varying.update(value.id for value in op.made)
    return True


def _constant(value: Value) -> torch.Tensor:
    try:
        return recorded_tensor(value).detach()
    except CannotRunError as reason:
        raise CaptureError(f"it cannot be read: {reason}", where=value.name) from None
