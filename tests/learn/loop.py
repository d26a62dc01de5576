"""A small training loop, as a user would write one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from layerwalk.data.samples import digits

__all__ = ["SmallNet", "batches", "probes", "train"]


class SmallNet(nn.Module):
    """A convolution, batch norm, ReLU, dropout and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5, stride=3)
        self.norm = nn.BatchNorm2d(4)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(4 * 8 * 8, 10)

    def forward(self, image: Tensor) -> Tensor:
        """Logits of the ten digits."""
        maps = self.drop(self.relu(self.norm(self.conv(image))))
        logits: Tensor = self.out(maps.flatten(1))
        return logits


def probes(count: int = 3) -> Tensor:
    """The first digits, as the network takes them."""
    return torch.from_numpy(digits().images[:count] / 255.0).float()[:, None]


def batches(count: int, skip: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of eight digits, the same every time."""
    whole = digits()
    for number in range(skip, count):
        part = slice(8 * number, 8 * number + 8)
        images = torch.from_numpy(whole.images[part] / 255.0).float()[:, None]
        yield images, torch.from_numpy(whole.labels[part].astype("int64"))


def train(net: nn.Module, optimizer: Any, watch: Any, updates: int, skip: int = 0) -> None:
    """So many updates, less those that were made before."""
    net.train()
    for images, labels in batches(updates, skip):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images), labels)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        watch.step(loss=loss)
