"""The second walk of a network: the same trace, with less work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import layerwalk.capture.assemble as assembling
from capture.alike import differences
from capture.judge import bits, judged, tensor_of
from capture.networks import Net, kinds, names, photo
from layerwalk.capture import record, replay
from layerwalk.capture.inventory import take_inventory
from layerwalk.errors import CaptureError
from layerwalk.record import Trace


class Residual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.norm = nn.BatchNorm2d(3)
        self.act = nn.ReLU(inplace=True)
        self.deep = True

    def forward(self, x: Tensor) -> Tensor:
        y = self.act(self.norm(self.conv(x)))
        if self.deep:
            y = self.act(self.conv(y) + x)
        left, right = y.chunk(2, -1)
        return torch.cat([right, left], -1)


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes working a tape out from scratch an error, from when it is called."""

    def forbidden(*_args: Any) -> None:
        raise AssertionError("the tape was worked out anew")

    return lambda: monkeypatch.setattr(assembling, "_Assembler", forbidden)


def test_the_second_walk_is_the_first_again(no_work: Callable[[], None]) -> None:
    net, x = Residual().eval(), photo()
    first = record(net, (x,))
    no_work()
    second = record(net, (x,))
    assert list(differences(first, second)) == []
    assert not replay(second).failures
    assert names(first) == ["conv", "norm", "act", "conv:2", "add", "act:2", "chunk", "cat"]


def test_another_picture_of_another_size(no_work: Callable[[], None]) -> None:
    net = Residual().eval()
    record(net, (photo(),))
    no_work()
    x = photo(2, 3, 7, 5)
    trace = record(net, (x,))
    with torch.no_grad():
        assert bits(tensor_of(trace.outputs[0])) == bits(net(x))
    assert trace[0].shape == (2, 3, 7, 5)
    assert not replay(trace).failures


def again(net: nn.Module, change: Callable[[Any], object]) -> tuple[Trace, Trace]:
    """A trace, and one after a change of the network: what a walk from scratch would give."""
    first = record(net.eval(), (photo(),))
    change(net)
    second = record(net, (photo(),))
    # Weights and input are touched in between: the judged trace owes nothing to a template.
    assert list(differences(second, judged(net, photo()))) == []
    return first, second


def test_a_branch_taken_another_time() -> None:
    _, second = again(Residual(), lambda net: setattr(net, "deep", False))
    assert names(second) == ["conv", "norm", "act", "chunk", "cat"]


def test_other_settings() -> None:
    def widen(net: Residual) -> None:
        net.conv.padding, net.conv.dilation = (2, 2), (2, 2)

    first, second = again(Residual(), widen)
    assert (first[0].settings["padding"], first[0].settings["dilation"]) == ((1, 1), (1, 1))
    assert (second[0].settings["padding"], second[0].settings["dilation"]) == ((2, 2), (2, 2))


def test_another_op_in_its_place() -> None:
    net = Net(lambda self, x: torch.tanh(x) if self.soft else torch.relu(x))
    net.soft = False  # type: ignore[assignment]
    first, second = again(net, lambda net: setattr(net, "soft", True))
    assert (names(first), names(second)) == (["relu"], ["tanh"])


def test_another_module_in_its_place() -> None:
    net = Net(
        lambda self, x: self.second(x) if self.late else self.first(x),
        first=nn.Identity(),
        second=nn.Identity(),
        unit=nn.ReLU(),
    )
    inner = net.body
    net.body = lambda self, x: self.unit(inner(self, x))
    net.late = False  # type: ignore[assignment]
    first, second = again(net, lambda net: setattr(net, "late", True))
    assert "first" in first.modules
    assert "second" not in first.modules
    assert "first" not in second.modules
    assert "second" in second.modules


