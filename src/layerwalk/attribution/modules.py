"""Recorded ops as modules, each of the class by which a tool that walks modules knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from layerwalk.attribution.batch import growth_of, rebatched, repeated
from layerwalk.capture.again import CannotRunError, run_again
from layerwalk.capture.channels import ChannelChange
from layerwalk.errors import CaptureError
from layerwalk.record import Op, Value

__all__ = ["ChangedChannels", "RecordedOp", "RecordedRectifier", "module_of", "rectifies"]

_BATCH = "walk one picture at a time"


class RecordedOp(nn.Module):
    """One recorded op, run on tensors in the place of those values that depend on the input.

    Parameters
    ----------
    op
        The op.
    reads
        Which of the values it reads are given, each once.
    constants
        The tensors of the others, by the value's id.
    count
        How many pictures there were when it was recorded.
    """

    def __init__(
        self, op: Op, reads: tuple[Value, ...], constants: Mapping[int, torch.Tensor], count: int
    ) -> None:
        super().__init__()
        self.op, self.reads, self.constants, self.count = op, reads, constants, count

    def extra_repr(self) -> str:
        """Its name and kind."""
        return f"{self.op.name}: {self.op.kind}"

    def forward(self, *given: torch.Tensor) -> Any:
        """What it makes of them: a tensor, a tuple of several, or an empty one."""
        held = {value.id: tensor for value, tensor in zip(self.reads, given, strict=True)}
        op = self.op
        try:
            growth = growth_of(self.reads, given)
            if growth is not None:
                op = rebatched(op, growth, self.count)
            made = run_again(op, lambda value: self._tensor(value, held, growth), gradients=True)
        except CannotRunError as reason:
            raise CaptureError(f"it cannot be run again: {reason}", where=op.name) from None
        except (RuntimeError, IndexError, ValueError) as error:
            said = " ".join(str(error).split())
            raise CaptureError(
                f"it cannot be run on this input ({said})", where=op.name, mend=_BATCH
            ) from error
        if not isinstance(made, list):
            self._compare(made)
            return ()
        shapes = [(value.shape, tuple(t.shape)) for value, t in zip(op.made, made, strict=False)]
        if growth is not None and not all(growth.fits(*pair) for pair in shapes):
            raise CaptureError(
                f"its output does not grow with the batch: {shapes[0][1]} in place of "
                f"{shapes[0][0]}",
                where=op.name,
                mend=_BATCH,
            )
        return made[0] if len(made) == 1 else tuple(made)

    def _tensor(self, value: Value, held: Mapping[int, torch.Tensor], growth: Any) -> torch.Tensor:
        known = held.get(value.id)
        if known is not None:
            return known
        constant = self.constants[value.id]
        return constant if growth is None else repeated(value, constant, growth)

    def _compare(self, made: Any) -> None:
        if made != self.op.settings.get("result"):
            raise CaptureError(
                f"the network looks at this number itself, and it became {made!r}: "
                "it may take another way",
                where=self.op.name,
            )


class RecordedRectifier(RecordedOp, nn.ReLU):
    """A recorded op that passes on what is above zero, and is known as an ``nn.ReLU``."""

    inplace = False


class ChangedChannels(nn.Module):
    """What edits do to the channels of what an op made."""

    def __init__(self, changes: tuple[ChannelChange, ...]) -> None:
        super().__init__()
        self.changes = changes

    def extra_repr(self) -> str:
        """The changes."""
        return ", ".join(map(str, self.changes))

    def forward(self, made: torch.Tensor) -> torch.Tensor:
        """The same, changed."""
        for change in self.changes:
            made = change(made)
        return made


def rectifies(op: Op) -> bool:
    """Whether an op cuts off what is below zero and leaves small numbers above it as they are.

    ReLU and ReLU6 do, and so does a clamp at zero.
    """
    if op.kind in ("relu", "relu6"):
        return True
    arguments = dict(op.arguments)
    if op.kind == "threshold":
        return arguments["threshold"] == arguments["value"] == 0
    least = {"clamp": "min", "clamp_min": "min", "hardtanh": "min_val"}.get(op.kind)
    # A zero of Python, not a tensor that might be one.
    return least is not None and isinstance(arguments[least], int | float) and not arguments[least]


def module_of(
    op: Op, reads: tuple[Value, ...], constants: Mapping[int, torch.Tensor], count: int
) -> nn.Module:
    """The op as a module: torch's own where it has one of the same meaning.

    A convolution or addition is a :class:`RecordedOp`; ReLU, ELU, leaky ReLU, sigmoid, tanh,
    softplus, softmax and max-pooling are what ``torch.nn`` calls so, whether a module, a
    function or an in-place call ran them; every other rectifier is a subclass of ``nn.ReLU``.
    """
    own = _torch_module(op) if len(reads) == 1 == len(op.made) else None
    if own is not None:
        return own.eval()
    kind = RecordedRectifier if rectifies(op) else RecordedOp
    return kind(op, reads, constants, count).eval()


def _torch_module(op: Op) -> nn.Module | None:  # noqa: PLR0911 - one class after the other
    # As written in the call: "1" there is what the module passes on, to the bit.
    arguments: dict[str, Any] = dict(op.arguments)
    settings: dict[str, Any] = dict(op.settings)
    match op.kind:
        case "relu":
            return nn.ReLU()
        case "sigmoid":
            return nn.Sigmoid()
        case "tanh":
            return nn.Tanh()
        case "leaky_relu":
            return nn.LeakyReLU(arguments["negative_slope"])
        case "elu" if arguments["scale"] == arguments["input_scale"] == 1:
            return nn.ELU(arguments["alpha"])
        case "softplus":
            return nn.Softplus(arguments["beta"], arguments["threshold"])
        case "softmax" if op.target == "aten.softmax.int" and arguments["dtype"] is None:
            return nn.Softmax(arguments["dim"])
        case "max_pool1d" | "max_pool2d" | "max_pool3d" if op.target == f"aten.{op.kind}.default":
            pool: Any = {1: nn.MaxPool1d, 2: nn.MaxPool2d, 3: nn.MaxPool3d}[int(op.kind[-2])]
            words = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
            made: nn.Module = pool(**{word: settings[word] for word in words})
            return made
    return None
