from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from layerwalk.recipes.explain import explain
from layerwalk.render.accounts import (
    tell_exactly,
    tell_forms,
    tell_formula,
    tell_left_out,
    tell_position,
    tell_residue,
    tell_steps,
)
from render.explained import tutorial, walk


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-2, "−2"),  # noqa: RUF001
        (True, "True"),
        (1 / 3, "0.333333333"),
        (float("nan"), "NaN"),
        (float("-inf"), "−inf"),  # noqa: RUF001
        (1 - 2j, "1−2i"),  # noqa: RUF001
    ],
)
def test_numbers_are_told_with_the_digits_that_float32_has(number: complex, told: str) -> None:
    assert tell_exactly(number) == told


def test_a_position_is_told_as_it_is_asked_for() -> None:
    assert tell_position((0, 3, 10)) == "0,3,10"
    assert tell_position(()) == "the one number"


def test_the_formula_is_told_in_words_and_in_numbers() -> None:
    class Net(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(x - 300)

    trace = tutorial(Net())
    found = explain(trace, 1, (0, 0, 1, 0))
    assert tell_formula(found) == ("max(sub, 0)", "max(-160, 0)")
    assert tell_steps(found) == []


def test_a_name_that_looks_like_a_number_has_quotes() -> None:
    found = explain(walk(nn.Sequential(nn.ReLU(), nn.Conv2d(1, 1, 2)), 1, 1, 3, 3), 1, (0, 0, 0, 0))
    ((_, said),) = tell_steps(found)
    assert said == "sum of “0”*“1.weight” over 4 positions"
    assert tell_formula(found)[0] == "sum + “1.bias”"


def test_a_sum_tells_its_step() -> None:
    found = explain(walk(nn.Conv2d(1, 1, 2), 1, 1, 3, 3), 0, (0, 0, 0, 0))
    words, numbers = tell_formula(found)
    assert words == "sum + bias"
    first, second = dict(found.quantities)["sum"], found.bias
    assert second is not None
    assert numbers == f"{first.real:.6g} {'+' if second.real >= 0 else '-'} {abs(second):.6g}"
    assert tell_steps(found) == [("sum", "sum of input*weight over 4 positions")]


def test_a_value_that_is_called_like_a_step_stands_in_brackets() -> None:
    class Net(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.mean((2, 3)).mean(1)

    found = explain(tutorial(Net()), 1, (0,))
    (step,) = tell_steps(found)
    assert step[1].startswith("mean of [mean] over 1 position")


def test_a_step_counts_only_the_positions_that_hold_an_input() -> None:
    (step,) = tell_steps(explain(tutorial(nn.MaxPool2d(3, 2, 1)), 0, (0, 0, 0, 0)))
    assert step[1].endswith("over 4 of 9 positions")
    (step,) = tell_steps(explain(tutorial(nn.MaxPool2d(3, 2, 1)), 0, (0, 0, 1, 1)))
    assert step[1].endswith("over 9 positions")


def test_positions_beyond_the_input_are_counted() -> None:
    trace = tutorial(nn.MaxPool2d(3, 2, 1))
    assert tell_left_out(explain(trace, 0, (0, 0, 0, 0))) == 5
    assert tell_left_out(explain(trace, 0, (0, 0, 1, 1))) == 0


def test_a_residue_is_told_with_its_share() -> None:
    found = explain(tutorial(nn.MaxPool2d(2)), 0, (0, 0, 0, 0))
    assert tell_residue(found) == "0, exactly"
    off = replace(found, residue=-0.5, scale=200.0)
    assert tell_residue(off) == "−0.5, which is 0.0025 of the absolute terms"  # noqa: RUF001
    assert tell_residue(replace(found, residue=float("nan"))) == "NaN"
    assert tell_residue(replace(found, residue=0.5, scale=0.0)) == "0.5"


def test_forms_of_a_batch_norm_come_to_the_same() -> None:
    found = explain(walk(nn.BatchNorm2d(2), 1, 2, 3, 3), 0, (0, 1, 2, 2))
    forms = tell_forms(found)
    assert [name for name, *_ in forms] == [name for name, _ in found.recipe.forms]
    assert forms
    for _, words, numbers, comes_to in forms:
        assert "input" in words
        assert "input" not in numbers
        assert comes_to == pytest.approx(found.total)
