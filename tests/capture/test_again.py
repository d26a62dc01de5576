"""One op run again on other values, with and without gradients."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from capture.networks import photo
from layerwalk.capture import record
from layerwalk.capture.again import CannotRunError, recorded_tensor, run_again
from layerwalk.record import Op, Value


class Slices(nn.Module):
    """Writes into a slice of a tensor, whose memory is read again."""

    def forward(self, x: Tensor) -> Tensor:
        y = x * 2
        y[:, 0].add_(1.0)
        return y.relu_()


def made_by(op: Op, tensor_of: Callable[[Value], Tensor], *, gradients: bool = False) -> Tensor:
    made = run_again(op, tensor_of, gradients=gradients)
    assert isinstance(made, list)
    (only,) = made
    return only


def test_on_other_values() -> None:
    (op,) = record(nn.Conv2d(3, 2, 3), (photo(),)).ops
    other = torch.randn(op.inputs[0].shape)

    def tensor_of(value: Value) -> Tensor:
        return other if value.role == "input" else recorded_tensor(value)

    made = made_by(op, tensor_of)
    weight, bias = (recorded_tensor(value) for value in op.inputs[1:])
    assert torch.equal(made, torch.conv2d(other, weight, bias))


def test_an_op_in_place_leaves_what_it_reads() -> None:
    *_, last = record(Slices(), (photo(),)).ops
    assert last.kind == "relu"
    given = torch.full(last.inputs[0].shape, -1.0)
    made = made_by(last, lambda _: given)
    assert made.eq(0).all()
    assert given.eq(-1).all()


def test_gradients_flow_through_writes_and_rereads() -> None:
    trace = record(Slices(), (photo(),))
    leaf = recorded_tensor(trace.inputs[0]).clone().requires_grad_()
    tensors = {trace.inputs[0].id: leaf}
    with torch.enable_grad():
        for op in trace:
            tensors[op.made[0].id] = made_by(
                op, lambda value: tensors.get(value.id, recorded_tensor(value)), gradients=True
            )
    last = tensors[trace.outputs[0].id]
    assert torch.equal(last.detach(), recorded_tensor(trace.outputs[0]))
    (gradient,) = torch.autograd.grad(last.sum(), leaf)
    x = leaf.detach()
    shifted = 2 * x
    shifted[:, 0] += 1
    assert torch.equal(gradient, 2.0 * (shifted > 0))


def test_memory_laid_out_for_another_shape() -> None:
    trace = record(Slices(), (photo(),))
    (reread,) = [op for op in trace if op.kind == "reread"]
    with pytest.raises(CannotRunError, match="laid out for values of another shape"):
        run_again(reread, lambda value: recorded_tensor(value)[..., :1])
