"""Recording in one thread while others record, or run, at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
import torch
from torch import Tensor, nn

from capture.judge import bits, tensor_of
from capture.networks import Net, kinds, names, photo
from capture.zoo_check import global_hooks
from layerwalk.capture import record, replay
from layerwalk.errors import CaptureError
from layerwalk.record import Trace

Result = TypeVar("Result")
ROUNDS = 25
WAIT = 60.0  # an end to a test that would hang, no claim about speed


def at_once(*works: Callable[[], Result]) -> list[Result]:
    """The results of works that begin together, each in a thread of its own."""
    start = threading.Barrier(len(works))

    def begin(work: Callable[[], Result]) -> Result:
        start.wait(WAIT)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(WAIT) for future in [pool.submit(begin, work) for work in works]]


def residual_net() -> nn.Module:
    def body(self: Any, x: Tensor) -> Tensor:
        y = self.norm(self.conv(x))
        y += x
        y[:, ::2] *= 2
        return torch.as_tensor(self.act(y)).flatten(1)

    torch.manual_seed(1)
    parts = {"conv": nn.Conv2d(3, 3, 3, padding=1), "norm": nn.BatchNorm2d(3)}
    return Net(body, **parts, act=nn.ReLU(inplace=True)).eval()


def plain_net() -> nn.Module:
    torch.manual_seed(2)
    layers = [nn.Conv2d(3, 8, 5), nn.GELU(), nn.AdaptiveAvgPool2d(2), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(32, 7), nn.Softmax(1)).eval()


def output_of(net: nn.Module, x: Tensor) -> Any:
    with torch.no_grad():
        return bits(net(x))


def same_every_time(net: nn.Module, x: Tensor) -> Callable[[], None]:
    """Trace the network again and again; each trace is whole, right and only its own."""
    first, wanted = record(net, (x,)), output_of(net, x)

    def work() -> None:
        for _ in range(ROUNDS):
            trace = record(net, (x,))
            assert names(trace) == names(first)
            assert trace.modules == first.modules
            assert [op.module_call for op in trace] == [op.module_call for op in first]
            assert bits(tensor_of(trace.outputs[0])) == wanted
            assert not replay(trace).failures

    return work


def test_two_threads_on_two_networks() -> None:
    at_once(same_every_time(residual_net(), photo()), same_every_time(plain_net(), photo()))
    assert not any(global_hooks())
    assert torch.backends.mha.get_fastpath_enabled()


def test_two_threads_on_one_network() -> None:
    net = residual_net()
    at_once(same_every_time(net, photo()), same_every_time(net, photo(2, 3, 9, 9)))
    assert not any(global_hooks())


def test_a_thread_that_runs_the_same_network_plainly() -> None:
    net, x = residual_net(), photo()
    weight = next(net.parameters())
    other = photo(4, 3, 7, 7)
    wanted = output_of(net, other)
    walk, done = same_every_time(net, x), threading.Event()

    def trace() -> int:
        try:
            walk()
        finally:
            done.set()
        return 0

    def run() -> int:
        rounds = 0
        while not done.is_set() or not rounds:
            result = net(other)
            assert bits(result) == wanted
            # Gradients go on as ever: what a recording sets is its own thread's.
            (gradient,) = torch.autograd.grad(result.sum(), weight)
            assert gradient.abs().sum() > 0
            rounds += 1
        return rounds

    assert at_once(trace, run)[1] > 0
    assert all(len(module._forward_hooks) == 0 for module in net.modules())


def test_the_last_recording_thread_turns_off_the_light() -> None:
    first_is_inside, second_is_done = threading.Event(), threading.Event()
    flags: list[bool] = []

    def body(self: Any, x: Tensor) -> Tensor:
        first_is_inside.set()
        assert second_is_done.wait(WAIT)
        flags.append(torch.backends.mha.get_fastpath_enabled())
        return torch.relu(self.conv(x))

    def first() -> Trace:
        return record(Net(body, conv=nn.Conv2d(3, 4, 3)), (photo(),))

    def second() -> Trace:
        assert first_is_inside.wait(WAIT)
        try:
            return record(plain_net(), (photo(),))
        finally:
            second_is_done.set()

    one, two = at_once(first, second)
    # The hooks and switches outlived the thread that came later and went earlier.
    assert names(one) == ["conv", "relu"]
    assert names(two) == ["0", "1", "2", "3", "4", "5"]
    assert flags == [False]
    assert torch.backends.mha.get_fastpath_enabled()
    assert not any(global_hooks())


def test_a_failure_in_one_thread_is_no_failure_of_the_other() -> None:
    def bad() -> None:
        net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Linear(5, 1))
        for _ in range(ROUNDS):
            trace = record(net, (photo(),))
            assert trace.failure is not None
            assert trace.failure.where == "1 (linear)"

    with pytest.warns(UserWarning, match="Sequential raised"):
        at_once(bad, same_every_time(plain_net(), photo()))
    assert not any(global_hooks())


def test_a_trace_within_a_trace_is_refused() -> None:
    inner = nn.Sequential(nn.Linear(12, 2))
    refused: list[str] = []

    def body(_self: Any, x: Tensor) -> Tensor:
        try:
            record(inner, (x,))
        except CaptureError as error:
            refused.append(str(error))
        return x.relu()

    trace = record(Net(body), (photo(),))
    assert refused == ["Sequential: this thread is recording already; trace one network at a time."]
    # The outer walk does not notice, and the next one is as good.
    assert names(trace) == ["relu"]
    assert names(record(inner, (photo(),))) == ["0"]


def test_a_trace_within_a_trace_ends_the_outer_one_with_the_sentence() -> None:
    def body(_self: Any, x: Tensor) -> Any:
        return record(nn.ReLU(), (x.abs(),)).outputs

    with pytest.warns(UserWarning, match="trace one network at a time"):
        trace = record(Net(body), (photo(),))
    assert kinds(trace) == ["abs"]
    assert not trace.complete


def test_a_network_that_computes_in_threads_of_its_own() -> None:
    class Elsewhere(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 3)

        def forward(self, x: Tensor) -> Tensor:
            with ThreadPoolExecutor(1) as pool:
                return torch.as_tensor(pool.submit(self.conv, x).result(WAIT))

    net = Net(lambda self, x: self.part(x).relu(), part=Elsewhere())
    trace = record(net, (photo(),))
    assert [(op.name, op.kind) for op in trace] == [("part", "opaque"), ("relu", "relu")]
    assert trace["relu"].inputs[0].op is not None
    assert bits(tensor_of(trace.outputs[0])) == output_of(net, photo())
