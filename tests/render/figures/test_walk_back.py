from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from layerwalk.errors import LayerwalkError
from layerwalk.recipes.walk_back import Path, walk_back
from layerwalk.render.accounts import tell_exactly
from layerwalk.render.figures import walk_back_figure
from render.explained import walk

Texts = Callable[[Figure], list[str]]


def network() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 3)
    )


def test_every_step_has_its_number_and_its_place(texts: Texts) -> None:
    path = walk_back(walk(network(), 1, 1, 8, 8), -1, (0, 1))
    said = texts(walk_back_figure(path))
    assert path.end is not None
    for step in path:
        assert step.op.name in said
        assert ",".join(map(str, step.index)) in said
        assert tell_exactly(step.explanation.recorded, 6) in said
    assert "input" in said
    assert tell_exactly(path.end.number, 6) in said
    assert said.count("→") == len(path)
    assert any(line.startswith("linear: 1 of 36") for line in said)
    assert "max_pool2d: max of 4" in said
    assert said[0].endswith("at 0,1, walked back")


def test_many_steps_go_on_below(texts: Texts) -> None:
    deep = nn.Sequential(*[nn.ReLU() for _ in range(20)])
    path = walk_back(walk(deep, 1, 1, 4, 4), -1, (0, 0, 1, 1))
    figure = walk_back_figure(path, title="Twenty")
    assert texts(figure)[0] == "Twenty"
    assert texts(figure).count("→") == 20
    width, height = figure.get_size_inches()
    assert width * 200 < 2300
    assert height > 6


class Dice(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(torch.bernoulli(x.abs().clamp(0, 1)))


def test_a_path_that_ends_early_says_why(texts: Texts) -> None:
    trace = walk(Dice(), 1, 1, 4, 4)
    path = walk_back(trace, -1, (0, 0, 1, 1))
    assert path.end is None
    assert path.stopped in texts(walk_back_figure(path))


def test_no_step_is_no_figure() -> None:
    with pytest.raises(LayerwalkError, match="the path has no step"):
        walk_back_figure(Path((), None))
