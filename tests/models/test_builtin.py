"""The networks that come with the package."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from layerwalk.models.builtin import BUILT_IN, load_built_in
from layerwalk.models.tiny_vgg import TINY_VGG_LABELS

UNTRAINED = ("mlp", "lenet5", "tiny_vgg")


@pytest.mark.parametrize("name", BUILT_IN)
def test_card_is_true(name: str) -> None:
    card = BUILT_IN[name]
    module = load_built_in(name, pretrained=True).module.eval()
    assert sum(parameter.numel() for parameter in module.parameters()) == card.parameters
    size = card.input_size or (1, 20, 20)
    assert card.preprocessing.channels == size[0]
    labels = card.labels()
    with torch.no_grad():
        output = module(torch.zeros(1, *size))
    if labels is not None:
        assert output.shape == (1, len(labels))
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", BUILT_IN)
def test_no_layer_works_in_place(name: str) -> None:
    for layer in load_built_in(name, pretrained=False).module.modules():
        assert not getattr(layer, "inplace", False)


@pytest.mark.parametrize("name", UNTRAINED)
def test_untrained_networks_say_so_and_are_always_the_same(name: str) -> None:
    state = torch.get_rng_state()
    first = load_built_in(name, pretrained=True)
    torch.rand(5)
    second = load_built_in(name, pretrained=True)
    torch.set_rng_state(state)
    assert "untrained, seed 0" in first.weights
    assert "untrained, seed 0" in BUILT_IN[name].note
    for key, tensor in first.module.state_dict().items():
        assert torch.equal(tensor, second.module.state_dict()[key]), key


@pytest.mark.parametrize("name", BUILT_IN)
def test_global_random_state_is_left_alone(name: str) -> None:
    before = torch.get_rng_state()
    load_built_in(name, pretrained=True)
    load_built_in(name, pretrained=False)
    assert torch.equal(torch.get_rng_state(), before)


def test_mlp_is_784_512_512_10() -> None:
    layers = list(load_built_in("mlp", pretrained=True).module.children())
    assert [type(layer).__name__ for layer in layers] == [
        *("Flatten", "Linear", "ReLU", "Dropout", "Linear", "ReLU", "Dropout", "Linear")
    ]
    linear = [layer for layer in layers if isinstance(layer, nn.Linear)]
    assert [(layer.in_features, layer.out_features) for layer in linear] == [
        *((784, 512), (512, 512), (512, 10))
    ]
    assert [layer.p for layer in layers if isinstance(layer, nn.Dropout)] == [0.2, 0.2]


def sizes(name: str) -> dict[str, tuple[int, ...]]:
    """The output shape of every layer, by its name, from forward hooks."""
    model = load_built_in(name, pretrained=True)
    seen: dict[str, tuple[int, ...]] = {}
    for layer, module in model.module.named_children():
        module.register_forward_hook(
            lambda _module, _inputs, output, layer=layer: seen.update({layer: output.shape[1:]})
        )
    assert model.input_size is not None
    model.module.eval()(torch.zeros(1, *model.input_size))
    return seen


def test_lenet5_has_the_papers_shapes() -> None:
    shapes = sizes("lenet5")
    assert {name: shapes[name] for name in ("c1", "s2", "c3", "s4", "c5", "f6", "output")} == {
        "c1": (6, 28, 28),
        "s2": (6, 14, 14),
        "c3": (16, 10, 10),
        "s4": (16, 5, 5),
        "c5": (120,),
        "f6": (84,),
        "output": (10,),
    }


def test_tiny_vgg_has_cnn_explainers_layers() -> None:
    assert sizes("tiny_vgg") == {
        "conv_1_1": (10, 62, 62),
        "relu_1_1": (10, 62, 62),
        "conv_1_2": (10, 60, 60),
        "relu_1_2": (10, 60, 60),
        "max_pool_1": (10, 30, 30),
        "conv_2_1": (10, 28, 28),
        "relu_2_1": (10, 28, 28),
        "conv_2_2": (10, 26, 26),
        "relu_2_2": (10, 26, 26),
        "max_pool_2": (10, 13, 13),
        "flatten": (1690,),
        "output": (10,),
    }
    assert TINY_VGG_LABELS[0] == "lifeboat"
    assert TINY_VGG_LABELS[-1] == "sport car"
