"""A network that raises: what is kept, what is said, and what is left behind (nothing)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import _get_current_dispatch_mode_stack

from capture.judge import bits
from capture.networks import Net, kinds, names, photo
from capture.zoo_check import global_hooks
from layerwalk.capture import record, replay
from layerwalk.capture.frames import is_listening
from layerwalk.errors import CaptureError
from layerwalk.record import Trace


@dataclass(frozen=True)
class Surroundings:
    """All that a recording sets while it lasts."""

    hooks: tuple[int, ...]
    fast_path: bool
    modes: int
    keys: tuple[int, int]
    grad: bool
    listening: bool
    randomness: tuple[bytes, tuple[Any, ...], int]

    @staticmethod
    def now() -> Surroundings:
        return Surroundings(
            hooks=global_hooks(),
            fast_path=torch.backends.mha.get_fastpath_enabled(),
            modes=len(_get_current_dispatch_mode_stack()),
            keys=(
                torch._C._dispatch_tls_local_include_set().raw_repr(),
                torch._C._dispatch_tls_local_exclude_set().raw_repr(),
            ),
            grad=torch.is_grad_enabled(),
            listening=is_listening(),
            randomness=(
                torch.get_rng_state().numpy().tobytes(),
                _numpy_state(),
                hash(random.getstate()),
            ),
        )


def _numpy_state() -> tuple[Any, ...]:
    state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002 - what networks draw from
    return tuple(state["key"].tolist()), state["pos"]


@contextmanager
def nothing_left_behind(net: nn.Module, *inputs: Tensor) -> Iterator[None]:
    """The surroundings, the network and its input are as before; the next trace works."""
    before = Surroundings.now()
    held = [*net.parameters(), *net.buffers(), *inputs]
    contents = [bits(tensor) for tensor in held]
    training = [module.training for module in net.modules()]
    yield
    assert Surroundings.now() == before
    assert [bits(tensor) for tensor in held] == contents
    assert [module.training for module in net.modules()] == training
    weight = nn.Linear(4, 2)
    following = record(weight, (photo(3, 4),))
    assert following.complete
    assert kinds(following) == ["linear"]
    assert not replay(following).failures
    photo(2).requires_grad_().sum().backward()  # type: ignore[no-untyped-call]


def broken(net: nn.Module, *inputs: Tensor, match: str) -> Trace:
    """The trace of a network that raises after its first op."""
    with nothing_left_behind(net, *inputs), pytest.warns(UserWarning, match=match) as warned:
        trace = record(net, inputs)
    assert warned[0].filename == __file__
    assert not trace.complete
    assert trace.outputs == ()
    assert not replay(trace).failures
    return trace


def in_plain_python(_self: Any, _x: Tensor) -> Tensor:
    raise ValueError("no\n   such   thing")


def test_an_op_that_raises() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(7, 2))
    trace = broken(net, photo(), match=r"Sequential raised at 3 \(linear\): .*the 3 ops before it")
    assert names(trace) == ["0", "1", "2"]
    assert trace.failure is not None
    assert trace.failure.where == "3 (linear)"
    assert "shapes cannot be multiplied" in trace.failure.message
    assert (trace["1"].array() == trace["0"].array().clip(0)).all()


def test_an_op_of_the_network_itself_that_raises() -> None:
    trace = broken(Net(lambda _self, x: (x * 2) @ x[0, 0, 0, :3]), photo(), match="raised at Net")
    assert trace.failure is not None
    assert trace.failure.where == "Net (matmul)"


def test_plain_python_that_raises() -> None:
    inner = Net(in_plain_python)
    outer = Net(lambda self, x: self.inner(self.conv(x)), conv=nn.Conv2d(3, 4, 3), inner=inner)
    net = nn.Sequential(nn.ReLU(), outer)
    trace = broken(net, photo(), match=r"raised at 1\.inner: no such thing \(")
    assert names(trace) == ["0", "1.conv"]
    assert trace.failure is not None
    assert (trace.failure.where, trace.failure.message) == ("1.inner", "no such thing")
    assert trace.modules == {"": "Sequential", "0": "ReLU", "1.conv": "Conv2d"}


def test_an_error_without_words_is_named() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        if x.relu().sum() > 0:
            raise AssertionError
        return x

    trace = broken(Net(body), photo(), match="Net: AssertionError")
    assert trace.failure is not None
    assert trace.failure.message == "AssertionError"


def test_an_error_that_the_parent_catches_is_no_failure() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        try:
            self.part(x)
        except ValueError:
            x = x + 1
        return torch.relu(self.conv(x))

    part = nn.Sequential(nn.Conv2d(3, 3, 1), Net(in_plain_python))
    net = Net(body, part=part, conv=nn.Conv2d(3, 4, 3))
    with nothing_left_behind(net):
        trace = record(net, (photo(),))
    assert trace.complete
    # What ran before the error counts, and what ran after it belongs to the parent again.
    assert names(trace) == ["part.0", "add", "conv", "relu"]
    assert [op.module for op in trace] == ["part.0", "", "conv", ""]
    assert not replay(trace).failures


def test_the_error_that_ends_the_walk_is_the_one_that_is_told() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        try:
            x = self.first(x.relu())
        except ValueError:
            x = x + 1
        return torch.cat([x, x[0]])

    trace = broken(Net(body, first=Net(in_plain_python)), photo(), match="Net")
    assert trace.failure is not None
    assert trace.failure.where == "Net (cat)"
    assert "first" not in trace.failure.message


def test_an_error_that_is_raised_again_is_told_where_it_was_first() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        try:
            return torch.as_tensor(self.part(x.relu()))
        except ValueError:
            x.add(1)
            raise

    trace = broken(Net(body, part=Net(in_plain_python)), photo(), match="raised at part")
    assert names(trace) == ["relu", "add"]
    assert trace.failure is not None
    assert trace.failure.where == "part"


def test_an_error_that_takes_the_place_of_another() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        try:
            return torch.as_tensor(self.part(x.relu()))
        except ValueError as error:
            raise RuntimeError("part would not") from error

    trace = broken(Net(body, part=Net(in_plain_python)), photo(), match="part would not")
    assert trace.failure is not None
    assert trace.failure.where == "Net"


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        (lambda _self, x: torch.cat([x, x], dim=9), "Net (cat)", "out of range"),
        (in_plain_python, "Net", "no such thing"),
        (lambda _self: None, "Net", "positional argument"),
    ],
)
def test_a_network_that_raises_before_its_first_op(
    body: Callable[..., Any], where: str, what: str
) -> None:
    net = Net(body)
    with nothing_left_behind(net), pytest.raises(CaptureError, match=what) as raised:
        record(net, (photo(),))
    assert raised.value.where == where
    assert raised.value.__cause__ is not None
    assert str(raised.value).count("\n") == 0


def training_net(last: nn.Module) -> nn.Module:
    return nn.Sequential(
        nn.ReLU(inplace=True), nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout(0.5), last
    ).train()


def test_statistics_randomness_and_input_are_put_back() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        random.random()  # noqa: S311 - networks draw from it
        np.random.rand()  # noqa: NPY002
        return x @ torch.rand(7)

    net, x = training_net(Net(body)), photo(2, 3, 8, 8)
    trace = broken(net, x, match=r"raised at 4 \(matmul\)")
    assert names(trace) == ["0", "1", "2.add", "2", "3", "4"]
    # The trace keeps what the norm wrote, though the network has its old numbers back.
    assert (trace["2"].outputs[1].array() != 0).all()
    assert trace.inputs[0].array().min() < 0
    assert trace["0"].array().min() == 0


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_users_stop_passes_through(stop: type[BaseException]) -> None:
    def body(_self: Any, _x: Tensor) -> Tensor:
        raise stop

    net, x = training_net(Net(body)), photo(2, 3, 8, 8)
    with nothing_left_behind(net, x), pytest.raises(stop):
        record(net, (x,))


def test_a_write_that_fails_and_is_caught_costs_no_recorded_value() -> None:
    def body(_self: Any, x: Tensor) -> Any:
        y = x * 2
        row = y[0]
        total = row.sum()
        try:
            y.add_(torch.ones(7))
        except RuntimeError:
            y.add_(1)
        return y, total

    x = photo(3, 4)
    trace = record(Net(body), (x,))
    assert np.array_equal(trace["select"].array(), (x * 2)[0].numpy())
    assert not replay(trace).failures
