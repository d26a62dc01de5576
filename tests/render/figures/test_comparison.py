from __future__ import annotations

import copy
import math
from collections import OrderedDict

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

import layerwalk as lw
from comparison.networks import Small, given, small, walked
from layerwalk.render.figures import comparison_figure


def said(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def test_the_first_to_depart_is_named_and_drawn() -> None:
    def damage(network: Small) -> None:
        network.conv.weight[5, 1, 1, 1] += 1

    found = lw.compare(walked(), walked(damage))
    words = said(comparison_figure(found))
    assert words.count("conv") == 1
    assert "conv, the first to depart" in words
    assert "1 of 576 numbers of conv.weight differs, by up to 1" in words
    assert "channel 5" in words
    assert {"reference", "other", "difference", "everywhere"} <= set(words)


def test_equal_walks_have_no_maps() -> None:
    words = said(comparison_figure(lw.compare(walked(), walked())))
    assert "difference" not in words
    assert "11 ops compared: equal within tolerance" in words


def test_equal_walks_have_no_decades() -> None:
    figure = comparison_figure(lw.compare(walked(), walked()))
    assert not [word for word in said(figure) if word.startswith("1e")]
    assert figure.get_figheight() < 2.5
    (line, *_) = figure.axes[0].lines
    assert len(set(np.asarray(line.get_ydata(), float))) == 1


def test_the_title_tells_the_two_walks_apart() -> None:
    found = lw.compare(walked(), walked())
    assert said(comparison_figure(found))[0] == "Small, two walks"
    assert said(comparison_figure(found, names=("a", "b")))[0] == "Small: a and b"
    assert said(comparison_figure(found, names=("a", "a")))[0] == "Small: a and itself"
    assert said(comparison_figure(found, title="Mine", names=("a", "b")))[0] == "Mine"
    model = lw.load_model("edges")
    walks = [lw.trace(model, f"sample:{name}") for name in ("digits/3", "digits/4")]
    photos = comparison_figure(lw.compare(*walks))
    assert said(photos)[0] == "edges: sample:digits/3 and sample:digits/4"
    assert said(comparison_figure(lw.compare(walks[0], walks[0])))[0] == (
        "edges on sample:digits/3, two walks"
    )
    torch.manual_seed(0)
    x = torch.from_numpy(walks[0].inputs[0].array().copy())
    other = lw.trace(nn.Sequential(model.module), x)
    figure = comparison_figure(lw.compare(walks[0], other), names=("a", "b"))
    assert said(figure)[0] == "a (edges) and b (Sequential)"


def test_the_first_ops_name_is_clear_of_the_axis() -> None:
    # So many that the first is at the edge.
    deep = nn.Sequential(OrderedDict((f"act{k}", nn.ReLU()) for k in range(150)))
    figure = comparison_figure(lw.compare(*(lw.trace(deep, torch.ones(1, 3) * k) for k in (1, 2))))
    drawn = {text.get_text(): text for text in figure.texts}
    boxes = [drawn[word].get_window_extent() for word in ("relative error", "act0")]
    assert boxes[0].x1 + 10 < boxes[1].x0


def test_every_error_stands_where_it_belongs() -> None:
    found = lw.compare(walked(), lw.trace(copy.deepcopy(small()).bfloat16(), given().bfloat16()))
    figure = comparison_figure(found)
    (axes,) = figure.axes
    _, heights = (np.asarray(part, float) for part in axes.lines[1].get_data())
    errors = np.array([one.measure.relative_error for one in found])
    assert (errors > 0).all()
    # Higher errors stand higher; the axis counts downwards.
    np.testing.assert_array_equal(np.argsort(errors), np.argsort(-heights))
    steps = np.polyfit(np.log10(errors), heights, 1, full=True)[1]
    assert steps == pytest.approx(0, abs=1e-6)


def test_a_vector_is_drawn_as_strips_and_nan_at_the_top() -> None:
    def damage(network: Small) -> None:
        assert network.head.bias is not None
        network.head.bias[1] = math.nan

    words = said(comparison_figure(lw.compare(walked(), walked(damage))))
    assert "head, the first to depart" in words
    assert "everywhere" not in words
    assert any(word.endswith("; x: NaN or infinite") for word in words)
    assert "NaN, inf" in words
    assert any(word.startswith("1 of its 5 values are NaN in the other, none") for word in words)
    assert {"reference", "other", "difference"} <= set(words)


@pytest.mark.parametrize("shape", [(1, 3, 30), (2, 3, 4, 5, 6), (1, 3, 1, 1)])
def test_maps_of_any_shape(shape: tuple[int, ...]) -> None:
    class Scaled(nn.Module):
        def __init__(self, by: float) -> None:
            super().__init__()
            self.by = by

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(x) * self.by

    x = torch.randn(shape)
    found = lw.compare(lw.trace(Scaled(1.0), x), lw.trace(Scaled(1.5), x))
    assert "mul, the first to depart" in said(comparison_figure(found))
