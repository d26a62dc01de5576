"""The four hand-made filters and what must hold of them."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from layerwalk.data.images import Image
from layerwalk.models import load_model
from layerwalk.models.edges import Edges


def picture(height: int = 213, width: int = 320) -> Image:
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image(noise, name="noise", mode="RGB")


def outputs(network: nn.Module, image: Image) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    model = load_model("edges")
    assert model.preprocessing is not None
    prepared = torch.from_numpy(np.array(model.preprocessing(image).array))
    convolved = network.get_submodule("conv")(prepared)
    rectified = network.get_submodule("relu")(convolved)
    return convolved, rectified, network(prepared)


def test_the_filters_are_the_tutorials() -> None:
    first = [[-1, -1, 1, 1]] * 4
    third = [[-1] * 4, [-1] * 4, [1] * 4, [1] * 4]
    weights = load_model("edges").module.get_submodule("conv").get_parameter("weight")
    assert weights[0, 0].tolist() == first
    assert weights[1, 0].tolist() == (-np.array(first)).tolist()
    assert weights[2, 0].tolist() == third
    assert weights[3, 0].tolist() == (-np.array(third)).tolist()


@torch.no_grad()
def test_negative_filters_give_negative_outputs() -> None:
    convolved, rectified, _ = outputs(load_model("edges").module, picture())
    assert torch.equal(convolved[:, 1], -convolved[:, 0])
    assert torch.equal(convolved[:, 3], -convolved[:, 2])
    assert torch.equal(rectified[:, 0] - rectified[:, 1], convolved[:, 0])
    assert torch.equal(rectified[:, 2] - rectified[:, 3], convolved[:, 2])
    assert float(convolved.std()) > 0.1


@torch.no_grad()
def test_sizes_of_the_tutorial() -> None:
    convolved, rectified, pooled = outputs(load_model("edges").module, picture())
    assert convolved.shape == rectified.shape == (1, 4, 210, 317)
    assert pooled.shape == (1, 4, 105, 158)


def test_pixels_are_levels_over_255() -> None:
    model = load_model("edges")
    assert model.preprocessing is not None
    assert model.input_size is None
    image = picture(5, 7)
    prepared = model.preprocessing(image).array
    assert prepared.shape == (1, 1, 5, 7)
    white = Image(np.full((2, 2, 3), 255, np.uint8), name="white", mode="RGB")
    assert model.preprocessing(white).array.tolist() == [[[[1.0, 1.0], [1.0, 1.0]]]]


def test_relu_leaves_its_input_alone() -> None:
    relu = load_model("edges").module.get_submodule("relu")
    assert isinstance(relu, nn.ReLU)
    assert relu.inplace is False


def test_random_filters_only_when_asked_for() -> None:
    by_hand = load_model("edges").module.state_dict()["conv.weight"]
    drawn = load_model("edges", weights=None).module.state_dict()["conv.weight"]
    assert torch.equal(Edges().state_dict()["conv.weight"], by_hand)
    assert not torch.equal(drawn, by_hand)
