"""The recorded ops run again, this time so that gradients flow through them."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from layerwalk.capture.again import CannotRunError, recorded_tensor, run_again
from layerwalk.capture.conditions import whole_operations
from layerwalk.errors import CaptureError
from layerwalk.record import Op, Trace, Value

__all__ = ["with_gradients"]


def with_gradients(trace: Trace, last: Value | None = None) -> Mapping[int, torch.Tensor]:
    """A tensor for each value that depends on the input, by the value's id, tied by autograd.

    The network's inputs of a floating type are the leaves. The ops are those that were recorded,
    whether a module or a function ran them, and in-place ones make new tensors; so nothing that
    a network does to its own activations gets in the way of a gradient.

    Parameters
    ----------
    trace
        The walk. It needs its weights.
    last
        Stop behind the op that made this value.

    Raises
    ------
    CaptureError
        An op that depends on the input cannot be run again.
    LayerwalkError
        A weight was left out of the file, or changed since.
    """
    tensors = {
        value.id: recorded_tensor(value).detach().clone().requires_grad_()
        for value in trace.inputs
        if value.dtype.startswith(("float", "bfloat"))
    }
    stop = len(trace) if last is None or last.op is None else last.op.index + 1
    with torch.enable_grad(), whole_operations():
        for op in trace.ops[:stop]:
            if any(value.id in tensors for value in op.inputs):
                made = _made(op, tensors)
                tensors.update(
                    (value.id, tensor)
                    for value, tensor in zip(op.made, made, strict=False)
                    if tensor.requires_grad
                )
    return tensors


def _made(op: Op, tensors: Mapping[int, torch.Tensor]) -> list[torch.Tensor]:
    def tensor_of(value: Value) -> torch.Tensor:
        known = tensors.get(value.id)
        return recorded_tensor(value).detach() if known is None else known

    try:
        made = run_again(op, tensor_of, gradients=True)
    except CannotRunError as reason:
        raise CaptureError(f"no gradient flows through it: {reason}", where=op.name) from None
    except RuntimeError as error:
        message = " ".join(str(error).split())
        raise CaptureError(f"no gradient flows through it ({message})", where=op.name) from error
    return made if isinstance(made, list) else []
