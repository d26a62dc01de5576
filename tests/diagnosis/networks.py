"""A network in good health, ways to make it ill, and images to show it."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from layerwalk.diagnosis.finding import Diagnosis, Finding


def healthy(depth: int = 3, activation: Callable[[], nn.Module] = nn.LeakyReLU) -> nn.Sequential:
    """Layers after which values are neither dead nor alike, large nor small."""
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    wide = 3
    for _ in range(depth):
        conv = nn.Conv2d(wide, 8, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight)
        layers += [conv, activation()]
        wide = 8
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 4)).eval()


def images(count: int, *, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, 3, 16, 16, generator=torch.Generator().manual_seed(seed))


def ill(network: nn.Module, change: Callable[[nn.Module], object]) -> nn.Module:
    with torch.no_grad():
        change(network)
    return network


def only(found: Diagnosis) -> Finding:
    (one,) = found.findings
    return one
