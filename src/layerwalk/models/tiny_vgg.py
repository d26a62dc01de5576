"""The ten-layer teaching network of CNN Explainer."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn

__all__ = ["TINY_VGG_LABELS", "TinyVGG"]

TINY_VGG_LABELS = (
    "lifeboat",
    "ladybug",
    "pizza",
    "bell pepper",
    "school bus",
    "koala",
    "espresso",
    "red panda",
    "orange",
    "sport car",
)


class TinyVGG(nn.Module):
    """Two blocks of two 3x3 convolutions and a pooling, ten channels each: 19,920 parameters.

    The network of Wang et al., "CNN Explainer: Learning Convolutional Neural Networks with
    Interactive Visualization" (2020), with its layer names. It flattens channel by channel,
    as PyTorch lays tensors out; the original, in TensorFlow, flattens pixel by pixel, so its
    output weights would have to be reordered.

    Examples
    --------
    >>> import torch
    >>> TinyVGG()(torch.zeros(1, 3, 64, 64)).shape
    torch.Size([1, 10])
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_1_1 = nn.Conv2d(3, 10, kernel_size=3)
        self.relu_1_1 = nn.ReLU()
        self.conv_1_2 = nn.Conv2d(10, 10, kernel_size=3)
        self.relu_1_2 = nn.ReLU()
        self.max_pool_1 = nn.MaxPool2d(2)
        self.conv_2_1 = nn.Conv2d(10, 10, kernel_size=3)
        self.relu_2_1 = nn.ReLU()
        self.conv_2_2 = nn.Conv2d(10, 10, kernel_size=3)
        self.relu_2_2 = nn.ReLU()
        self.max_pool_2 = nn.MaxPool2d(2)
        self.flatten = nn.Flatten()
        self.output = nn.Linear(10 * 13 * 13, 10)

    def forward(self, image: Float[Tensor, "n 3 64 64"]) -> Float[Tensor, "n 10"]:
        """Logits of the ten classes."""
        first = self.relu_1_2(self.conv_1_2(self.relu_1_1(self.conv_1_1(image))))
        pooled = self.max_pool_1(first)
        second = self.relu_2_2(self.conv_2_2(self.relu_2_1(self.conv_2_1(pooled))))
        logits: Tensor = self.output(self.flatten(self.max_pool_2(second)))
        return logits
