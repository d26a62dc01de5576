from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from diagnosis.networks import healthy, ill, images, only
from layerwalk.diagnosis.finding import confidence


def test_a_dead_channel_is_told_where_it_dies_and_only_there() -> None:
    network = healthy(activation=nn.ReLU)

    def kill(net: nn.Module) -> None:
        net[2].bias[5] = -1000  # type: ignore[index]

    found = lw.doctor(ill(network, kill), images(5))
    dead = [one for one in found if one.disease == "dead channels"]
    assert [(one.op, one.channels) for one in dead] == [("3", (5,))]
    assert dead[0].sentence == "1 of 8 channels of 3 is 0 everywhere on all 5 images seen: 5"
    assert not dead[0].serious
    assert dead[0].images == found.images


def test_a_sentence_counts_all_and_lists_those_that_are_new() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(8), nn.ReLU()
    ).eval()

    def kill(net: nn.Module) -> None:
        net[0].bias[5] = -1000  # type: ignore[index]
        net[2].bias[:2] = -1000  # type: ignore[index]

    found = lw.doctor(ill(network, kill), images(3))
    dead = {one.op: one for one in found if one.disease == "dead channels"}
    last = lw.trace(network, images(3))["3"].array()
    silent = tuple(np.flatnonzero((last == 0).all(axis=(0, 2, 3))).tolist())
    assert silent == (0, 1, 5)
    assert dead["1"].channels == (5,)
    assert dead["3"].channels == (0, 1)
    assert dead["3"].sentence == (
        "3 of 8 channels of 3 are 0 everywhere on all 3 images seen, 2 of them first here: 0, 1"
    )
    numbers = dict(dead["3"].numbers)
    assert (numbers["channels"], numbers["first here"], numbers["of"]) == (3, 2, 8)


def test_what_was_ill_before_counts_for_how_serious_it_is() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 8, 1), nn.Hardtanh(-1, 1), nn.Hardtanh(-0.5, 0.5), nn.Conv2d(8, 2, 1)
    ).eval()

    def push(net: nn.Module) -> None:
        net[0].weight.mul_(0.05)  # type: ignore[index]
        net[0].bias.fill_(0)  # type: ignore[index]
        net[0].bias[:3] = 5  # type: ignore[index]
        net[0].bias[3] = 0.75  # type: ignore[index]

    # Half of the last channels are at their ends; just one of them was not so before.
    found = lw.doctor(ill(network, push), images(25))
    ends = {one.op: one for one in found if one.disease == "saturated channels"}
    assert ends["1"].channels == (0, 1, 2)
    assert ends["2"].sentence.startswith("4 of 8 channels of 2 are at the end of the op's range")
    assert ends["2"].channels == (3,)
    assert ends["2"].serious


def test_a_layer_that_is_all_dead_is_serious() -> None:
    def kill(net: nn.Module) -> None:
        net[2].bias.fill_(-1000)  # type: ignore[index]

    found = lw.doctor(ill(healthy(activation=nn.ReLU), kill), images(1))
    assert not found
    assert [one.op for one in found.serious if one.disease == "dead channels"] == ["3"]
    assert found.serious[0].sentence == (
        "all 8 channels of 3 are 0 everywhere on the one image seen"
    )


def test_confidence_grows_with_the_images() -> None:
    def kill(net: nn.Module) -> None:
        net[2].bias[:5] = -1000  # type: ignore[index]

    network = ill(healthy(activation=nn.ReLU), kill)
    few, many = (lw.doctor(network, images(count)) for count in (2, 30))
    assert few
    assert not many
    sure = [next(one for one in found if one.op == "3").confidence for found in (few, many)]
    assert sure == [pytest.approx(0.19), pytest.approx(1 - 0.9**30)]
    assert confidence(0) == 0


def test_a_channel_that_one_image_wakes_is_not_dead() -> None:
    class Wakes(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(x)

    x = torch.rand(4, 3, 8, 8) + 0.1 * torch.arange(64.0).reshape(8, 8)
    x[:3, 1] *= -1
    assert lw.doctor(Wakes(), x).findings == ()
    (one,) = lw.doctor(Wakes(), x[:3]).findings
    assert (one.disease, one.channels) == ("dead channels", (1,))


def test_a_constant_channel() -> None:
    def kill(net: nn.Module) -> None:
        net[2].weight[3] = 0  # type: ignore[index]

    one = only(lw.doctor(ill(healthy(), kill), images(4)))
    assert (one.disease, one.op, one.channels) == ("constant channels", "2", (3,))
    assert not one.serious


def test_a_saturated_channel() -> None:
    network = healthy()
    network[3] = nn.Tanh()

    def push(net: nn.Module) -> None:
        net[2].bias[6] = 40  # type: ignore[index]

    found = lw.doctor(ill(network, push), images(4))
    saturated = [one for one in found if one.disease == "saturated channels"]
    assert [(one.op, one.channels) for one in saturated] == [("3", (6,))]
    assert not found.serious


def test_a_layer_that_is_all_saturated_is_serious() -> None:
    network = healthy()
    network[3] = nn.Sigmoid()
    found = lw.doctor(ill(network, lambda net: net[2].weight.mul_(1e5)), images(4))  # type: ignore[index]
    assert "saturated channels" in {one.disease for one in found.serious}


def test_duplicate_channels() -> None:
    def copy(net: nn.Module) -> None:
        for name in ("weight", "bias"):
            values = getattr(net[2], name)  # type: ignore[index]
            values[7] = values[2]

    one = only(lw.doctor(ill(healthy(), copy), images(3)))
    assert (one.disease, one.op, one.channels) == ("duplicate channels", "2", (7,))
    assert one.sentence == ("1 of 8 channels of 2 repeats another on all 3 images seen: 7 is 2")
    assert one.confidence == 0.875


def test_filters_that_are_all_the_same_are_serious() -> None:
    def same(net: nn.Module) -> None:
        net[0].weight[:] = net[0].weight[:1].clone()  # type: ignore[index]
        net[0].bias.fill_(0)  # type: ignore[index]

    found = lw.doctor(ill(healthy(), same), images(2))
    assert found.serious[0].disease == "duplicate channels"
    assert found.serious[0].op == "0"
    assert found.serious[0].channels == tuple(range(1, 8))
