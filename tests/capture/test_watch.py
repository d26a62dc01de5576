"""A walk that is watched, and one that the watcher ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from capture.networks import Net, names, photo
from capture.test_failures import nothing_left_behind
from layerwalk.capture import record
from layerwalk.walk import watched_trace


class Enough(BaseException):
    pass


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Conv2d(4, 2, 3)
    )


def stop_at(module: int) -> Callable[[int, int], None]:
    def watch(done: int, of: int) -> None:
        if done == module:
            raise Enough(done, of)

    return watch


def test_every_module_that_is_entered_is_told() -> None:
    seen: list[tuple[int, int]] = []
    trace = record(network().eval(), (photo(),), watch=lambda *how: seen.append(how))
    assert seen == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert names(trace) == ["0", "1", "2", "3"]


def test_a_module_that_is_called_again_is_counted_once() -> None:
    shared = nn.ReLU()
    seen: list[tuple[int, int]] = []
    net = Net(lambda self, x: self.a(self.a(x)), a=shared)
    record(net, (photo(),), watch=lambda *how: seen.append(how))
    assert seen == [(1, 2), (2, 2), (2, 2)]


def test_the_watched_trace_is_the_same() -> None:
    net, x = network().eval(), photo()
    watched = watched_trace(lambda *_: None, net, x)
    assert (watched.outputs[0].array() == record(net, (x,)).outputs[0].array()).all()


@pytest.mark.parametrize("module", [1, 2, 3, 5])
@pytest.mark.parametrize("training", [True, False])
def test_a_walk_that_the_watcher_ends_leaves_nothing_behind(module: int, training: bool) -> None:
    net, x = network().train(training), photo()
    with nothing_left_behind(net, x), pytest.raises(Enough) as ended:
        record(net, (x,), watch=stop_at(module))
    assert ended.value.args == (module, 5)


def test_a_network_that_catches_its_errors_does_not_catch_the_end() -> None:
    def forward(self: nn.Module, x: Tensor) -> Tensor:
        try:
            return self.get_submodule("inner")(x)  # type: ignore[no-any-return]
        except Exception:
            return x

    net = Net(forward, inner=nn.ReLU())
    with nothing_left_behind(net), pytest.raises(Enough):
        record(net, (torch.zeros(2),), watch=stop_at(2))
