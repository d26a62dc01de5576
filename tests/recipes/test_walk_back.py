"""Walking back from a value to the picture."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from layerwalk.capture import record
from layerwalk.errors import NotFoundError
from layerwalk.recipes.walk_back import Path, walk_back
from layerwalk.record import Trace


def traced(net: nn.Module, *shape: int) -> Trace:
    torch.manual_seed(0)
    return record(net.eval(), (torch.randn(shape),))


def classifier() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, 2, 1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 5),
        nn.Softmax(-1),
    )


def is_chain(path: Path) -> None:
    """Each step explains the number that the one before followed, and exactly."""
    for step, following in zip(path.steps, path.steps[1:], strict=False):
        assert step.followed is not None
        assert step.followed.value.id == following.op.made[following.explanation.output].id
        assert step.followed.index == following.index
        assert step.followed.number == following.explanation.recorded
    for step in path:
        assert abs(step.explanation.residue) <= 1e-6 * step.explanation.scale
    assert path[-1].followed is path.end


def test_from_a_class_to_a_pixel() -> None:
    trace = traced(classifier(), 1, 3, 16, 16)
    path = walk_back(trace, -1, (0, 2))
    is_chain(path)
    assert [step.op.kind for step in path] == [
        "softmax", "linear", "flatten", "adaptive_avg_pool2d", "conv2d", "max_pool2d", "relu",
        "batch_norm", "conv2d",
    ]  # fmt: skip
    assert path.stopped == ""
    assert path.end is not None
    assert path.end.value.name == "input"
    assert path.end.number == trace.inputs[0].array()[path.end.index]
    # A softmax is followed at its own score, not at the largest one.
    assert path[0].followed is not None
    assert path[0].followed.index == (0, 2)


def test_the_term_is_the_largest_in_the_value_s_direction() -> None:
    net = nn.Linear(6, 8)
    trace = traced(net, 1, 6)
    products = net.weight.detach().numpy() * trace.inputs[0].array()
    scores = trace[0].array()[0]
    assert scores.min() < 0 < scores.max()
    for place, score in enumerate(scores):
        (step,) = walk_back(trace, 0, (0, place))
        best = int(np.argmax(products[place] * np.sign(score)))
        assert step.followed is not None
        assert step.followed.index == (0, best)
        assert step.term == pytest.approx(products[place, best], rel=1e-6)
        assert step.share == pytest.approx(products[place, best] / score, rel=1e-4)
        assert step.terms == 6


def test_the_winner_of_a_maximum() -> None:
    trace = traced(nn.MaxPool2d(3, 1, 1), 1, 1, 5, 5)
    picture = trace.inputs[0].array()
    (step,) = walk_back(trace, 0, (0, 0, 0, 4))
    assert step.followed is not None
    assert (
        picture[step.followed.index] == picture[0, 0, :2, 3:].max() == trace[0].array()[0, 0, 0, 4]
    )
    assert (step.share, step.terms) == (1.0, 4)


class Skip(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * 3 + x.flip(-1)


def test_the_larger_of_two_that_are_added() -> None:
    trace = record(Skip(), (torch.tensor([[1.0, 5.0], [-1.0, -5.0]]),))
    path = walk_back(trace, "add", (0, 0))  # 3 + 5
    assert [step.op.kind for step in path] == ["add", "flip"]
    assert path[0].share == 5 / 8
    path = walk_back(trace, "add", (1, 1))  # -15 - 1
    assert [step.op.kind for step in path] == ["add", "mul"]
    assert path.end is not None
    assert path.end.index == (1, 1)


class Choice(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x > 1, x * 0.25, x * 3)


def test_of_a_choice_what_was_chosen() -> None:
    trace = record(Choice(), (torch.tensor([2.0, 1.0]),))
    scaled = [walk_back(trace, "where", (place,))[1].op.index for place in (0, 1)]
    assert [trace[index].array()[place] for place, index in enumerate(scaled)] == [0.5, 3.0]


def test_the_share_of_a_mean_that_is_divided_afterwards() -> None:
    trace = record(nn.AvgPool2d(2, divisor_override=3), (torch.tensor([[[1.0, 2.0], [2.0, 5.0]]]),))
    (step,) = walk_back(trace, 0, (0, 0, 0))
    assert (step.share, step.terms) == (0.5, 4)


class Noise(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(torch.nn.functional.dropout(x, 0.5, training=True))


def test_the_path_ends_at_an_op_without_a_recipe() -> None:
    trace = traced(Noise(), 1, 8)
    path = walk_back(trace, "relu", (0, 3))
    assert path.end is None
    assert len(path) == 1
    assert path.stopped.startswith("The path ends at dropout: how a number of this dropout")
    assert str(path).splitlines()[-1] == path.stopped
    with pytest.raises(NotFoundError, match="dropout"):
        walk_back(trace, "dropout", (0, 3))


class Constant(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.ones(2) * 2


def test_the_path_ends_where_nothing_was_given() -> None:
    path = walk_back(traced(Constant(), 1), "mul", (1,))
    assert path.end is None
    assert "reads no number that the network was given" in path.stopped


def test_padding_is_never_followed() -> None:
    net = nn.Conv2d(1, 1, 3, padding=2, bias=False)
    trace = traced(net, 1, 1, 3, 3)
    (step,) = walk_back(trace, 0, (0, 0, 0, 0))
    assert step.followed is not None
    assert (step.followed.index, step.followed.padding) == ((0, 0, 0, 0), False)


def test_printed_in_80_columns() -> None:
    deep: nn.Module = classifier()
    for name in ("a_long_name_of_a_block", "inside_of_another_one", "and_of_a_third"):
        deep = nn.Sequential()
        deep.add_module(name, classifier())
    path = walk_back(traced(deep, 1, 3, 16, 16), -1, (0, 2))
    lines = str(path).splitlines()
    assert all(len(line) <= 80 for line in lines), max(lines, key=len)
    assert lines[-1].startswith("input (0, ")
    assert "of 36 terms" in str(path)
    assert "the largest of 4, at" in str(path)
