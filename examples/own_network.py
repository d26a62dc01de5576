"""A network of your own, to be walked from the terminal.

layerwalk show photo.jpg --model examples/own_network.py:Net --input-size 64
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Net(nn.Module):
    """Two convolutions with a way round the second, then the mean of each map.

    Nothing in it knows of Layerwalk: the functions called in forward, the sum and the mean
    are found all the same.
    """

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 16, kernel_size=3, padding=1)
        self.second = nn.Conv2d(16, 16, kernel_size=3, padding=1)
        self.head = nn.Linear(16, classes)

    def forward(self, image: Tensor) -> Tensor:
        """Scores of the classes, (N, classes), of pictures (N, 3, H, W)."""
        maps = nn.functional.relu(self.first(image))
        maps = nn.functional.max_pool2d(maps + torch.relu(self.second(maps)), 2)
        scores: Tensor = self.head(maps.mean((2, 3)))
        return scores


def stripes() -> Net:
    """The network with a first layer made by hand: vertical edges in every channel.

    layerwalk show photo.jpg --model examples/own_network.py:stripes --input-size 64
    """
    network = Net()
    with torch.no_grad():
        network.first.weight.copy_(torch.tensor([-1.0, 0.0, 1.0]).expand(16, 3, 3, 3))
    return network
