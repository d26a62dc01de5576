"""The recorded ops run again, this time so that gradients flow through them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch

from layerwalk.capture.again import CannotRunError, recorded_tensor, run_again
from layerwalk.capture.conditions import whole_operations
from layerwalk.errors import CaptureError
from layerwalk.record import Op, Trace, Value

__all__ = ["check_runs", "ends_gradients", "with_gradients", "without_gradient"]

_ONNX = "onnxruntime."
_NOT_KNOWN = "NotImplemented"


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
    check_runs(trace)
    stop = len(trace) if last is None or last.op is None else last.op.index + 1
    ended: Op | None = None
    with torch.enable_grad(), whole_operations():
        for op in trace.ops[:stop]:
            if any(value.id in tensors for value in op.inputs):
                made = _made(op, tensors)
                given = [tensors[value.id] for value in op.inputs if value.id in tensors]
                ended = op if ends_gradients(op, given, made) else ended
                tensors.update(
                    (value.id, tensor)
                    for value, tensor in zip(op.made, made, strict=False)
                    if tensor.requires_grad
                )
    if last is not None and last.id not in tensors and ended is not None:
        raise without_gradient(ended)
    return tensors


def check_runs(trace: Trace) -> None:
    """Refuse a walk whose ops this PyTorch cannot run.

    Raises
    ------
    CaptureError
        It is a walk of an ONNX file.
    """
    if any(op.target.startswith(_ONNX) for op in trace.ops):
        raise CaptureError(
            "this is a walk of an ONNX file, whose ops cannot be run again one by one",
            where=trace.name,
            mend="ask about a walk of the PyTorch network that it was exported from",
        )


def ends_gradients(
    op: Op, given: Iterable[torch.Tensor], made: Iterable[torch.Tensor | None]
) -> bool:
    """Whether gradients come to an op and none leaves it, as behind one of quantised numbers.

    What reads a tensor for its shape alone, as ``zeros_like`` does, ends none.

    Raises
    ------
    CaptureError
        PyTorch knows no gradient of the op. One of its own may end them: ``detach`` is to.
    """
    if not op.made or op.kind.startswith("new_") or op.kind.endswith("_like"):
        return False
    comes = any(tensor.requires_grad for tensor in given)
    if not comes or any(tensor is not None and _leaves(tensor) for tensor in made):
        return False
    if not op.target.startswith("aten."):
        raise without_gradient(op)
    return True


def _leaves(tensor: torch.Tensor) -> bool:
    # An operator without a gradient still gets a node, one that warns and gives nothing back.
    node = tensor.grad_fn
    return tensor.requires_grad and (node is None or not node.name().endswith(_NOT_KNOWN))


def without_gradient(op: Op) -> CaptureError:
    """That the gradient ends at an op."""
    return CaptureError(
        f"no gradient flows through it ({op.target})",
        where=op.name,
        mend="occlusion and feature_ablation need none",
    )


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
