"""Random numbers from a seed of their own."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from layerwalk.models.seed import seeded


def draw() -> tuple[float, float, float]:
    return float(torch.rand(())), random.random(), float(np.random.rand())  # noqa: S311, NPY002


def test_same_seed_draws_the_same() -> None:
    with seeded():
        first = draw()
    with seeded():
        second = draw()
    with seeded(1):
        other = draw()
    assert first == second
    assert all(one != two for one, two in zip(first, other, strict=True))


def test_nothing_changes_outside() -> None:
    torch.manual_seed(7)
    random.seed(7)
    np.random.seed(7)  # noqa: NPY002
    expected = draw()
    torch.manual_seed(7)
    random.seed(7)
    np.random.seed(7)  # noqa: NPY002
    with seeded():
        draw()
    assert draw() == expected


def test_nothing_changes_outside_after_an_error() -> None:
    def fail() -> None:
        with seeded():
            draw()
            raise ZeroDivisionError

    before = torch.get_rng_state(), random.getstate()
    with pytest.raises(ZeroDivisionError):
        fail()
    assert torch.equal(torch.get_rng_state(), before[0])
    assert random.getstate() == before[1]
