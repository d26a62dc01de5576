"""Whether a network and a data set go together."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from layerwalk.data.sets import load_data
from layerwalk.errors import LearnError, ModelError
from layerwalk.learn.fitness import begin_anew, check_fit, pixels_as_they_are


class _Pair(nn.Module):
    """Something to learn, and two outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return images * self.weight, images


def test_what_does_not_fit_is_said() -> None:
    images = torch.zeros(2, 1, 8, 8)
    fits = nn.Sequential(nn.Flatten(), nn.Linear(64, 3))
    check_fit(fits, images, 3, "net")
    check_fit(fits, images, 2, "net")
    with pytest.raises(
        ModelError, match="net: the network has 3 outputs, and the labels go from 0 to 3"
    ):
        check_fit(fits, images, 4, "net")
    with pytest.raises(LearnError, match=r"net: the network does not take pictures of shape \(1"):
        check_fit(nn.Conv2d(3, 1, 1), images, 3, "net")
    with pytest.raises(LearnError, match="the network returns tuple, not one tensor of scores"):
        check_fit(_Pair(), images, 3, "net")
    with pytest.raises(LearnError, match="net: the network has no weights that could learn"):
        check_fit(nn.Flatten(), images, 64, "net")


def test_a_seed_decides_every_layer_and_nothing_else() -> None:
    conv = nn.Conv2d(1, 2, 3)
    net = nn.Sequential(conv, nn.BatchNorm2d(2), nn.Linear(4, 3))
    torch.manual_seed(1)
    state = torch.get_rng_state()
    begin_anew(net, 3)
    assert torch.equal(torch.get_rng_state(), state)
    first = [value.clone() for value in net.state_dict().values()]
    begin_anew(net, 4)
    assert not torch.equal(first[0], conv.weight)
    begin_anew(net, 3)
    assert all(torch.equal(a, b) for a, b in zip(first, net.state_dict().values(), strict=True))


def test_pixels_are_given_as_they_are() -> None:
    data = load_data("mnist")
    prepared = pixels_as_they_are(data)(data.image(3)).array
    assert prepared.shape == (1, 1, 28, 28)
    assert prepared.max() <= 1
