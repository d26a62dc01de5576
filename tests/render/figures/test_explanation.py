from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

import layerwalk as lw
from layerwalk.errors import LayerwalkError
from layerwalk.recipes.explain import explain
from layerwalk.render.figures import explanation_figure
from render.explained import tutorial, walk

Texts = Callable[[Figure], list[str]]


def test_a_convolution_shows_window_kernel_products_and_sum(texts: Texts) -> None:
    module = nn.Conv2d(1, 1, 2)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([[[[1.0, -1.0], [0.5, 2.0]]]]))
        module.bias.fill_(7.0)  # type: ignore[union-attr]
    found = explain(tutorial(module), 0, (0, 0, 1, 2))
    said = texts(explanation_figure(found))
    assert {"window", "kernel", "products"} <= set(said)
    # 40*1 - 50 + 150*0.5 + 45*2 = 155, and the bias
    assert {"40", "50", "150", "45"} <= set(said)
    assert {"1.00", "−1.00", "0.50", "2.00"} <= set(said)  # noqa: RUF001
    assert {"−50", "75", "90"} <= set(said)  # noqa: RUF001
    assert "they come to 155" in said
    assert "155 + 7" in said
    assert said.count("162") >= 2
    assert {"1", "2", "3"} <= set(said)


def test_the_channel_that_adds_most_is_shown_unless_another_is_asked_for(texts: Texts) -> None:
    trace = walk(nn.Conv2d(3, 1, 2), 1, 3, 5, 5)
    found = explain(trace, 0, (0, 0, 1, 1))
    product = trace.inputs[0].array()[0, :, 1:3, 1:3] * trace[0].parameters[0].array()[0]
    sums = product.sum(axis=(1, 2))
    most = int(np.abs(sums).argmax())
    assert f"channel {most}" in texts(explanation_figure(found))
    said = texts(explanation_figure(found, channel=(most + 1) % 3))
    assert said.count(f"channel {(most + 1) % 3}") == 2  # at the window, and at its bar
    assert said.count(f"channel {most}") == 1
    assert "what each channel adds" in said
    with pytest.raises(LayerwalkError, match="not go through channel 3; it goes through 0 to 2"):
        explanation_figure(found, channel=3)


def test_many_channels_are_summed_in_one_bar(texts: Texts) -> None:
    found = explain(walk(nn.Conv2d(20, 1, 2), 1, 20, 3, 3), 0, (0, 0, 0, 0))
    said = texts(explanation_figure(found))
    assert "6 other channels" in said
    assert "the 14 largest of 20" in said


def test_one_more_is_told_as_one(texts: Texts) -> None:
    found = explain(walk(nn.Conv2d(15, 1, 2), 1, 15, 3, 3), 0, (0, 0, 0, 0))
    assert "1 other channel" in texts(explanation_figure(found))
    found = explain(walk(nn.Linear(15, 1), 1, 15), 0, (0, 0))
    assert "1 more term" in texts(explanation_figure(found))


def test_max_pooling_rings_the_winner(
    texts: Texts, images: Callable[[Figure], list[np.ndarray]]
) -> None:
    figure = explanation_figure(explain(tutorial(nn.MaxPool2d(2)), 0, (0, 0, 1, 1)))
    said = texts(figure)
    assert said.count("250") >= 2
    assert "max" in said
    assert any("max of 4 terms" in line for line in said)
    flat = explanation_figure(explain(tutorial(nn.AvgPool2d(2)), 0, (0, 0, 1, 1)))
    # A frame is eight strips: four of ink, four of white round it.
    assert len(images(figure)) == len(images(flat)) + 8


def test_the_plane_of_the_winner_is_drawn(
    texts: Texts, images: Callable[[Figure], list[np.ndarray]]
) -> None:
    image = torch.full((1, 1, 2, 2, 2), -9.0)
    image[0, 0, 0] = torch.tensor([[-1.0, -2.0], [-3.0, -4.0]])
    found = explain(lw.trace(nn.MaxPool3d(2), image), 0, (0, 0, 0, 0, 0))
    figure = explanation_figure(found)
    said = texts(figure)
    assert {"−1", "−2", "−3", "−4", "the largest of each channel"} <= set(said)  # noqa: RUF001
    assert said.count("channel 0,0") == 2
    assert "what each channel adds" not in said
    flat = explanation_figure(explain(lw.trace(nn.AvgPool3d(2), image), 0, (0, 0, 0, 0, 0)))
    assert len(images(figure)) == len(images(flat)) + 8


