"""A network without convolutions, to compare with."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["MLP"]


class MLP(nn.Module):
    """Two hidden layers of 512 over the 784 pixels of a digit: 669,706 parameters.

    784-512-512-10 with ReLU and dropout 0.2 after each hidden layer.

    Examples
    --------
    >>> import torch
    >>> MLP()(torch.zeros(1, 1, 28, 28)).shape
    torch.Size([1, 10])
    """

    def __init__(self) -> None:
        super().__init__()
        self.flatten = nn.Flatten()
        self.hidden_1 = nn.Linear(784, 512)
        self.relu_1 = nn.ReLU()
        self.dropout_1 = nn.Dropout(0.2)
        self.hidden_2 = nn.Linear(512, 512)
        self.relu_2 = nn.ReLU()
        self.dropout_2 = nn.Dropout(0.2)
        self.output = nn.Linear(512, 10)

    def forward(self, image: Float[Tensor, "n 1 28 28"]) -> Float[Tensor, "n 10"]:
        """Logits of the ten digits."""
        first = self.dropout_1(self.relu_1(self.hidden_1(self.flatten(image))))
        second = self.dropout_2(self.relu_2(self.hidden_2(first)))
        logits: Tensor = self.output(second)
        return logits
