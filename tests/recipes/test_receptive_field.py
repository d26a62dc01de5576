"""Receptive fields: against the gradient's support, and against published numbers."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from layerwalk.capture import record
from layerwalk.errors import NotFoundError
from layerwalk.recipes.receptive_field import Box, receptive_field
from layerwalk.recipes.receptive_fields import receptive_fields
from layerwalk.record import Op, Trace
from recipes.field_networks import NETWORKS, Gradients, bottlenecks, thin


def traced(net: nn.Module, *shape: int) -> Trace:
    torch.manual_seed(0)
    return record(net.eval(), (torch.rand(shape),))


def places(shape: tuple[int, ...], count: int, seed: int) -> Iterator[tuple[int, ...]]:
    """A corner, the middle and some random positions of a map."""
    random = np.random.default_rng(seed)
    yield tuple(length // 2 for length in shape)
    if count > 1:
        yield (0, shape[1] - 1, *(0 for _ in shape[2:]))
    for _ in range(count - 2):
        yield tuple(int(random.integers(length)) for length in shape)


def same_as_gradient(trace: Trace, gradients: Gradients, count: int) -> int:
    compared = 0
    calls = [(n, call, m) for n, made in gradients.outputs.items() for call, m in enumerate(made)]
    for seed, (name, call, made) in enumerate(calls):
        op = op_of(trace, name, call + 1)
        assert op.shape == tuple(made.shape), name
        for index in places(op.shape, count, seed):
            support = gradients.support(made, index).numpy()
            box = receptive_field(trace, op, index, mask=True)
            assert box.mask is not None
            assert np.array_equal(box.mask, support), f"{name} {index}"
            within_box(box, support)
            compared += 1
    return compared


def op_of(trace: Trace, module: str, call: int) -> Op:
    """The last op that a module itself ran in its call, or that the modules within it ran."""
    own = [op for op in trace if op.module == module and op.module_call == call]
    return own[-1] if own else [op for op in trace if op.module.startswith(f"{module}.")][-1]


def within_box(box: Box, support: np.ndarray) -> None:
    """The box is the support's own; the sets hold what it covers in each dimension."""
    for axis, span in enumerate(box.spans):
        others = tuple(k for k in range(support.ndim) if k != axis)
        found = np.flatnonzero(support.any(axis=others))
        assert (span.first, span.stop) == ((found[0], found[-1] + 1) if len(found) else (0, 0))
        assert np.array_equal(span.positions, found), f"{box} {span.name}"
        assert span.free_first <= span.first <= span.stop <= span.free_stop


@pytest.mark.parametrize("name", NETWORKS)
def test_the_field_is_the_support_of_the_gradient(name: str) -> None:
    torch.manual_seed(0)
    shape = (2 if name == "whole_map" else 1, 4 if name == "shuffle" else 3, 28, 36)
    net = NETWORKS[name]()
    trace = traced(net, *shape)
    assert same_as_gradient(trace, Gradients(net, torch.rand(shape)), 5) >= 30


@pytest.mark.slow
def test_resnet18_is_the_support_of_the_gradient() -> None:
    models = pytest.importorskip("torchvision").models
    # Thin, so that the gradients in float64 take no minutes; every path is there.
    net = thin(models.resnet18(weights=None), 4)
    trace = traced(net, 1, 3, 64, 64)
    assert same_as_gradient(trace, Gradients(net, torch.rand(1, 3, 64, 64)), 3) > 200


# -- the box without the picture's edges ----------------------------------------------------


def sizes(net: nn.Module, channels: int = 3, side: int = 64) -> tuple[int, ...]:
    """The size of the last op's field at a corner, where most of it lies beyond the edge."""
    trace = traced(net, 1, channels, side, side)
    return receptive_field(trace, -1, (0, 0, 0, 0)).size


def test_vgg16_sees_212_pixels() -> None:
    pytest.importorskip("torchvision")
    from torchvision.models.vgg import cfgs, make_layers

    # Thin: the receptive field does not depend on how many channels there are.
    thin = [plan if plan == "M" else 4 for plan in cfgs["D"]]
    assert sizes(make_layers(thin)) == (212, 212)


def test_alexnet_sees_195_pixels() -> None:
    net = pytest.importorskip("torchvision").models.alexnet(weights=None).features
    size, step = 1, 1
    for layer in net:
        if isinstance(layer, (nn.Conv2d, nn.MaxPool2d)):
            kernel, stride = layer.kernel_size, layer.stride
            size += ((kernel[0] if isinstance(kernel, tuple) else kernel) - 1) * step
            step *= stride[0] if isinstance(stride, tuple) else stride
    assert (size, step) == (195, 32)
    assert sizes(net) == (size, size)


