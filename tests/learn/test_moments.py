"""At which steps a training is looked at."""

from __future__ import annotations

import pytest

from layerwalk.learn.moments import every, log_steps


def test_there_are_as_many_in_each_decade() -> None:
    due = log_steps(8)
    counts = [sum(due(step) for step in range(10**k, 10 ** (k + 1))) for k in range(1, 5)]
    assert counts == [8, 8, 8, 8]


def test_every_power_of_ten_is_one() -> None:
    for per_decade in (1, 3, 8, 20):
        assert all(log_steps(per_decade)(10**k) for k in range(7))


def test_before_the_first_there_is_none() -> None:
    assert not log_steps()(-1)
    assert log_steps()(0)


@pytest.mark.parametrize("make", [log_steps, every])
def test_none_at_all_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="0 steps"):
        make(0)
