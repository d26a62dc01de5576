"""The check of a map: one that depends on the weights passes, one that does not fails."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from attributed_networks import picture, untidy
from layerwalk.attribution import SanityCheck, SanityStep
from layerwalk.attribution.sanity import rank_correlation
from layerwalk.capture import record


@pytest.mark.slow
def test_guided_backprop_fails_on_a_real_network_and_the_gradient_passes() -> None:
    trace = lw.trace(lw.load_model("efficientnet_lite0"), "sample:dog")
    guided = lw.sanity_check(trace, "guided_backprop", stages=2)
    assert not guided
    assert guided.worst.correlation > 0.8
    assert "guided_backprop fails: it shows the picture more" in guided.verdict
    assert "of 99 ops nearest the score shuffled" in guided.verdict
    plain = lw.sanity_check(trace, "input_x_gradient", stages=2)
    assert plain
    assert plain.worst.correlation < 0.3
    assert "input_x_gradient passes: without what was learned it is another map" in plain.verdict


def test_a_map_that_shows_only_the_picture_fails() -> None:
    class Copied(nn.Module):
        """Its gradient is one whatever its weights: shuffled, they are as they were."""

        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(3, 1, 1))

        def forward(self, x: Tensor) -> Tensor:
            return (x * self.weight).sum((2, 3))

    found = lw.sanity_check(record(Copied(), (picture(),)), "input_x_gradient", 1)
    assert [step.correlation for step in found.steps] == [pytest.approx(1)]
    assert not found.passed


def test_stages_run_from_the_score_to_the_input() -> None:
    trace = record(untidy(), (picture(),))
    found = lw.sanity_check(trace, "deeplift", 3)
    assert [(step.op, step.shuffled) for step in found.steps] == [
        ("last", 1), ("second", 2), ("norm", 3), ("first", 4)
    ]  # fmt: skip
    assert found.ops == 4
    at_once = lw.sanity_check(trace, "deeplift", 3, cascade=False)
    assert at_once.steps == found.steps[-1:]


def test_the_same_seed_gives_the_same() -> None:
    trace = record(untidy(), (picture(),))
    one, other = (lw.sanity_check(trace, "saliency", 3, seed=7, stages=2) for _ in range(2))
    assert one == other
    assert one != lw.sanity_check(trace, "saliency", 3, seed=8, stages=2)


def test_weights_are_left_as_they_are() -> None:
    model = untidy()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    trace = record(model, (picture(),))
    told: list[tuple[int, int]] = []
    lw.sanity_check(trace, "grad_cam", 3, stages=2, watch=lambda *how: told.append(how))
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert trace.replay()
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_channels_are_compared_where_there_are_no_places() -> None:
    trace = record(untidy(), (picture(),))
    found = lw.sanity_check(trace, "feature_ablation", 3, op="first", stages=1)
    assert len(found.steps) == 2


def test_what_is_refused() -> None:
    trace = record(nn.ReLU(), (picture().flatten(1),))
    with pytest.raises(lw.LayerwalkError, match="there are no weights to shuffle"):
        lw.sanity_check(trace, "saliency", 3)
    trace = record(untidy(), (picture(),))
    with pytest.raises(lw.LayerwalkError, match="0 stages are too few"):
        lw.sanity_check(trace, "saliency", 3, stages=0)
    with pytest.raises(lw.LayerwalkError, match="saliency: it takes no steps"):
        lw.sanity_check(trace, "saliency", 3, steps=4)


def test_half_the_ops_count() -> None:
    steps = tuple(SanityStep("x", count, correlation, 0.0)
                  for count, correlation in ((1, 0.9), (2, 0.2), (4, 0.1)))  # fmt: skip
    check = SanityCheck("saliency", "dog", 4, steps)
    assert check.worst.shuffled == 2
    assert check.passed
    assert "at most 0.20, with the weights of the 2 of 4 ops nearest the score" in check.verdict
    none = SanityCheck("saliency", "dog", 1, (SanityStep("x", 1, -0.001, 0.0),))
    assert "at most 0.00" in none.verdict


def test_rank_correlation() -> None:
    rising = np.arange(10.0)
    assert rank_correlation(rising, np.exp(rising)) == pytest.approx(1)
    assert rank_correlation(rising, -rising) == pytest.approx(-1)
    assert rank_correlation(rising, np.zeros(10)) == 0
    stats = pytest.importorskip("scipy.stats")
    one, other = np.random.default_rng(0).integers(0, 5, (2, 40)).astype(float)
    assert rank_correlation(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)
