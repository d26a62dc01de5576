"""Edges: what each op read is what was there, and no op is made up."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from capture.judge import judged
from capture.networks import Net, kinds, names, photo
from layerwalk.capture import record
from layerwalk.errors import CaptureError
from layerwalk.record import Op, Trace, Value


def readers(trace: Trace, value: Value) -> list[str]:
    return [op.name for op in trace if any(given.id == value.id for given in op.inputs)]


def ancestors(op: Op) -> set[str]:
    """Names of everything that an op's values were made of."""
    found = {value.name for value in op.inputs}
    for value in op.inputs:
        if value.op is not None:
            found |= ancestors(value.op)
    return found


class Fuse(nn.Module):
    """A step on a list of branches that overwrites the list it is given, as HRNet's do."""

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        for k in range(len(branches)):
            branches[k] = branches[k] * 2
        return [branch.relu() for branch in branches]


def test_a_list_that_a_later_module_changes() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        left: Tensor
        right: Tensor
        left, right = self.two(self.one([x, x + 1]))
        return left + right

    trace = judged(Net(body, one=Fuse(), two=Fuse()), photo())
    assert kinds(trace) == ["add", *["mul", "mul", "relu", "relu"] * 2, "add"]
    assert [value.name for value in trace["two.mul"].inputs] == ["one.relu"]


def test_every_value_knows_its_op_and_its_readers() -> None:
    conv = nn.Conv2d(3, 3, 1)
    trace = judged(Net(lambda self, x: self.conv(x).relu() + self.conv(x), conv=conv), photo())
    for op in trace:
        assert [value.op for value in op.outputs] == [op] * len(op.outputs)
        for value in op.inputs:
            if value.op is not None:
                assert value.op.index < op.index
                assert value in value.op.outputs
            else:
                assert value.role != "result"
    assert readers(trace, trace.inputs[0]) == ["conv", "conv:2"]
    assert readers(trace, trace["conv"].inputs[1]) == ["conv", "conv:2"]
    assert [value.id for value in trace.values] == sorted({value.id for value in trace.values})


def test_an_input_given_twice_is_one_value() -> None:
    x = photo()
    trace = judged(Net(lambda _self, a, b: a + b), x, x)
    assert trace.inputs[0] == trace.inputs[1]
    assert [value.id for value in trace["add"].inputs] == [trace.inputs[0].id] * 2


def test_a_weight_given_as_input_is_the_input() -> None:
    x, conv = photo(), nn.Conv2d(3, 3, 1)
    trace = judged(Net(lambda self, w: self.conv(x) + w.sum(), conv=conv), conv.weight.detach())
    assert [value.role for value in trace["conv"].inputs] == ["constant", "parameter", "parameter"]
    trace = record(Net(lambda self, w: self.conv(x) + w.sum(), conv=conv), (conv.weight,))
    assert [value.role for value in trace["conv"].inputs] == ["constant", "input", "parameter"]
    assert trace["sum"].inputs == (trace.inputs[0],)


@pytest.mark.parametrize("net", [nn.Identity(), nn.Sequential(), Net(lambda _self, x: (x, [x]))])
def test_a_network_that_does_nothing_returns_its_input(net: nn.Module) -> None:
    trace = judged(net, photo())
    assert len(trace) == 0
    assert trace.complete
    assert {value.id for value in trace.outputs} == {trace.inputs[0].id}
    assert trace.outputs[0].role == "input"


def test_a_network_that_returns_no_tensor() -> None:
    trace = record(Net(lambda _self, x: float(x.sum())), (photo(),))
    assert names(trace) == ["sum", "item"]
    assert trace.outputs == trace["item"].outputs == ()
    assert trace["item"].settings["result"] == float(photo().sum())
    assert trace["item"].shape == ()


def test_an_output_that_is_written_after_it_was_read() -> None:
    def body(_self: Any, x: Tensor) -> Any:
        y = x * 2
        z = y + 1
        y.zero_()
        return y, z

    trace = judged(Net(body), photo())
    assert trace.outputs[0].op is trace["zero"]
    assert not trace.outputs[0].array().any()
    assert (trace["mul"].array() == photo().numpy() * 2).all()
    assert [value.op for value in trace["add"].inputs] == [trace["mul"]]


def test_an_output_that_was_changed_through_a_view() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        y = x * 2
        y[:, 0].zero_()
        return y

    trace = judged(Net(body), photo())
    last = trace.outputs[0].op
    assert last is not None
    assert last.kind == "reread"
    assert {"mul", "zero"} <= ancestors(last)
    assert not trace.outputs[0].read(0, 0).any()


def test_an_input_that_was_changed_through_a_view_is_read_unseen() -> None:
    def body(_self: Any, x: Tensor) -> Any:
        first = x[0]
        first.zero_()
        return torch.tensor(1.0), first

    trace = judged(Net(body), photo())
    # No op of the dispatcher makes a tensor of a Python number.
    assert kinds(trace) == ["select", "zero", "reread", "opaque"]
    assert [value.op for value in trace["opaque"].inputs] == [trace["reread"]]


def test_views_are_made_of_what_they_look_at() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        y = x.relu()
        return y[0].flatten(1).t().unsqueeze(0).expand(2, -1, -1)

    trace = judged(Net(body), photo())
    assert kinds(trace) == ["relu", "select", "flatten", "t", "unsqueeze", "expand"]
    assert [op.inputs[0].op for op in trace][1:] == list(trace)[:-1]


def test_a_state_that_the_network_keeps_is_a_constant_of_the_next_walk() -> None:
    class Remembers(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last: Tensor | None = None

        def forward(self, x: Tensor) -> Tensor:
            y = x if self.last is None else x + self.last
            self.last = y * 0.5
            return y.relu()

    net = Remembers()
    first = record(net, (photo(),))
    assert names(first) == ["mul", "relu"]
    second = record(net, (photo(),))
    assert names(second) == ["add", "mul", "relu"]
    assert [value.role for value in second["add"].inputs] == ["input", "constant"]
    assert (second["add"].inputs[1].array() == first["mul"].array()).all()


def test_a_result_that_the_network_keeps_and_changes_later_is_noticed() -> None:
    class Counts(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.total: Tensor | None = None

        def forward(self, x: Tensor) -> Tensor:
            if self.total is None:
                self.total = x * 2
            else:
                self.total.add_(1)
            return self.total.relu()

    net = Counts()
    trace = record(net, (photo(),))
    assert trace["mul"].array().any()
    with torch.no_grad():
        net(photo())
    with pytest.raises(CaptureError, match="changed in place after the trace"):
        trace["mul"].array()
