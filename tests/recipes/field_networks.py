"""Small networks with every kind of path, and the gradient that judges receptive fields."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["NETWORKS", "Gradients", "bottlenecks", "thin"]


class Cat(nn.Module):
    def __init__(self, dim: int = 1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, *parts: Tensor) -> Tensor:
        return torch.cat(parts, self.dim)


class Add(nn.Module):
    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        return one + other


class Shuffle(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        n, c, h, w = x.shape
        return x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)


class Shift(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.roll(x, (3, -2), (2, 3))


class Cut(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x[:, 1:, 2:-1, ::2]


def inception() -> nn.Module:
    class Inception(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem = nn.Sequential(nn.Conv2d(3, 4, 7, 2, 3), nn.MaxPool2d(3, 2, ceil_mode=True))
            self.one = nn.Conv2d(4, 2, 1)
            self.three = nn.Sequential(nn.Conv2d(4, 2, 1), nn.ReLU(), nn.Conv2d(2, 3, 3, 1, 1))
            self.five = nn.Conv2d(4, 2, (1, 5), padding="same")
            self.pooled = nn.Sequential(nn.MaxPool2d(3, 1, 1), nn.Conv2d(4, 2, 1))
            self.cat, self.last = Cat(), nn.Conv2d(9, 4, 3, 2, 1, groups=1)
            self.split = nn.Conv2d(4, 4, 3, groups=4)

        def forward(self, x: Tensor) -> Tensor:
            x = self.stem(x)
            x = self.cat(self.one(x), self.three(x), self.five(x), self.pooled(x))
            x = self.last(x)
            split: Tensor = self.split(x)
            return split

    return Inception()


def densenet() -> nn.Module:
    class Dense(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.stem = nn.Conv2d(3, 4, 3, 2, 1)
            self.layers = nn.ModuleList(
                nn.Sequential(
                    nn.BatchNorm2d(4 + 2 * k), nn.ReLU(), nn.Conv2d(4 + 2 * k, 2, 3, 1, 1)
                )
                for k in range(3)
            )
            self.cats = nn.ModuleList(Cat() for _ in range(3))
            self.pool = nn.AvgPool2d(2, 2)
            # Two groups: the one of the early channels sees less of the picture.
            self.grouped = nn.Conv2d(10, 2, 1, groups=2)

        def forward(self, x: Tensor) -> Tensor:
            x = self.stem(x)
            for layer, cat in zip(self.layers, self.cats, strict=True):
                x = cat(x, layer(x))
            grouped: Tensor = self.grouped(self.pool(x))
            return grouped

    return Dense()


def u_net() -> nn.Module:
    class UNet(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.down = nn.Conv2d(3, 2, 3, 1, 1)
            self.pool = nn.MaxPool2d(2)
            self.deep = nn.Conv2d(2, 3, 3, 2, 1)
            self.deeper = nn.Conv2d(3, 3, 3, 1, 1)
            self.up = nn.ConvTranspose2d(3, 2, 3, 2, 1, output_padding=1)
            self.cat = Cat()
            self.mix = nn.Conv2d(4, 2, 3, 1, 1, padding_mode="reflect")
            self.nearest = nn.Upsample(scale_factor=2)
            self.smooth = nn.Upsample(scale_factor=2, mode="bilinear")
            self.aligned = nn.Upsample(size=(17, 31), mode="bilinear", align_corners=True)
            self.add, self.last = Add(), nn.ConvTranspose2d(2, 2, 2, 2)

        def forward(self, x: Tensor) -> Tensor:
            x = self.down(x)
            low = self.pool(x)
            deep = self.deeper(self.deep(low))
            mixed = self.mix(self.cat(low, self.up(deep)))
            x = self.add(x, self.nearest(mixed))
            self.last(self.aligned(mixed))
            smooth: Tensor = self.smooth(x)
            return smooth

    return UNet()


def dilated() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 2, 3, dilation=4, padding=4),
        nn.ReLU(),
        nn.Conv2d(2, 2, 3, dilation=(7, 2), padding="same"),
        nn.Conv2d(2, 2, 2, stride=3, dilation=2, padding=1, padding_mode="replicate"),
        nn.Conv2d(2, 2, 3, padding=2, padding_mode="circular"),
        nn.ConvTranspose2d(2, 2, 2, stride=3, dilation=2, padding=1),
    )


def shuffle() -> nn.Module:
    class Shuffling(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Conv2d(4, 8, 3, 2, 1, groups=4)
            self.branch = nn.Conv2d(4, 4, 3, padding=1, groups=4)
            self.cat, self.shuffle, self.shift, self.cut = Cat(), Shuffle(), Shift(), Cut()
            self.pixels, self.wide = nn.PixelShuffle(2), Cat(3)
            self.rest = nn.Conv2d(8, 4, 1, groups=4)

        def forward(self, x: Tensor) -> Tensor:
            x = self.first(x)
            for _ in range(2):
                one, other = x.chunk(2, 1)
                x = self.shuffle(self.cat(one, self.branch(other)))
            self.cut(self.shift(x))
            self.pixels(x)
            wide: Tensor = self.wide(self.rest(x), x[:, ::2])
            return wide

    return Shuffling()


def whole_map() -> nn.Module:
    class Gated(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 3, 2, 1)
            self.pool, self.some = nn.AdaptiveAvgPool2d(1), nn.AdaptiveAvgPool2d((3, 5))
            self.gate = nn.Conv2d(4, 4, 1)
            self.add, self.flat, self.score = Add(), nn.Flatten(), nn.Linear(60, 3)

        def forward(self, x: Tensor) -> Tensor:
            x = self.conv(x)
            self.add(x, self.gate(self.pool(x)))
            score: Tensor = self.score(self.flat(self.some(x)))
            return score

    return Gated()


NETWORKS: Mapping[str, Callable[[], nn.Module]] = {
    "inception": inception,
    "densenet": densenet,
    "u_net": u_net,
    "dilated": dilated,
    "shuffle": shuffle,
    "whole_map": whole_map,
}


def bottlenecks(units: tuple[int, ...], stride_at: str) -> nn.Module:
    """A ResNet of 1-channel bottlenecks: where each of its stages halves the map.

    ``"3x3"``: in the 3x3 convolution of its first unit; ``"1x1"``: in the 1x1 before that;
    ``"last"``: in the 3x3 of the last unit of the stage before.
    """
    parts: list[nn.Module] = [nn.Conv2d(1, 1, 7, 2, 3), nn.MaxPool2d(3, 2, 1)]
    for stage, count in enumerate(units):
        for unit in range(count):
            first = stage > 0 and unit == 0
            last = stage < len(units) - 1 and unit == count - 1
            parts.append(Bottleneck(stride_at, first=first, last=last))
    return nn.Sequential(*parts)


class Bottleneck(nn.Module):
    def __init__(self, stride_at: str, *, first: bool, last: bool) -> None:
        super().__init__()
        reduce = 2 if stride_at == "1x1" and first else 1
        middle = 2 if (first and stride_at == "3x3") or (last and stride_at == "last") else 1
        self.reduce = nn.Conv2d(1, 1, 1, reduce)
        self.middle = nn.Conv2d(1, 1, 3, middle, 1)
        self.expand = nn.Conv2d(1, 1, 1)
        self.skip = nn.Conv2d(1, 1, 1, reduce * middle)

    def forward(self, x: Tensor) -> Tensor:
        total: Tensor = self.expand(self.middle(self.reduce(x))) + self.skip(x)
        return total


def thin(net: nn.Module, channels: int) -> nn.Module:
    """The network with as many channels: square convolutions, batch norms, linear layers."""
    for module in list(net.modules()):
        for name, child in module.named_children():
            new: nn.Module
            if isinstance(child, nn.Conv2d):
                kernel, stride, padding = child.kernel_size[0], child.stride[0], child.padding[0]
                read = min(child.in_channels, channels)
                new = nn.Conv2d(read, channels, kernel, stride, int(padding))
            elif isinstance(child, nn.BatchNorm2d):
                new = nn.BatchNorm2d(channels)
            elif isinstance(child, nn.Linear):
                new = nn.Linear(channels, channels)
            else:
                continue
            setattr(module, name, new)
    return net


class Gradients:
    """Where a network's values have a gradient, once all of its weights are positive.

    Maxima become means over the same windows, so that every path counts.
    """

    def __init__(self, net: nn.Module, x: Tensor) -> None:
        net = copy.deepcopy(net).double().eval()
        for module in list(net.modules()):
            for name, child in module.named_children():
                if isinstance(child, nn.MaxPool2d):
                    mean = nn.AvgPool2d(
                        child.kernel_size, child.stride, child.padding, child.ceil_mode,
                        count_include_pad=False,
                    )  # fmt: skip
                    setattr(module, name, mean)
                if isinstance(child, nn.ReLU):
                    child.inplace = False
        with torch.no_grad():
            for weight in net.parameters():
                weight.fill_(1.0 if weight.ndim < 2 else 1 / weight[0].numel())
        self.x = x.double().abs().add(0.1).requires_grad_()
        # By module, in the order of its calls.
        self.outputs: dict[str, list[Tensor]] = {}
        for name, module in net.named_modules():
            module.register_forward_hook(self._keep(name))
        net(self.x)

    def _keep(self, name: str) -> Callable[[nn.Module, Any, Any], None]:
        def hook(module: nn.Module, given: Any, made: Any) -> None:
            if name and isinstance(made, Tensor):
                self.outputs.setdefault(name, []).append(made)

        return hook

    def support(self, made: Tensor, index: tuple[int, ...]) -> Tensor:
        """Where the input has a part in one value of a module's output."""
        (gradient,) = torch.autograd.grad(made[index], self.x, retain_graph=True)
        return gradient != 0