# Araujo et al., Computing receptive fields of convolutional neural networks (Distill, 2019).
PUBLISHED = {(3, 4, 6, 3): 483, (3, 4, 23, 3): 1027, (3, 8, 36, 3): 1507}


@pytest.mark.parametrize(("units", "size"), PUBLISHED.items())
def test_resnets_see_what_was_published_where_the_stride_comes_before_the_3x3(
    units: tuple[int, ...], size: int
) -> None:
    assert sizes(bottlenecks(units, "last"), 1) == (size, size)
    assert sizes(bottlenecks(units, "1x1"), 1) == (size, size)
    # A first 3x3 of stages 2 to 4 that halves the map itself still looks at the finer one.
    less = 8 + 16 + 32
    assert sizes(bottlenecks(units, "3x3"), 1) == (size - less, size - less)


@pytest.mark.slow
def test_torchvision_s_resnet50_sees_427_pixels() -> None:
    net = pytest.importorskip("torchvision").models.resnet50(weights=None)
    trace = traced(net, 1, 3, 64, 64)
    assert receptive_field(trace, "layer4", (0, 0, 0, 0)).size == (427, 427)


def test_the_sides_of_a_box() -> None:
    net = nn.Sequential(nn.Conv2d(1, 1, 3, 2, 1), nn.Conv2d(1, 2, 5, 1, 2))
    trace = traced(net, 1, 1, 20, 30)
    box = receptive_field(trace, "1", (0, 1, 0, 14))
    assert box.unclipped == ((-5, 6), (23, 34))
    assert box.clipped == ((0, 6), (23, 30))
    assert (box.size, box.stride, box.centre) == ((11, 11), (2.0, 2.0), (0.0, 28.0))
    assert [span.name for span in box.spans] == ["n", "c", "y", "x"]
    assert str(box) == "1 (0, 1, 0, 14): 11 x 11 of input, y 0 to 5, x 23 to 29, stride 2 x 2"
    assert box.mask is None
    assert box.plane is None


def test_holes_are_in_the_mask_and_in_the_sets() -> None:
    trace = traced(nn.Conv2d(1, 1, 3, dilation=4, padding=4), 1, 1, 20, 20)
    box = receptive_field(trace, 0, (0, 0, 10, 10), mask=True)
    assert box.sets[2].tolist() == [6, 10, 14]
    assert box.plane is not None
    assert (box.plane.shape, box.plane.sum(), box.size) == ((20, 20), 9, (9, 9))


class Crossed(nn.Module):
    """A cross: what the product of the sides covers and no path reaches."""

    def __init__(self) -> None:
        super().__init__()
        self.tall = nn.Conv2d(1, 1, (5, 1), padding="same")
        self.wide = nn.Conv2d(1, 1, (1, 5), padding="same")

    def forward(self, x: Tensor) -> Tensor:
        total: Tensor = self.tall(x) + self.wide(x)
        return total


def test_the_mask_knows_what_the_box_covers_in_vain() -> None:
    trace = traced(Crossed(), 1, 1, 9, 9)
    box = receptive_field(trace, -1, (0, 0, 4, 4), mask=True)
    assert box.plane is not None
    assert (box.size, int(box.plane.sum())) == ((5, 5), 9)


def test_only_padding_was_read() -> None:
    trace = traced(nn.Conv2d(1, 1, 1, padding=2), 1, 1, 5, 5)
    box = receptive_field(trace, 0, (0, 0, 0, 3), mask=True)
    assert not box
    assert box.unclipped == ((-2, -1), (1, 2))
    assert str(box) == "conv2d (0, 0, 0, 3): nothing of input, only padding"
    assert box.mask is not None
    assert not box.mask.any()


# -- the stride ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "stride"),
    [
        (nn.Conv2d(1, 1, 3, (2, 3)), (2.0, 3.0)),
        (nn.ConvTranspose2d(1, 1, 4, 4), (0.25, 0.25)),
        (nn.Upsample(scale_factor=3), (1 / 3, 1 / 3)),
        (nn.Upsample(scale_factor=2, mode="bilinear"), (0.5, 0.5)),
        (nn.Sequential(nn.Conv2d(1, 1, 3, 2), nn.Upsample(scale_factor=4)), (0.5, 0.5)),
        (nn.AdaptiveAvgPool2d((12, 6)), (2.0, 4.0)),
        (nn.AdaptiveAvgPool2d(1), (None, None)),
    ],
)
def test_the_stride(net: nn.Module, stride: tuple[float, ...]) -> None:
    trace = traced(net, 1, 1, 24, 24)
    assert receptive_field(trace, -1, (0, 0, 0, 0)).stride == stride


