"""Arithmetic with broadcasting and plain numbers, in both orders, against the framework."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.drawn import broadcast, few, seeds, shapes, tensor
from recipes.judged import judged, traced

SIGNS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv,
    "floor_divide": operator.floordiv, "remainder": operator.mod, "pow": operator.pow,
}  # fmt: skip
masks = st.lists(st.booleans(), min_size=4, max_size=4)


@few
@given(st.sampled_from(sorted(SIGNS)), shapes(0, 4), masks, masks, seeds)
def test_two_tensors(
    name: str, shape: tuple[int, ...], one: list[bool], two: list[bool], seed: int
) -> None:
    x = tensor(*broadcast(shape, one), seed=seed)
    y = tensor(*broadcast(shape, two), seed=seed + 1)
    judged(SIGNS[name], x, y, kind=name)


@few
@given(
    st.sampled_from(sorted(SIGNS)), st.booleans(), seeds,
    st.sampled_from([2, -3, 0.1, 2.5, 0, 1e-3]),
    st.sampled_from([torch.float32, torch.float16, torch.bfloat16, torch.float64]),
)  # fmt: skip
def test_a_tensor_and_a_number(
    name: str, first: bool, seed: int, number: float, dtype: torch.dtype
) -> None:
    if first:
        # n - x is rsub, n / x a reciprocal and a product
        kind = {"sub": "rsub", "div": "reciprocal"}.get(name, name)
        judged(lambda x: SIGNS[name](number, x), tensor(2, 5, seed=seed, dtype=dtype), kind=kind)
    else:
        judged(lambda x: SIGNS[name](x, number), tensor(2, 5, seed=seed, dtype=dtype), kind=name)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("number", [0.001, 0.1, 0.3, 2.5, -3])
def test_half_precision_floors_by_a_number_of_float32(number: float, dtype: torch.dtype) -> None:
    x = tensor(8, 125, seed=3, dtype=dtype)
    judged(lambda x: x // number, x, kind="floor_divide")
    judged(lambda x: torch.div(x, number, rounding_mode="floor"), x, kind="div")


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda x, y: torch.add(x, y, alpha=0.3), "add"),
        (lambda x, y: torch.sub(x, y, alpha=-2), "sub"),
        (lambda x, y: torch.rsub(x, y, alpha=2.5), "rsub"),
        (lambda x, y: torch.add(2.5, y), "add"),
        (lambda x, y: torch.sub(2.5, y), "sub"),
        (lambda x, y: torch.div(x, y, rounding_mode="floor"), "div"),
        (torch.fmod, "fmod"),
        (lambda x, y: torch.fmod(x, 0.3), "fmod"),
        (lambda x, y: torch.float_power(x.abs(), y), "float_power"),
        (torch.atan2, "atan2"),
        (torch.hypot, "hypot"),
        (lambda x, y: torch.xlogy(x, y.abs()), "xlogy"),
        (torch.logaddexp, "logaddexp"),
        (lambda x, y: torch.addcmul(x, x, y, value=0.5), "addcmul"),
        (lambda x, y: torch.addcdiv(x, x, y), "addcdiv"),
        (lambda x, y: torch.lerp(x, y, 0.3), "lerp"),
        (lambda x, y: torch.lerp(x, y, y), "lerp"),
        (lambda x, y: x.add_(y), "add"),
        (lambda x, y: torch.pow(x.abs(), 0.75), "pow"),
        (lambda x, y: torch.pow(2, x), "pow"),
    ],
)
def test_other_spellings(call: Callable[..., Any], kind: str) -> None:
    judged(call, tensor(3, 4, 5), tensor(4, 1, seed=1), kind=kind)


@pytest.mark.parametrize("kind", ["add", "sub", "mul", "floor_divide", "remainder", "pow", "div"])
def test_whole_numbers(kind: str) -> None:
    x = torch.tensor([[7, -7, 3, -9]])
    other: Any = 2 if kind == "pow" else torch.tensor([[3], [-2]])
    judged(lambda x: SIGNS[kind](x, other), x, kind=kind)
    judged(lambda x: torch.div(x, 2, rounding_mode="trunc"), x, kind="div")


def test_numbers_of_two_parts() -> None:
    z = torch.complex(tensor(3, 4), tensor(3, 4, seed=1))
    for kind in ("add", "sub", "mul", "div"):
        judged(SIGNS[kind], z, z.flip(0), kind=kind)


def test_where_each_value_came_from() -> None:
    x, y = tensor(2, 3, 4), tensor(3, 1, seed=1)
    found = explain(traced(torch.add, x, y), 0, (1, 2, 3))
    one, two = found.terms[0].factors
    assert (one.index, two.index) == ((1, 2, 3), (2, 0))
    assert (one.number, two.number) == (float(x[1, 2, 3]), float(y[2, 0]))
    assert found.total == float(x[1, 2, 3]) + float(y[2, 0])


def test_what_is_not_explained() -> None:
    whole = torch.tensor([200, 100], dtype=torch.uint8)
    assert "wrap" in why_not(traced(lambda x: x + x, whole)[0])
    assert why_not(traced(lambda x: torch.div(x, 0.1, rounding_mode="trunc"), tensor(3))[0])
    assert why_not(traced(lambda x: x * (1 + 2j), tensor(3))[0])
    assert why_not(traced(torch.pow, torch.tensor([2, 3]), torch.tensor([1, 2]))[0])
