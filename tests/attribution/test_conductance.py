"""Layer conductance picture by picture, against Captum's of pictures together."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import layerwalk as lw
from attributed_networks import picture, untidy
from layerwalk.attribution import METHODS, target_of
from layerwalk.attribution.attribute import answer, asked_of
from layerwalk.attribution.score import Score
from layerwalk.capture import record


def test_conductance_is_the_same_together_and_one_by_one() -> None:
    trace = record(untidy(), (picture(3),))
    found = attributed_picture(trace, together=True)
    np.testing.assert_allclose(
        attributed_picture(trace, together=False), found, rtol=1e-4, atol=1e-6
    )
    assert found.any()


def attributed_picture(trace: lw.Trace, together: bool) -> NDArray[np.float64]:
    method = METHODS["layer_conductance"]
    score = Score(trace, target_of(trace, 3, 1), together=together)
    asked = asked_of(trace, method, score, {"op": "norm", "steps": 9})
    return answer(method, asked).map


def test_conductance_where_pictures_are_mixed() -> None:
    class Coupled(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.relu(x - x.mean(0, keepdim=True)).mean((2, 3))

    trace = record(Coupled(), (picture(2),))
    found = lw.attribute(trace, "layer_conductance", 1, op="relu", steps=200)
    assert found.map.shape == (3, 8, 8)
    assert found.residue == pytest.approx(0, abs=0.01 * abs(found.score))
