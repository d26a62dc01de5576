"""A trace again, with edits: only what lies downstream of them is computed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import torch

from layerwalk.capture.again import CannotRunError, recorded_tensor, run_again
from layerwalk.capture.bits import same_bits
from layerwalk.capture.channels import with_changes
from layerwalk.capture.conditions import below_autograd, whole_operations
from layerwalk.capture.data import TorchData, dtype_name
from layerwalk.edits.edits import Edits, as_edits, edits_of
from layerwalk.edits.plan import Plan
from layerwalk.edits.step import Edit
from layerwalk.errors import EditError
from layerwalk.record import Op, Trace, Value
from layerwalk.store.mapped import Mapped

__all__ = ["rerun"]

_ONNX: Final = "onnxruntime."
_ROUNDED: Final = "began with the rounded numbers of a file: not bit for bit what the network gives"


def rerun(trace: Trace, edits: Edits | Edit | str | Sequence[Edit | str]) -> Trace:
    """The trace as it would have been with the edits.

    An op that reads nothing that changed is not run: the new trace shares it, numbers and all,
    with the old one. An op that does is run again, the very operator that was recorded; where
    its numbers come out the same bits, nothing behind it is run on its account. What it gives
    is bit for bit what a whole forward pass of the edited network gives; not so if it began with
    the rounded numbers of a file, which ``provenance["rerun"]`` says then.

    Parameters
    ----------
    trace
        The walk, with its weights: fresh, or from a file.
    edits
        What to change, in order; also one edit alone, one in words, or a list of these.

    Raises
    ------
    EditError
        An edit does not fit the trace, or is none; or the trace is an ONNX file's, whose ops
        PyTorch does not have; or an op behind it cannot be run again: it drew random
        numbers, could not be seen, or cannot take the new shapes; or the network looked at a
        number itself (``.item()``) and took a way that it might not take now.
    LayerwalkError
        A value was left out of the file, or changed since.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:cat")
    >>> silent = trace.rerun(lw.edit().silence("relu", 2))
    >>> silent["conv"] is trace["conv"], float(silent["pool"].array()[0, 2].max())
    (True, 0.0)
    """
    edits = as_edits(edits)
    if any(op.target.startswith(_ONNX) for op in trace.ops):
        raise EditError(
            "this is a walk of an ONNX file, whose ops cannot be run again one by one",
            where=trace.name,
            mend="edit a walk of the PyTorch network that it was exported from",
        )
    plan = Plan(trace, photo=trace.photo)
    for edit in edits:
        edit.join(plan)
    with torch.no_grad(), whole_operations(), below_autograd():
        run = _Rerun(plan)
        ops = tuple([run.op(op) for op in trace.ops])
    return replace(
        trace,
        ops=ops,
        inputs=tuple(run.newest(value) for value in trace.inputs),
        outputs=tuple(run.newest(value) for value in trace.outputs),
        photo=plan.photo,
        provenance={
            **trace.provenance,
            **({"rerun": _ROUNDED} if run.rounded else {}),
            "edits": json.dumps((edits_of(trace) + edits).plain()),
        },
    )


@dataclass
class _Rerun:
    """The values that are other than they were, while the ops run."""

    plan: Plan
    tensors: dict[int, torch.Tensor] = field(default_factory=dict)
    # Every value that has a new form: other numbers, or made by an op that has a new form.
    values: dict[int, Value] = field(default_factory=dict)
    # Whether a number was read that a file had rounded.
    rounded: bool = False

    def __post_init__(self) -> None:
        results = {value.id for op in self.plan.trace.ops for value in op.made}
        for value in self.plan.trace.values:
            if value.id in self.plan.changes and value.id not in results:
                self._hold(value, self._changed(value))

    def newest(self, value: Value) -> Value:
        """The value as it is now."""
        return self.values.get(value.id, value)

    def op(self, op: Op) -> Op:
        """The op as it is now, run again if it has to be."""
        ordered = self.plan.ops.get(op.index, op)
        reads = any(value.id in self.tensors for value in op.inputs)
        changes = self.plan.channels.get(op.index, ())
        if ordered is op and not reads and not changes:
            if any(value.id in self.values for value in op.inputs):
                return self._linked(op, op, op.made)
            return op
        made = self._run(ordered) if reads or ordered is not op else None
        values = []
        for place, value in enumerate(op.made):
            tensor = self._recorded(value) if made is None else made[place]
            for change in changes if place == 0 else ():
                tensor = change(tensor)
            values.append(self._renewed(value, tensor))
        return self._linked(op, with_changes(ordered, *changes), values)

    def _linked(self, op: Op, ordered: Op, made: Iterable[Value]) -> Op:
        """The op in the new trace, and its outputs known by it."""
        inputs = tuple(self.newest(value) for value in op.inputs)
        renewed = replace(ordered, inputs=inputs, made=tuple(made))
        self.values.update((value.id, value) for value in renewed.outputs)
        return renewed

    def _renewed(self, value: Value, tensor: torch.Tensor) -> Value:
        """An op's value with its new numbers; itself where they are the old ones."""
        shape, dtype = tuple(tensor.shape), dtype_name(tensor.dtype)
        alike = (shape, dtype) == (value.shape, value.dtype)
        if alike and same_bits(tensor, recorded_tensor(value)):
            return value
        self.tensors[value.id] = tensor
        return replace(value, shape=shape, dtype=dtype, data=TorchData(tensor, value.name), op=None)

    def _changed(self, value: Value) -> torch.Tensor:
        """A weight or input with what edits do to it."""
        tensor = self._recorded(value)
        for change in self.plan.changes[value.id]:
            tensor = change(tensor.clone())
        return tensor

    def _hold(self, value: Value, tensor: torch.Tensor) -> None:
        renewed = self._renewed(value, tensor)
        if renewed is not value:
            self.values[value.id] = renewed

    def _tensor(self, value: Value) -> torch.Tensor:
        known = self.tensors.get(value.id)
        return self._recorded(value) if known is None else known

    def _recorded(self, value: Value) -> torch.Tensor:
        self.rounded |= isinstance(value.data, Mapped) and value.data.detail != "exact"
        return recorded_tensor(value)

    def _run(self, op: Op) -> list[torch.Tensor] | None:
        try:
            made = run_again(op, self._tensor)
        except CannotRunError as reason:
            raise EditError(
                f"what an edit does to it cannot be computed: {reason}", where=op.name
            ) from None
        except RuntimeError as error:
            raise EditError(
                f"it cannot take what the edits make of its inputs ({_short(error)})",
                where=op.name,
                mend="undo the last edit",
            ) from error
        if isinstance(made, list):
            return made
        if made != op.settings.get("result"):
            raise EditError(
                f"the network looks at this number itself, and it became {made!r}: "
                "it may take another way now",
                where=op.name,
                mend="change the network's own code or weights, and trace it anew",
            )
        return None


def _short(error: Exception) -> str:
    words = " ".join(str(error).split())
    return words if len(words) <= 200 else f"{words[:199]}…"
