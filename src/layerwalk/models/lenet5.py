"""LeNet-5, the first convolutional network that read cheques."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["LeNet5"]


class LeNet5(nn.Module):
    """LeNet-5 for 28x28 digits: 61,706 parameters.

    The layers of LeCun et al., "Gradient-based learning applied to document recognition"
    (1998), under the paper's names: C1 and C3 are 5x5 convolutions, S2 and S4 average
    pooling, then C5, F6 and the output; tanh between. The paper pads its 28x28 digits to
    32x32 beforehand, here C1 pads by 2, which is the same. Left out, as in nearly every
    version since: the trainable factor of the pooling, the partial connections of C3 and
    the radial basis functions at the end.

    Examples
    --------
    >>> import torch
    >>> LeNet5()(torch.zeros(1, 1, 28, 28)).shape
    torch.Size([1, 10])
    """

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)
        self.tanh_1 = nn.Tanh()
        self.s2 = nn.AvgPool2d(2)
        self.c3 = nn.Conv2d(6, 16, kernel_size=5)
        self.tanh_3 = nn.Tanh()
        self.s4 = nn.AvgPool2d(2)
        self.flatten = nn.Flatten()
        self.c5 = nn.Linear(16 * 5 * 5, 120)
        self.tanh_5 = nn.Tanh()
        self.f6 = nn.Linear(120, 84)
        self.tanh_6 = nn.Tanh()
        self.output = nn.Linear(84, 10)

    def forward(self, image: Float[Tensor, "n 1 28 28"]) -> Float[Tensor, "n 10"]:
        """Logits of the ten digits."""
        first = self.s2(self.tanh_1(self.c1(image)))
        second = self.s4(self.tanh_3(self.c3(first)))
        hidden = self.tanh_6(self.f6(self.tanh_5(self.c5(self.flatten(second)))))
        logits: Tensor = self.output(hidden)
        return logits
