from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.axes import channel_axes, has_maps
from layerwalk.record import Op
from store.traces import Builder


class ChannelsLast(nn.Module):
    """A block as ConvNeXt has it: convolution, then norm and linear along the last axis."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 2)
        self.norm = nn.LayerNorm(8)
        self.grow = nn.Linear(8, 16)
        self.shrink = nn.Linear(16, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.stem(x)
        inner = self.norm(first.permute(0, 2, 3, 1))
        grown = torch.relu(self.grow(inner)) * 2
        result: torch.Tensor = first + self.shrink(grown).permute(0, 3, 1, 2)
        return result


def test_the_axis_follows_the_walk() -> None:
    trace = lw.trace(ChannelsLast(), torch.rand(1, 3, 6, 6))
    found = dict(zip((op.name for op in trace), channel_axes(trace), strict=True))
    assert found == {
        "stem": 1,
        "permute": -1,
        "norm": -1,
        "grow": -1,
        "relu": -1,
        "mul": -1,
        "shrink": -1,
        "permute:2": 1,
        "add": 1,
    }


class Merging(nn.Module):
    """Patches merged as Swin does it, along axes that hold no channels in axis 1."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        last = x.permute(0, 2, 3, 1)
        even, odd = last[:, 0::2], last[:, 1::2]
        return torch.nn.functional.pad(torch.cat([even, odd], -1), (0, 0, 1, 1))


def test_cutting_and_joining_keep_the_axis() -> None:
    trace = lw.trace(Merging(), torch.rand(1, 3, 6, 6))
    assert {op.kind for op in trace} >= {"permute", "slice", "cat", "pad"}
    assert set(channel_axes(trace)) == {-1}


def test_a_usual_network_has_its_channels_in_axis_1() -> None:
    trace = lw.trace(lw.load_model("tiny_vgg"), "sample:cat")
    assert set(channel_axes(trace)) == {1}


def made(shape: tuple[int, ...], kind: str = "relu") -> Op:
    build = Builder()
    build.op("op", kind, (), (build.value("made", "result", np.zeros(shape)),))
    return build.ops[0]


@pytest.mark.parametrize(
    ("shape", "maps"),
    [
        ((1, 8, 7, 7), True),
        ((1, 1, 28, 28), True),
        ((1, 8, 1, 7), True),
        ((2, 3, 4, 5, 6), True),
        ((1, 1280, 1, 1), False),
        ((1, 1, 1, 9), False),
        ((1, 1000), False),
        ((1, 197, 768), False),
        ((1, 0, 7, 7), False),
        ((), False),
    ],
)
def test_maps_by_shape(shape: tuple[int, ...], maps: bool) -> None:
    assert has_maps(made(shape)) is maps


def test_a_picture_without_a_batch_has_maps() -> None:
    assert has_maps(made((8, 7, 7), "conv2d"))
    assert not has_maps(made((8, 7, 7), "relu"))


def test_an_op_without_a_value_has_none() -> None:
    build = Builder()
    build.op("op", "set", (), ())
    assert not has_maps(build.ops[0])
