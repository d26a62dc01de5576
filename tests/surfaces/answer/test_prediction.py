"""The most probable classes, and how their scores became probabilities."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.record import Trace
from layerwalk.surfaces.answer.prediction import prediction_of


def test_the_twenty_best(lite0: Trace) -> None:
    found = prediction_of(lite0)
    assert found is not None
    assert (found.value, found.made, len(found.top)) == (lite0.outputs[0].id, "softmax", 20)
    scores = lite0.outputs[0].array()[0]
    for one, (label, probability) in zip(found.top, lite0.top(20), strict=True):
        assert (one.label, one.probability) == (label, probability)
        assert one.score == float(scores[one.number])


@pytest.mark.parametrize(
    ("last", "made"),
    [(nn.Softmax(1), "given"), (nn.LogSoftmax(1), "exp"), (nn.Sigmoid(), "given")],
)
def test_how_they_were_made(last: nn.Module, made: str) -> None:
    found = prediction_of(lw.trace(last, torch.tensor([[1.0, 3.0, 2.0]])))
    assert found is not None
    assert found.made == made
    assert [one.number for one in found.top] == [1, 2, 0]
    for one in found.top:
        wanted = np.exp(one.score) if made == "exp" else one.score
        assert one.probability == pytest.approx(wanted)


@pytest.mark.parametrize(
    "x",
    [
        torch.ones(1, 2, 3),
        torch.tensor([[1.0, float("nan")]]),
        torch.tensor([[1.0, float("inf")]]),
    ],
    ids=["another shape", "NaN", "infinite"],
)
def test_none_where_there_are_no_scores(x: torch.Tensor) -> None:
    assert prediction_of(lw.trace(nn.ReLU(), x)) is None
