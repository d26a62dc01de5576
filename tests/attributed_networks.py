"""Networks to attribute: one of plain modules, and one full of what hooks trip over."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["Tidy", "Untidy", "picture", "tidy", "untidy"]


class Tidy(nn.Sequential):
    """Every op a module, every module used once, pools that do not overlap."""

    def __init__(self) -> None:
        super().__init__(
            nn.Conv2d(3, 4, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(4, 5, 3),
            nn.Sigmoid(),
            nn.Flatten(),
            nn.Linear(20, 6),
            nn.ReLU(),
            nn.Linear(6, 5),
        )


class Untidy(nn.Module):
    """Functions, in-place ops, a module used twice, a skip, a gate, a write to a slice, a view
    that counts the batch, a ReLU6 and a pool whose windows overlap.
    """

    def __init__(self, rectify: Callable[[Tensor], Tensor] = F.relu_) -> None:
        super().__init__()
        self.rectify = rectify
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.squash = nn.ReLU6(inplace=True)
        self.last = nn.Linear(64, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = self.rectify(self.norm(self.first(x)))
        y = self.second(x)
        y += x
        y[:, 0] *= 2
        y = self.squash(y)
        y = y * torch.sigmoid(y.mean((2, 3), keepdim=True))
        y = F.max_pool2d(y, 3, 2, 1)
        y = self.squash(y - 0.1)
        return self.last(y.view(y.shape[0], -1))  # type: ignore[no-any-return]


def tidy() -> nn.Module:
    """The same numbers every time."""
    torch.manual_seed(3)
    return Tidy().eval()


def untidy(rectify: Callable[[Tensor], Tensor] = F.relu_) -> Untidy:
    """The same numbers every time."""
    torch.manual_seed(5)
    return Untidy(rectify).eval()


def picture(count: int = 1) -> Tensor:
    """Pictures of 3 x 8 x 8."""
    return torch.randn(count, 3, 8, 8, generator=torch.Generator().manual_seed(1))
