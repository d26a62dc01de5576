"""Optimisers by name, and the learning rate of each step."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from layerwalk.errors import LearnError
from layerwalk.learn.optimizers import OPTIMIZERS, make_optimizer, rate_at
from layerwalk.runs.rules import RULES


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_can_be_made_and_explained(name: str) -> None:
    made = make_optimizer(name, nn.Linear(2, 2).parameters(), 0.1, 0.5, 0.01)
    assert type(made).__name__ in RULES
    assert made.defaults["lr"] == 0.1
    assert made.defaults["weight_decay"] == 0.01
    assert made.defaults.get("momentum", 0.5) == 0.5


def test_what_cannot_be_made_is_said() -> None:
    weight = nn.Parameter(torch.zeros(1))
    with pytest.raises(LearnError, match="there is no optimiser 'adm'; use adam, adamw"):
        make_optimizer("adm", [weight], 0.1, 0.0, 0.0)
    with pytest.raises(LearnError, match="no weights that could learn"):
        make_optimizer("adam", nn.ReLU().parameters(), 0.1, 0.0, 0.0)
    with pytest.raises(LearnError, match="adam: the optimiser does not take this"):
        make_optimizer("adam", [weight], -1.0, 0.0, 0.0)


def test_the_rate_rises_and_falls() -> None:
    rates = [rate_at(step, 100, 0.5, "cosine") for step in range(100)]
    assert rates.index(max(rates)) == 9
    assert max(rates) == 0.5
    assert rates[:10] == sorted(rates[:10])
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert rates[-1] == pytest.approx(0.0, abs=1e-12)
    assert {rate_at(step, 100, 0.5, "constant") for step in range(100)} == {0.5}
    assert rate_at(0, 1, 0.5, "cosine") == 0.5
