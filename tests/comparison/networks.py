"""A small network to damage, and its walks."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import nn

import layerwalk as lw
from layerwalk.record import Trace


class Small(nn.Module):
    """Convolutions with and without batch norm, a residual, functional ops, two linear layers."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU()
        )
        self.conv = nn.Conv2d(8, 8, 3, padding=1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.hidden = nn.Linear(8, 16)
        self.head = nn.Linear(16, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        x = x + nn.functional.relu(self.conv(x))
        x = self.pool(x).flatten(1)
        found: torch.Tensor = self.head(nn.functional.relu(self.hidden(x)))
        return found


def small(seed: int = 0) -> Small:
    torch.manual_seed(seed)
    network = Small().eval()
    norm = network.stem[1]
    assert isinstance(norm, nn.BatchNorm2d)
    with torch.no_grad():
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.normal_(0, 0.2)
        norm.running_var.uniform_(0.5, 2)
    return network


def given(seed: int = 1, images: int = 1) -> torch.Tensor:
    return torch.randn(images, 3, 20, 20, generator=torch.Generator().manual_seed(seed))


def walked(change: Callable[[Small], object] | None = None, x: torch.Tensor | None = None) -> Trace:
    """The walk of a copy of the network, after a change to it."""
    network = copy.deepcopy(small())
    if change is not None:
        with torch.no_grad():
            change(network)
    return lw.trace(network, given() if x is None else x)
