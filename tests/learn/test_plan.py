"""How a network is to be trained."""

from __future__ import annotations

from typing import Any

import pytest

from layerwalk.errors import LearnError
from layerwalk.learn.optimizers import OPTIMIZERS, RATES
from layerwalk.learn.plan import Plan


def test_it_is_read_as_it_was_told() -> None:
    plan = Plan(epochs=3, batch=7, rate=0.1, optimizer="sgd", schedule="constant", held_out=9)
    assert Plan.read(plan.told()) == plan
    with pytest.raises(LearnError, match="does not say how it was trained"):
        Plan.read({"epochs": "3"})


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_each_optimiser_has_a_rate_of_its_own(optimizer: str) -> None:
    plan = Plan(optimizer=optimizer)
    assert plan.highest_rate == RATES[optimizer]
    assert Plan.read(plan.told()).rate == RATES[optimizer]
    assert Plan(optimizer=optimizer, rate=0.5).highest_rate == 0.5


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"epochs": 0}, "epochs is 0; use 1 or more"),
        ({"batch": -2}, "batch is -2"),
        ({"probes": 0}, "probes is 0"),
        ({"rate": -1.0}, "rate is -1.0; use 0 or more"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"optimizer": "adan"}, "no optimiser 'adan'; use adam"),
        ({"schedule": "linear"}, "no schedule 'linear'; use cosine, constant"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(LearnError, match=said):
        Plan(**wrong)
