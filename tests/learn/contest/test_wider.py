from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.errors import ModelError
from layerwalk.learn.contest.wider import count_parameters, widen, widen_to

DIGITS = torch.zeros(2, 1, 28, 28)


class Residual(nn.Module):
    def __init__(self, channels: int = 8) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, channels, 3, stride=4)
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)
        self.deep = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.head = nn.Linear(2 * channels, 10)

    def forward(self, x: Tensor) -> Tensor:
        stem = self.stem(x)
        x = stem + self.norm(self.conv(stem))
        both = torch.cat([x, self.deep(x)], 1).mean((2, 3))
        return self.head(both)  # type: ignore[no-any-return]


class Fixed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5, stride=4)
        self.head = nn.Linear(4 * 36, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.conv(x).view(2, 144))  # type: ignore[no-any-return]


@pytest.mark.parametrize("factor", [1 / 8, 0.5, 1, 3])
def test_the_dense_network_is_the_one_of_that_width(factor: float) -> None:
    hidden = round(512 * factor)
    made = widen(lw.load_model("mlp").module, factor, DIGITS)
    assert count_parameters(made) == 785 * hidden + (hidden + 1) * hidden + (hidden + 1) * 10
    assert made(DIGITS).shape == (2, 10)


def test_lenet_of_half_the_width() -> None:
    module = lw.load_model("lenet5").module
    shapes = [tuple(one.shape) for one in widen(module, 0.5, DIGITS).parameters() if one.ndim > 1]
    assert shapes == [(3, 1, 5, 5), (8, 3, 5, 5), (60, 200), (42, 60), (10, 42)]
    assert count_parameters(module) == 61_706  # the network itself is as it was


def test_branches_norms_and_groups_fit_each_other() -> None:
    assert {name: one.shape for name, one in widen(Residual(), 2, DIGITS).named_parameters()} == {
        name: one.shape for name, one in Residual(16).named_parameters()
    }
    made = widen(Residual(), 2, DIGITS)
    made.train()
    assert made(DIGITS).shape == (2, 10)


def test_a_width_that_is_written_into_the_network_is_told() -> None:
    with pytest.raises(ModelError, match="does not run with other widths"):
        widen(Fixed(), 2, DIGITS)
    with pytest.raises(ModelError, match="no hidden layer"):
        widen(nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), 2, DIGITS)


@pytest.mark.parametrize(("name", "size"), [("mlp", 20_000), ("lenet5", 7_000), ("lenet5", 90_000)])
def test_the_nearest_width_for_so_many_parameters(name: str, size: int) -> None:
    module = lw.load_model(name).module
    factor, made = widen_to(module, size, DIGITS)
    found = abs(count_parameters(made) - size)
    assert found < 0.1 * size
    for near in (0.97, 1.03):
        other = count_parameters(widen(module, factor * near, DIGITS))
        assert found <= abs(other - size)
