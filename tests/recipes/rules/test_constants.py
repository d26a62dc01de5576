"""Constants against the framework; their recipes read nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.drawn import few, seeds, shapes, tensor
from recipes.judged import judged, recipe_for, traced

TYPES = [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.bool]


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda x: torch.zeros(2, 3, dtype=x.dtype), "zeros"),
        (lambda x: torch.ones(3, dtype=x.dtype), "ones"),
        (lambda x: torch.full((2, 2), 7.1, dtype=x.dtype), "full"),
        (torch.zeros_like, "zeros_like"),
        (torch.ones_like, "ones_like"),
        (lambda x: torch.full_like(x, 0.1), "full_like"),
        (lambda x: x.new_zeros(2), "new_zeros"),
        (lambda x: x.new_ones(()), "new_ones"),
        (lambda x: x.new_full((2, 1), 0.3), "new_full"),
        (lambda x: torch.scalar_tensor(0.1, dtype=x.dtype), "scalar_tensor"),
        (lambda x: torch.eye(3, dtype=x.dtype), "eye"),
        (lambda x: torch.eye(3, 5, dtype=x.dtype), "eye"),
        (lambda x: x.clone().fill_(0.1), "fill"),
        (lambda x: x.clone().zero_(), "zero"),
    ],
)
@pytest.mark.parametrize("dtype", TYPES)
def test_numbers(call: Callable[[Tensor], Any], kind: str, dtype: torch.dtype) -> None:
    if not dtype.is_floating_point and kind in ("full", "full_like", "new_full", "scalar_tensor",
                                                "fill"):  # fmt: skip
        return
    trace = judged(call, tensor(2, 3).to(dtype), kind=kind)
    assert recipe_for(trace[kind]).reads == ()


def test_a_number_from_a_tensor() -> None:
    x = tensor(2, 3)
    judged(lambda x: x.clone().fill_(x[0, 0]), x, kind="fill", moves=True)

    def whole(x: Tensor) -> Tensor:
        x[0] = 1.5
        return x

    judged(whole, x, kind="fill")
    judged(lambda x: torch.full((2,), 3), x, kind="full")
    judged(lambda x: torch.full((2,), True), x, kind="full")


@few
@given(st.integers(-5, 5), st.integers(1, 9), st.sampled_from([1, 2, -3, 0.1, -0.25, 2.5]))
def test_arange(start: int, count: int, step: float) -> None:
    judged(lambda: torch.arange(start, start + count * step, step), kind="arange")
    judged(lambda: torch.arange(count), kind="arange")
    judged(lambda: torch.arange(count, dtype=torch.float32), kind="arange")
    judged(lambda: torch.arange(start, start + count), kind="arange")


@few
@given(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32), st.integers(1, 12))
def test_linspace(start: float, end: float, steps: int) -> None:
    judged(lambda: torch.linspace(start, end, steps), kind="linspace")


@few
@given(st.sampled_from([torch.tril, torch.triu]), shapes(2, 4), st.integers(-3, 3), seeds)
def test_triangles(
    call: Callable[..., Any], shape: tuple[int, ...], diagonal: int, seed: int
) -> None:
    kind = call.__name__
    judged(lambda x: call(x, diagonal), tensor(*shape, seed=seed), kind=kind, moves=True)
    judged(lambda x: call(x > 0, diagonal), tensor(*shape, seed=seed), kind=kind)


def test_a_position_has_a_formula() -> None:
    found = explain(traced(lambda: torch.arange(3, 20, 4)), 0, (2,))
    assert (found.total, found.residue, found.formula) == (11, 0, "3 + 4*c")


def test_what_is_not_explained() -> None:
    assert why_not(traced(lambda: torch.arange(0.5, 4, dtype=torch.int64))[0])
    assert why_not(traced(lambda: torch.linspace(0, 4, 3, dtype=torch.int64))[0])
    assert why_not(traced(lambda: torch.full((2,), 1j))[0])
    assert why_not(traced(lambda: torch.empty(3))[0]) == "no recipe for empty"