def test_a_window_in_the_padding_has_no_map_of_the_input(texts: Texts) -> None:
    image = torch.ones(1, 1, 3, 4, 4)
    pooled = explain(lw.trace(nn.AvgPool3d(2, padding=1), image * 0), 0, (0, 0, 0, 1, 1))
    assert any(line.startswith("0, 0, 0, ·, ·  of 1 × 1 × 3") for line in  # noqa: RUF001
               texts(explanation_figure(pooled)))  # fmt: skip
    found = explain(lw.trace(nn.Conv3d(1, 1, 2, padding=2), image), 0, (0, 0, 0, 1, 1))
    assert "input" not in texts(explanation_figure(found))


def test_what_each_plane_adds_to_a_mean(texts: Texts) -> None:
    image = torch.arange(8.0).reshape(1, 1, 2, 2, 2)
    found = explain(lw.trace(nn.AvgPool3d(2), image), 0, (0, 0, 0, 0, 0))
    said = texts(explanation_figure(found))
    assert {"0.7500", "2.750", "3.500"} <= set(said)
    assert "the sum of its numbers / 8" in said


def test_what_lies_beyond_the_input_is_told(texts: Texts) -> None:
    said = texts(explanation_figure(explain(tutorial(nn.MaxPool2d(3, 2, 1)), 0, (0, 0, 0, 0))))
    assert any("max of 4 terms, 5 without input left out" in line for line in said)


def test_a_linear_layer_shows_its_largest_terms(texts: Texts) -> None:
    trace = walk(nn.Linear(40, 3), 1, 40)
    said = texts(explanation_figure(explain(trace, 0, (0, 2))))
    products = trace.inputs[0].array()[0] * trace[0].parameters[0].array()[2]
    most = int(np.abs(products).argmax())
    bars = [line for line in said if line.startswith("input 0,")]
    assert len(bars) == 14
    assert bars[0] == f"input 0,{most}"
    assert "26 more terms" in said
    assert {"bias", "total", "sum"} <= set(said)


def test_a_formula_shows_its_numbers(texts: Texts) -> None:
    found = explain(walk(nn.BatchNorm2d(2), 1, 2, 3, 3), 0, (0, 1, 2, 2))
    said = texts(explanation_figure(found, title="A batch norm"))
    assert said[0] == "A batch norm"
    assert {"running_mean", "running_var", "weight", "bias", "folded", "result"} <= set(said)


def test_what_is_recorded_and_the_residue_are_told(texts: Texts) -> None:
    found = explain(walk(nn.Conv2d(2, 2, 3, padding=1), 1, 2, 5, 5), 0, (0, 1, 0, 0))
    said = texts(explanation_figure(found))
    assert {"total", "recorded", "residue"} <= set(said)
    assert any(line.endswith("of the absolute terms") for line in said) or "0, exactly" in said


class Odd(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.full((2,), 3.0) * (x[0, 0, 0, 0] / 0 - x[0, 0, 0, 1] / 0)


@pytest.mark.parametrize(
    ("module", "shape"),
    [
        (nn.Conv1d(2, 2, 3), (1, 2, 8)),
        (nn.Conv3d(2, 2, 2), (1, 2, 3, 4, 4)),
        (nn.ConvTranspose2d(2, 2, 3, 2), (1, 2, 3, 3)),
        (nn.Conv2d(2, 2, 1), (1, 2, 3, 3)),
        (nn.Conv2d(4, 4, 3, groups=4), (1, 4, 3, 3)),
        (nn.Flatten(), (1, 2, 3, 3)),
        (nn.Softmax(1), (1, 30)),
        (nn.ZeroPad2d(2), (1, 2, 3, 3)),
        (nn.LayerNorm(6), (1, 4, 6)),
        (Odd(), (1, 1, 2, 2)),
    ],
)
def test_every_op_with_a_recipe_can_be_drawn(
    module: nn.Module, shape: tuple[int, ...], texts: Texts
) -> None:
    for op in (trace := walk(module, *shape)):
        found = explain(trace, op, (0,) * len(op.shape))
        assert "recorded" in texts(explanation_figure(found))


def test_the_picture(looks_like: Callable[[Figure, str], None]) -> None:
    module = nn.Conv2d(1, 1, (1, 2), bias=False)
    with torch.no_grad():
        module.weight.copy_(torch.tensor([[[[-1.0, 2.0]]]]))
    looks_like(explanation_figure(explain(tutorial(module), 0, (0, 0, 0, 2))), "explanation")
