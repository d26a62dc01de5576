"""One look at a network in training."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from layerwalk.learn.probing import as_probes, dead_shares, evaluating, look


def test_parts_come_back_to_the_mode_each_was_in() -> None:
    net = nn.Sequential(nn.BatchNorm1d(2), nn.Sequential(nn.Dropout(), nn.ReLU()))
    net.train()
    net[1].eval()
    with evaluating(net):
        assert not any(part.training for part in net.modules())
    assert [part.training for part in net.modules()] == [True, True, False, False, False]


def test_a_look_is_in_evaluation_mode_and_changes_nothing() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Dropout(0.5)).train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    image = torch.rand(2, 1, 6, 6)
    trace = look(net, (image,), {})
    assert net.training
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    with evaluating(net), torch.no_grad():
        assert np.array_equal(trace.outputs[0].array(), net(image).numpy())


def test_dead_channels_are_those_that_are_zero_on_every_probe() -> None:
    conv, linear = nn.Conv2d(1, 4, 1, bias=False), nn.Linear(16, 2)
    net = nn.Sequential(conv, nn.ReLU(), nn.Flatten(), linear, nn.ReLU6())
    with torch.no_grad():
        conv.weight[:, 0, 0, 0].copy_(torch.tensor([1.0, -5.0, 0.5, -5.0]))
        linear.weight.zero_()
        linear.bias.copy_(torch.tensor([1.0, -1.0]))
    images = torch.stack([torch.zeros(1, 2, 2), torch.full((1, 2, 2), 0.7)])
    assert dead_shares(look(net, (images,), {})) == {"1": 0.5, "4": 0.5}


def test_probes_may_be_arrays_or_several_arguments() -> None:
    net = nn.Identity()
    (one,) = as_probes(net, np.zeros((2, 1, 3, 3)))
    assert one.dtype == torch.float32
    pair = (torch.zeros(1), torch.ones(1))
    assert as_probes(net, pair) is pair