class Shift(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.late = False

    def forward(self, x: Tensor) -> Tensor:
        one, other = (x, self.weight) if self.late else (self.weight, x)
        return torch.mul(torch.mul(x, one), other)


def test_the_weight_read_by_another_op() -> None:
    net = Net(lambda self, x: self.shift(x), shift=Shift())
    first, second = again(net, lambda net: setattr(net.shift, "late", True))
    assert names(first) == ["shift", "shift.mul"]
    assert names(second) == ["shift.mul", "shift"]


class Maybe(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inside = False

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x) if self.inside else x


def test_the_op_run_by_another_module() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        return self.part(x if self.part.inside else torch.relu(x))  # type: ignore[no-any-return]

    net = Net(body, part=Maybe())
    first, second = again(net, lambda net: setattr(net.part, "inside", True))
    assert (names(first), names(second)) == (["relu"], ["part"])


def test_a_weight_trained_further() -> None:
    net, x = Residual().eval(), photo()
    first = record(net, (x,))
    with torch.no_grad():
        net.conv.weight.mul_(2)
    second = record(net, (x,))
    with pytest.raises(CaptureError, match="changed in place"):
        first[0].inputs[1].array()
    assert bits(tensor_of(second[0].inputs[1])) == bits(net.conv.weight)
    assert not replay(second).failures


def test_running_statistics_that_moved_are_kept_as_they_were() -> None:
    net = Residual()
    assert net.norm.running_mean is not None
    net.norm.running_mean.fill_(3.0)
    statistics = net.norm.running_mean

    def move(_net: Residual) -> None:
        statistics.data.fill_(5.0)

    first, second = again(net, move)
    assert first["norm"].inputs[3].array().tolist() == [3.0] * 3
    assert second["norm"].inputs[3].array().tolist() == [5.0] * 3


def test_a_buffer_that_became_minus_zero() -> None:
    net = Residual()
    assert net.norm.running_mean is not None
    statistics = net.norm.running_mean.zero_()
    _, second = again(net, lambda _net: statistics.neg_())
    assert bits(tensor_of(second["norm"].inputs[3])) == bits(-torch.zeros(3))


def test_a_weight_in_another_type_or_place() -> None:
    _, second = again(Residual(), lambda net: net.double().float())
    assert second[0].inputs[1].dtype == "float32"
    net = Residual().eval()
    record(net, (photo(),))
    trace = record(net.double(), (photo().double(),))
    assert trace[0].inputs[1].dtype == "float64"
    assert not replay(trace).failures


def test_modules_renamed_replaced_or_shared() -> None:
    def rename(net: Any) -> None:
        net.stem = net.conv
        del net.conv
        net.body = lambda self, x: self.stem(x)

    net = Net(lambda self, x: self.conv(x), conv=nn.Conv2d(3, 3, 3))
    first, second = again(net, rename)
    assert (names(first), names(second)) == (["conv"], ["stem"])
    _, second = again(Residual(), lambda net: setattr(net, "act", nn.Hardtanh(inplace=True)))
    assert kinds(second)[2] == "hardtanh"
    first, second = again(Residual(), lambda net: setattr(net.act, "__class__", Louder))
    assert (first["act"].module_type, second["act"].module_type) == ("ReLU", "Louder")


class Louder(nn.ReLU):
    pass


def test_the_input_twice_and_then_two() -> None:
    net = Net(lambda _self, x, y: x + y)
    x = photo()
    assert [value.id for value in record(net, (x, x))[0].inputs] == [0, 0]
    trace = record(net, (x, x.clone()))
    assert [value.id for value in trace[0].inputs] == [0, 1]
    assert [value.id for value in record(net, (x, x))[0].inputs] == [0, 0]


def test_an_input_given_by_another_name() -> None:
    net, x = Net(lambda _self, x, a=None, b=None: x + (b if a is None else a)), photo()
    first = record(net, (x,), {"a": x + 1})
    second = record(net, (x,), {"b": x + 1})
    assert [value.name for value in first.inputs] == ["input", "input.a"]
    assert [value.name for value in second.inputs] == ["input", "input.b"]


def test_surprises_leave_no_template() -> None:
    x = photo()
    constant = torch.ones(12)

    def rereading(_self: Any, x: Tensor) -> Tensor:
        y = x + 1
        y[0].add_(1)
        return y * 2

    for body in (rereading, lambda _self, x: x + constant):
        net = Net(body)
        record(net, (x,))
        assert take_inventory(net).template is None
        judged(net, x)


def test_a_walk_that_failed_and_one_that_did_not() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        y = torch.relu(x)
        if self.fails:
            raise ValueError("no")
        return y

    net = Net(body)
    net.fails = True  # type: ignore[assignment]
    with pytest.warns(UserWarning, match="raised at"):
        assert record(net, (photo(),)).failure is not None
    net.fails = False  # type: ignore[assignment]
    trace = record(net, (photo(),))
    assert trace.complete
    assert len(trace.outputs) == 1
