"""A dropped trace gives its memory back at once, without the garbage collector."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from capture.judge import tensor_of
from capture.networks import Net, photo
from layerwalk.capture import record, replay
from layerwalk.errors import CaptureError


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    """What is freed here was freed by reference count alone."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def living() -> int:
    """How many tensors there are."""
    # By type: to ask for the class of every object in the process sets off their warnings.
    return sum(issubclass(type(thing), Tensor) for thing in gc.get_objects())


def plain() -> nn.Module:
    layers = [nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Flatten()]
    return nn.Sequential(*layers, nn.Linear(400, 5), nn.Softmax(1)).eval()


def training() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout(), nn.ReLU()).train()


def writing() -> nn.Module:
    def body(self: Any, x: Tensor) -> Any:
        y: Tensor = self.conv(x)
        y[:, ::2] *= 2
        y[0, 0].t().add_(1)
        left, right = y.chunk(2, 1)
        if bool(left.sum() > 0):
            right = right + 1
        return {"deep": [torch.cat([left, right], 1), y.detach()], "count": int(x.argmax())}

    return Net(body, conv=nn.Conv2d(3, 4, 3))


def unseen() -> nn.Module:
    outside = Net(lambda _self, x: torch.from_numpy(x.numpy() * 2))
    return Net(lambda self, x: self.outside(x) + 1, outside=outside)


def attending() -> nn.Module:
    attention = nn.MultiheadAttention(12, 2, batch_first=True).eval()
    return Net(lambda self, x: self.attention(x[0], x[0], x[0]), attention=attention)


NETWORKS = [plain, training, writing, unseen, attending]
pytestmark = pytest.mark.filterwarnings("ignore:.* raised at")


@pytest.mark.parametrize("make", NETWORKS)
def test_a_dropped_trace_is_gone_at_once(make: Callable[[], nn.Module]) -> None:
    net, x = make(), photo()
    trace = record(net, (x,))
    kept = {id(tensor) for tensor in (x, *net.parameters(), *net.buffers())}
    tensors = [tensor_of(value) for value in trace.values]
    # The copies of small buffers belong to the network, and are used again by its next walk.
    kept |= {id(tensor_of(value)) for value in trace.values if value.role == "buffer"}
    watched: list[weakref.ref[Any]] = [weakref.ref(t) for t in tensors if id(t) not in kept]
    assert len(watched) >= 2
    watched.extend(weakref.ref(op) for op in trace)
    del tensors
    assert all(reference() is not None for reference in watched)
    del trace
    assert [reference() for reference in watched] == [None] * len(watched)


@pytest.mark.parametrize("make", NETWORKS)
def test_tracing_many_times_leaves_no_tensor_behind(make: Callable[[], nn.Module]) -> None:
    net, x = make(), photo()
    record(net, (x,))  # what torch and the network make once, they make now
    before = living()
    for _ in range(5):
        trace = record(net, (x,))
        assert living() > before
        del trace
        assert living() == before


def test_a_replay_leaves_no_tensor_behind() -> None:
    trace = record(plain(), (photo(),))
    replay(trace)
    before = living()
    report = replay(trace)
    assert living() == before
    assert report


def test_one_value_keeps_only_itself_and_what_it_was_made_of() -> None:
    trace = record(plain(), (photo(),))
    conv = trace["0"].made[0]
    others = [weakref.ref(tensor_of(trace[name].made[0])) for name in ("1", "2", "4", "5")]
    array = conv.array()
    expected = array.copy()
    del trace
    assert [reference() for reference in others] == [None] * 4
    # An array outlives the trace: it holds the memory that it looks at.
    del conv
    assert np.array_equal(array, expected)


def test_a_failed_trace_is_gone_at_once() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Linear(7, 2))
    x = photo()
    record(net, (x,))
    before = living()
    trace = record(net, (x,))
    assert not trace.complete
    del trace
    assert living() == before


def test_a_walk_that_was_stopped_leaves_no_tensor_behind() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        y = x * 2
        if y.numel():
            raise KeyboardInterrupt
        return y

    before = living()
    with pytest.raises(KeyboardInterrupt) as stopped:
        record(Net(body), (photo(),))
    del stopped
    assert living() == before


def test_a_walk_without_an_op_leaves_no_tensor_behind() -> None:
    net = nn.Linear(7, 2)
    x = photo()
    before = living()
    with pytest.raises(CaptureError) as refused:
        record(net, (x,))
    del refused
    assert living() == before


def test_modules_made_on_the_fly_are_gone_too() -> None:
    made: list[weakref.ref[nn.Module]] = []

    def body(_self: Any, x: Tensor) -> Tensor:
        layer = nn.Conv2d(3, 2, 1)
        made.append(weakref.ref(layer))
        return torch.as_tensor(layer(x))

    trace = record(Net(body), (photo(),))
    assert trace[-1].module_type == "Conv2d"
    del trace
    assert made[0]() is None
