"""The modules and weights of a network, kept from walk to walk."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from capture.judge import tensor_of
from layerwalk.capture.inventory import SMALL_BUFFER, take_inventory


def small() -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(3, 2, 3), nn.BatchNorm2d(2), nn.Sequential(nn.ReLU()))


def test_paths_and_weights_by_the_first_way_to_them() -> None:
    net = small()
    net.add_module("again", net[0])
    inner = net[2]
    assert isinstance(inner, nn.Sequential)
    found = take_inventory(net)
    assert found.paths == {id(net): "", id(net[0]): "0", id(net[1]): "1", id(net[2]): "2",
                           id(inner[0]): "2.0"}  # fmt: skip
    names = [value.name for value in found.weights.values()]
    assert names == ["0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean",
                     "1.running_var", "1.num_batches_tracked"]  # fmt: skip
    assert [value.id for value in found.weights.values()] == list(range(7))
    assert {value.role for value in found.weights.values()} == {"parameter", "buffer"}


def test_the_same_where_nothing_changed() -> None:
    net = small()
    assert take_inventory(net) is take_inventory(net)


@pytest.mark.parametrize(
    "change",
    [
        lambda net: net[0].weight.mul_(2),
        lambda net: setattr(net[0], "weight", nn.Parameter(torch.zeros(2, 3, 3, 3))),
        lambda net: setattr(net[1], "running_mean", torch.ones(2)),
        lambda net: net[1].running_var.data.fill_(3),
        lambda net: setattr(net[1].running_mean, "data", torch.zeros(1, 2)),
        lambda net: setattr(net[1].running_mean, "data", torch.zeros(2, dtype=torch.int32)),
        lambda net: setattr(net[1], "bias", None),
        lambda net: net.append(nn.ReLU()),
        lambda net: net[2].append(nn.Linear(2, 2)),
        lambda net: setattr(net, "2", nn.ReLU()),
        lambda net: net.half(),
        lambda net: net[1].register_buffer("more", torch.zeros(1)),
    ],
)
def test_anew_where_something_did(change: Callable[[Any], object]) -> None:
    net = small()
    before = take_inventory(net)
    with torch.no_grad():
        change(net)
    assert take_inventory(net) is not before


def test_small_buffers_are_copied_and_large_ones_are_not() -> None:
    net = nn.Module()
    small = torch.arange(6.0).reshape(2, 3)
    net.register_buffer("small", small)
    net.register_buffer("large", torch.zeros(SMALL_BUFFER + 1))
    net.register_buffer("whole", torch.arange(3))
    values = {value.name: value for value in take_inventory(net).weights.values()}
    assert small.tolist() == values["small"].array().tolist()
    assert values["whole"].array().tolist() == [0, 1, 2]
    small.data.zero_()
    assert values["small"].array().tolist() == [[0, 1, 2], [3, 4, 5]]
    assert tensor_of(values["large"]) is net.large


def test_it_keeps_no_network_alive() -> None:
    net = small()
    take_inventory(net)
    gone = weakref.ref(net)
    del net
    gc.collect()
    assert gone() is None
