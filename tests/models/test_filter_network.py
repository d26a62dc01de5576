from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.errors import LayerwalkError, ModelError
from layerwalk.filters import FOUR_EDGES, Filter, apply_filter, as_filters, find_filter
from layerwalk.models.filter_network import Activation, FilterNetwork, make_network, stack_kernels

PHOTO = lw.load_image(lw.load_image("sample:cat").pixels[:61, :90])


def convolved(trace: lw.Trace) -> Any:
    return trace["conv"].array()[0]


def test_the_tutorials_three_ops() -> None:
    trace = lw.trace(make_network(["sobel-x", "edge"]), PHOTO)
    assert [(op.name, op.kind, op.shape) for op in trace] == [
        ("conv", "conv2d", (1, 2, 59, 88)),
        ("relu", "relu", (1, 2, 59, 88)),
        ("pool", "max_pool2d", (1, 2, 29, 44)),
    ]
    assert trace.name == "filters"
    assert trace.provenance["weights"] == "filters sobel-x, edge"
    assert trace.verify()
    assert trace.replay()


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 0), (1, 2), (3, 1)])
def test_its_maps_are_what_the_filters_make_of_the_photo(stride: int, padding: int) -> None:
    names = ["gaussian-5", "sobel-x-5", "box-5"]
    trace = lw.trace(make_network(names, stride=stride, padding=padding), PHOTO)
    grey = PHOTO.grey() / 255
    for made, name in zip(convolved(trace), names, strict=True):
        judged = apply_filter(grey, name, stride=stride, padding=padding)
        np.testing.assert_allclose(made, judged, rtol=0, atol=1e-5)


def test_the_colours_are_filtered_each_on_its_own() -> None:
    trace = lw.trace(make_network(["emboss", "sharpen"], channels=3, pool=None), PHOTO)
    assert [(op.name, op.shape) for op in trace] == [
        ("conv", (1, 6, 59, 88)),
        ("relu", (1, 6, 59, 88)),
    ]
    maps = convolved(trace).reshape(3, 2, 59, 88)
    for at, name in enumerate(("emboss", "sharpen")):
        judged = apply_filter(PHOTO.pixels / 255, name)
        np.testing.assert_allclose(maps[:, at], judged.transpose(2, 0, 1), rtol=0, atol=1e-5)


def test_edges_is_one_of_them() -> None:
    made, built_in = make_network(FOUR_EDGES), lw.load_model("edges")
    assert made.preprocessing == built_in.preprocessing
    ours, theirs = lw.trace(made, "sample:cat"), lw.trace(built_in, "sample:cat")
    assert [op.name for op in ours] == [op.name for op in theirs]
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one.array(), other.array())


def test_smaller_filters_lie_in_zeros_where_same_padding_has_them() -> None:
    kernels: list[Any] = [np.ones((2, 2)), "sobel-x", np.ones((5, 4)), "difference-x", [[1]]]
    given = as_filters(kernels)
    stacked = stack_kernels(given)
    assert stacked.shape == (5, 5, 4)
    grey = PHOTO.grey()
    for alone, lying in zip(given, stacked, strict=True):
        np.testing.assert_array_equal(
            apply_filter(grey, alone, padding="same"), apply_filter(grey, lying, padding="same")
        )


@pytest.mark.parametrize(
    ("activation", "layer"),
    [("leaky_relu", nn.LeakyReLU), ("tanh", nn.Tanh), ("sigmoid", nn.Sigmoid), ("gelu", nn.GELU)],
)
def test_other_activations(activation: Activation, layer: type[nn.Module]) -> None:
    made = make_network("edge", activation=activation)
    assert isinstance(made.module.get_submodule(activation), layer)
    assert [op.name for op in lw.trace(made, PHOTO)] == ["conv", activation, "pool"]


def test_the_convolution_alone() -> None:
    trace = lw.trace(make_network([[0, 1], [1, 0]], activation=None, pool=None), PHOTO)
    assert [op.name for op in trace] == ["conv"]
    assert trace.provenance["weights"] == "filters matrix"


def test_many_filters_are_named_in_part() -> None:
    made = make_network(np.ones((10, 3, 3)))
    assert made.weights.endswith("matrix 7, matrix 8 and 2 more")


def test_random_numbers_of_others_are_left_alone() -> None:
    before = torch.get_rng_state()
    first, second = (make_network("sobel-x").module.state_dict() for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first["conv.weight"], second["conv.weight"])
    network = FilterNetwork(1, (3, 3))
    assert not torch.equal(network.state_dict()["conv.weight"], first["conv.weight"])
    network.put_filters(find_filter("sobel-x").matrix[None])
    assert torch.equal(network.state_dict()["conv.weight"], first["conv.weight"])


@pytest.mark.parametrize(
    ("kernels", "options", "error", "words"),
    [
        ("sobl-x", {}, LayerwalkError, "did you mean sobel-x"),
        ([], {}, LayerwalkError, "is no filter"),
        ([[1, 2], [3]], {}, LayerwalkError, "no table of numbers"),
        (Filter("big", np.array([[1e300]])), {}, ModelError, "too large for float32"),
        ("edge", {"stride": 0}, ModelError, "0 is no stride; use a whole number from 1"),
        ("edge", {"padding": -1}, ModelError, "-1 is no padding; use a whole number from 0"),
        ("edge", {"padding": "same"}, ModelError, "'same' is no padding"),
        ("edge", {"pool": 0}, ModelError, "0 is no pool; .* None leaves the pooling out"),
        ("edge", {"pool": True}, ModelError, "True is no pool"),
        ("edge", {"activation": "rleu"}, ModelError, "no activation 'rleu'; use relu, leaky_relu"),
        ("edge", {"channels": 2}, ModelError, "2 channels are no picture"),
    ],
)
def test_what_cannot_be_built(
    kernels: Any, options: dict[str, Any], error: type[LayerwalkError], words: str
) -> None:
    with pytest.raises(error, match=words):
        make_network(kernels, **options)
