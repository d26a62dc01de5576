"""Four edge filters made by hand, the smallest network worth looking at."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from layerwalk.filters import FOUR_EDGES, as_filters
from layerwalk.models.filter_network import FilterNetwork, stack_kernels

__all__ = ["Edges"]


class Edges(FilterNetwork):
    """Convolution with four 4x4 edge filters, ReLU and 2x2 max pooling of a grey picture.

    Filter 1 is dark on the left and bright on the right, filter 2 its negative, filter 3
    the same turned (dark above, bright below), filter 4 the negative of that. So output 2
    is minus output 1, output 4 is minus output 3, and what ReLU takes from the one it
    leaves in the other: relu(o1) - relu(o2) = o1. Without ``by_hand`` the filters are
    random, as in any new convolution.

    Examples
    --------
    >>> import torch
    >>> Edges()(torch.zeros(1, 1, 213, 320)).shape
    torch.Size([1, 4, 105, 158])
    """

    def __init__(self, *, by_hand: bool = True) -> None:
        super().__init__(4, (4, 4))
        if by_hand:
            self.set_filters()

    def set_filters(self) -> None:
        """Put the four hand-made filters into the convolution."""
        self.put_filters(stack_kernels(as_filters(FOUR_EDGES)))

    def forward(self, image: Float[Tensor, "n 1 h w"]) -> Float[Tensor, "n 4 y x"]:
        """Pooled edges of a batch of grey pictures with values 0..1."""
        pooled: Tensor = super().forward(image)  # type: ignore[no-untyped-call]
        return pooled
