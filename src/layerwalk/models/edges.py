"""Four edge filters made by hand, the smallest network worth looking at."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["Edges"]


class Edges(nn.Module):
    """Convolution with four 4x4 edge filters, ReLU and 2x2 max pooling of a grey picture.

    Filter 1 is dark on the left and bright on the right, filter 2 its negative, filter 3
    the same turned (dark above, bright below), filter 4 the negative of that. So output 2
    is minus output 1, output 4 is minus output 3, and what ReLU takes from the one it
    leaves in the other: relu(o1) - relu(o2) = o1. Without ``by_hand`` the filters are
    random, as in any new convolution.

    Examples
    --------
    >>> Edges()(torch.zeros(1, 1, 213, 320)).shape
    torch.Size([1, 4, 105, 158])
    """

    def __init__(self, *, by_hand: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, kernel_size=4, bias=False)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2, 2)
        if by_hand:
            self.set_filters()

    def set_filters(self) -> None:
        """Put the four hand-made filters into the convolution."""
        upright = torch.tensor([-1.0, -1.0, 1.0, 1.0]).repeat(4, 1)
        filters = torch.stack([upright, -upright, upright.T, -upright.T])
        with torch.no_grad():
            self.conv.weight.copy_(filters.unsqueeze(1))

    def forward(self, image: Float[Tensor, "n 1 h w"]) -> Float[Tensor, "n 4 y x"]:
        """Pooled edges of a batch of grey pictures with values 0..1."""
        pooled: Tensor = self.pool(self.relu(self.conv(image)))
        return pooled