# -- the table -------------------------------------------------------------------------------


def test_the_table_of_a_network() -> None:
    trace = traced(nn.Sequential(*[nn.Conv2d(1, 1, 3, 2, 1) for _ in range(3)]), 1, 1, 64, 64)
    table = receptive_fields(trace)
    assert [row.size for row in table] == [(3, 3), (7, 7), (15, 15)]
    assert [row.stride for row in table] == [(2, 2), (4, 4), (8, 8)]
    assert [row.offset for row in table] == [(0, 0), (0, 0), (0, 0)]
    assert table[1].index == (0, None, 8, 8)
    assert "".join(str(table).splitlines()[2].split()) == "1conv2d7x74x40x0"
    # A row is the box of one of its positions.
    box = receptive_field(trace, "1", (0, 0, 8, 8))
    assert [span.centre for span in table[1].spatial] == list(box.centre)


def test_the_table_takes_all_channels_of_a_concatenation() -> None:
    trace = traced(NETWORKS["densenet"](), 1, 3, 40, 40)
    table = {row.op.name: row for row in receptive_fields(trace)}
    boxes = [receptive_field(trace, "cats.2", (0, c, 10, 10)).size for c in range(10)]
    assert boxes == [(3, 3)] * 4 + [(7, 7)] * 2 + [(11, 11)] * 2 + [(15, 15)] * 2
    assert table["cats.2"].size == (15, 15)
    assert all(len(line) <= 80 for line in str(receptive_fields(trace)).splitlines())


def test_a_trace_is_let_go() -> None:
    trace = traced(nn.Conv2d(1, 1, 3), 1, 1, 8, 8)
    receptive_field(trace, 0, (0, 0, 1, 1))
    kept = weakref.ref(trace)
    del trace
    gc.collect()
    assert kept() is None


# -- what it cannot say ----------------------------------------------------------------------


class Random(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.nn.functional.dropout(x, 0.5, training=True) * 2


def test_an_op_without_a_recipe_is_named() -> None:
    trace = traced(Random(), 1, 1, 4, 4)
    with pytest.raises(NotFoundError, match=r"dropout.*the receptive field ends here"):
        receptive_field(trace, -1, (0, 0, 1, 1))
    table = receptive_fields(trace)
    assert all("dropout" in row.missing and not row.spans for row in table)
    assert "not known" in str(table)


class Two(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = nn.Conv2d(1, 1, 3), nn.Conv2d(1, 1, 5, padding=1)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        total: Tensor = self.one(x) + self.other(y)
        return total


def test_several_inputs() -> None:
    trace = record(Two(), (torch.rand(1, 1, 9, 9), torch.rand(1, 1, 9, 9)))
    assert receptive_field(trace, -1, (0, 0, 3, 3)).size == (3, 3)
    assert receptive_field(trace, -1, (0, 0, 3, 3), input=1).size == (5, 5)
    with pytest.raises(NotFoundError, match=r"one.*does not depend on the network's input"):
        receptive_field(trace, "one", (0, 0, 3, 3), input=1)
    with pytest.raises(NotFoundError, match="there is no input 2"):
        receptive_field(trace, "one", (0, 0, 3, 3), input=2)
    with pytest.raises(NotFoundError, match="position 7 of dimension 2"):
        receptive_field(trace, "one", (0, 0, 7, 3))
    with pytest.raises(NotFoundError, match="there is no output 1"):
        receptive_field(trace, "one", (0, 0, 3, 3), output=1)


class Looked(nn.Module):
    def forward(self, x: Tensor, at: Tensor) -> Tensor:
        return x.index_select(1, at)


def test_positions_that_the_network_was_given_are_taken_as_recorded() -> None:
    trace = record(Looked(), (torch.rand(3, 8), torch.tensor([5, 2])))
    assert receptive_field(trace, -1, (1, 0)).sets[1].tolist() == [5]
    assert receptive_field(trace, -1, (1, 1)).sets[1].tolist() == [2]
