"""Ops that run otherwise: another activation, another stride or padding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias

import torch
from torch import nn

from layerwalk.capture import record
from layerwalk.capture.channels import changes_of, with_changes
from layerwalk.edits.given import as_name
from layerwalk.edits.plan import Plan
from layerwalk.edits.step import Edit
from layerwalk.errors import EditError
from layerwalk.record import Op

__all__ = ["ACTIVATIONS", "POINTWISE", "ChangeWindow", "SwapActivation"]

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU, "relu6": nn.ReLU6, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU,
    "selu": nn.SELU, "gelu": nn.GELU, "silu": nn.SiLU, "mish": nn.Mish, "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh, "softplus": nn.Softplus, "hardswish": nn.Hardswish,
    "hardsigmoid": nn.Hardsigmoid, "hardtanh": nn.Hardtanh,
}  # fmt: skip
"""Activations that one can be swapped for, with torch's own settings."""

POINTWISE = frozenset(ACTIVATIONS) | {
    "celu", "clamp", "clamp_min", "hardshrink", "log_sigmoid", "logsigmoid", "prelu", "rrelu",
    "softshrink", "softsign", "threshold",
}  # fmt: skip
"""Kinds of ops that one can be put in place of."""

_Lengths: TypeAlias = "int | str | tuple[int, ...] | None"


@dataclass(frozen=True, slots=True)
class SwapActivation(Edit):
    """An activation swapped for another one.

    Attributes
    ----------
    op
        Its name.
    to
        One of :data:`ACTIVATIONS`, with torch's own settings.
    """

    do: ClassVar[str] = "swap_activation"
    op: str
    to: str

    def __post_init__(self) -> None:
        super(SwapActivation, self).__post_init__()
        object.__setattr__(self, "op", as_name(self.op))
        to: Any = self.to
        if not isinstance(to, str) or to not in ACTIVATIONS:
            raise EditError(
                f"{to!r} is no activation known here"[:200],
                where=self.op,
                mend=f"choose one of {', '.join(sorted(ACTIVATIONS))}",
            )

    def describe(self) -> str:
        """The edit in a few words."""
        return f"{self.to} in place of {self.op}"

    def join(self, plan: Plan) -> None:
        """Run the other one."""
        op = plan.op(self.op)
        if op.kind not in POINTWISE:
            raise EditError(f"{op.kind} is no activation", where=op.name, mend="name one that is")
        # Recorded on a number, it tells how its call is written down.
        (call,) = record(ACTIVATIONS[self.to]().eval(), (torch.zeros(1),), rewind=False).ops
        swapped = replace(
            op,
            kind=call.kind,
            settings=call.settings,
            target=call.target,
            arguments=call.arguments,
            inputs=op.inputs[:1],
            writes=(None,),
        )
        plan.ops[op.index] = with_changes(swapped, *changes_of(op))


@dataclass(frozen=True, slots=True)
class ChangeWindow(Edit):
    """A convolution or pooling with another stride, padding or dilation.

    Attributes
    ----------
    op
        Its name.
    stride, padding, dilation
        One number for all sides, or one for each; ``None`` leaves it as it is.
    """

    do: ClassVar[str] = "change_window"
    op: str
    stride: _Lengths = None
    padding: _Lengths = None
    dilation: _Lengths = None

    def __post_init__(self) -> None:
        super(ChangeWindow, self).__post_init__()
        object.__setattr__(self, "op", as_name(self.op))
        if not self._asked():
            raise EditError(
                "nothing is to be changed", where=self.op, mend="give a stride or padding"
            )
        for word, lengths in self._asked().items():
            least = 0 if word == "padding" else 1
            each = lengths if isinstance(lengths, tuple) else (lengths,)
            if not each or not all(type(one) is int and one >= least for one in each):
                raise EditError(
                    f"{word} {lengths!r} is none"[:200],
                    where=self.op,
                    mend=f"give whole numbers from {least}",
                )

    def describe(self) -> str:
        """The edit in a few words."""
        words = [f"{word} {_spelled(lengths)}" for word, lengths in self._asked().items()]
        return f"{self.op} with {' and '.join(words)}"

    def join(self, plan: Plan) -> None:
        """Run it with these."""
        op = plan.op(self.op)
        sides = len(op.shape) - 2
        if not op.kind.startswith(("conv", "max_pool", "avg_pool", "lp_pool")) or sides < 1:
            raise EditError(
                f"{op.kind} has no window that moves",
                where=op.name,
                mend="name a convolution or a pooling",
            )
        for word, lengths in self._asked().items():
            op = _with(op, word, lengths if isinstance(lengths, tuple) else (lengths,) * sides)
        plan.ops[op.index] = op

    def _asked(self) -> dict[str, Any]:
        words = {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}
        return {word: lengths for word, lengths in words.items() if lengths is not None}


def _with(op: Op, word: str, lengths: tuple[int, ...]) -> Op:
    if op.target.endswith(".padding"):  # "same" and "valid" are worked out for one stride alone
        op = replace(
            op,
            target=op.target.replace(".padding", ".default"),
            arguments=tuple({**dict(op.arguments), "padding": op.settings["padding"]}.items()),
        )
    arguments = dict(op.arguments)
    if not isinstance(arguments.get(word), tuple) or len(lengths) != len(op.shape) - 2:
        raise EditError(
            f"its {word} {arguments.get(word)!r} cannot become {lengths}",
            where=op.name,
            mend=f"give {len(op.shape) - 2} numbers, and only what the op has",
        )
    return replace(
        op,
        arguments=tuple({**arguments, word: lengths}.items()),
        settings={**op.settings, word: lengths},
    )


def _spelled(lengths: Any) -> str:
    return "x".join(map(str, lengths)) if isinstance(lengths, tuple) else str(lengths)
