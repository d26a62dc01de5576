"""Recording keeps to its share of the time, and spreads what it may spend."""

from __future__ import annotations

import itertools

import pytest

from layerwalk.learn.budget import Budget
from layerwalk.learn.moments import log_steps


def looks(
    *, update: float, look: float, first: float, share: float | None = 0.05, steps: int = 4000
) -> tuple[list[int], float]:
    """At which steps a training is looked at, and which share of its whole time that took."""
    budget, due = Budget(share), log_steps()
    stored: list[int] = []
    spent, elapsed, owed = 0.0, 0.0, False
    for step in range(steps):
        elapsed += update
        owed |= due(step)
        if step == 0 or (owed and budget.allows(step, elapsed=elapsed, spent=spent)):
            budget.begins(spent)
            price = look if stored else first
            spent, elapsed = spent + price, elapsed + price
            budget.ends(spent)
            stored.append(step)
            owed = False
    return stored, spent / elapsed


def test_where_looks_are_cheap_none_is_left_out() -> None:
    stored, _ = looks(update=0.006, look=0.01, first=0.1)
    due = log_steps()
    assert stored == [step for step in range(4000) if due(step)]
    assert stored == looks(update=0.006, look=0.01, first=0.1, share=None)[0]


@pytest.mark.parametrize("look", [0.03, 0.04, 0.05])
def test_dear_looks_are_spread_over_the_whole_training(look: float) -> None:
    stored, share = looks(update=0.004, look=look, first=0.1)
    assert stored[:2] == [0, 1]
    wide = [later / earlier for earlier, later in itertools.pairwise(stored[2:])]
    assert max(wide) < 4, stored
    assert len(stored) > 10
    assert share <= 0.05


@pytest.mark.parametrize(
    ("update", "look", "first"), [(0.004, 0.04, 0.7), (1.0, 1.0, 2.0), (0.3, 0.3, 0.6)]
)
def test_a_first_look_as_dear_as_all_that_may_be_spent_is_paid_off_in_time(
    update: float, look: float, first: float
) -> None:
    stored, share = looks(update=update, look=look, first=first)
    assert len(stored) > 2
    assert share <= 0.05


def test_no_share_allows_nothing_after_the_first() -> None:
    assert looks(update=0.01, look=0.01, first=0.01, share=0.0)[0] == [0]


def test_a_training_that_is_taken_up_is_at_a_late_step_at_once() -> None:
    budget = Budget(0.05)
    budget.begins(0.0)
    budget.ends(0.1)
    assert not budget.allows(2, elapsed=0.1, spent=0.3)
    assert budget.allows(2000, elapsed=0.1, spent=0.3)


def test_the_first_look_is_no_measure_of_the_next() -> None:
    budget = Budget(0.05)
    budget.begins(0.0)
    budget.ends(0.3)  # of the half second that may be spent early
    assert budget.allows(1000, elapsed=0.0, spent=0.3)
    budget.begins(0.3)
    budget.ends(0.45)
    assert not budget.allows(1000, elapsed=0.0, spent=0.45)
