"""Comparisons and choices, which are exact, against the framework."""

from __future__ import annotations

import math
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

TYPES = [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64]
masks = st.lists(st.booleans(), min_size=4, max_size=4)


@pytest.mark.parametrize("kind", ["eq", "ne", "lt", "le", "gt", "ge"])
@pytest.mark.parametrize("dtype", TYPES)
def test_comparisons(kind: str, dtype: torch.dtype) -> None:
    x = torch.tensor([0.1, -0.1, 0.0, 2.0, 3.0, 0.3]).to(dtype)
    judged(getattr(torch, kind), x, x.flip(0), kind=kind)
    for number in (0.1, 2, -0.1):
        judged(lambda x, n=number: getattr(torch, kind)(x, n), x, kind=kind)


@pytest.mark.parametrize("kind", ["logical_and", "logical_or", "logical_xor"])
def test_logic(kind: str) -> None:
    x, y = torch.tensor([0.0, 2.0, 0.0, -1.0]), torch.tensor([0, 0, 3, 4])
    judged(getattr(torch, kind), x, y, kind=kind)
    judged(getattr(torch, kind.replace("logical", "bitwise")), x > 0, y > 0,
           kind=kind.replace("logical", "bitwise"))  # fmt: skip
    assert why_not(traced(torch.bitwise_or, y, y)[0]) == "the bits of whole numbers"


@few
@given(st.sampled_from(["maximum", "minimum", "fmax", "fmin"]), shapes(1, 4), masks, seeds)
def test_the_larger_and_the_smaller(
    kind: str, shape: tuple[int, ...], kept: list[bool], seed: int
) -> None:
    x, y = tensor(*shape, seed=seed), tensor(*broadcast(shape, kept), seed=seed + 1)
    judged(getattr(torch, kind), x, y, kind=kind, moves=True)
    x[..., :1] = math.nan
    judged(getattr(torch, kind), x, y, kind=kind, moves=True)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda x, y: x.clamp(-0.1, 0.7), "clamp"),
        (lambda x, y: x.clamp(min=0.1), "clamp"),
        (lambda x, y: torch.clip(x, max=0.1), "clamp"),
        (lambda x, y: x.clamp(1, -1), "clamp"),
        (lambda x, y: x.clamp(y, y + 0.5), "clamp"),
        (lambda x, y: x.clamp(max=y), "clamp"),
        (lambda x, y: x.clamp_min(0.1), "clamp_min"),
        (lambda x, y: x.clamp_min(y), "clamp_min"),
        (lambda x, y: x.clamp_max(0.1), "clamp_max"),
        (torch.max, "max"),
        (lambda x, y: torch.where(x > y, x, y), "where"),
        (lambda x, y: torch.where(x > y, x, 0.1), "where"),
        (lambda x, y: torch.where(x > y, 0.1, y), "where"),
        (lambda x, y: torch.where(x > y, 0.1, 0.2), "where"),
        (lambda x, y: x.masked_fill(y > 0, 0.1), "masked_fill"),
        (lambda x, y: x.masked_fill(y > 0, -math.inf), "masked_fill"),
        (lambda x, y: x.masked_fill_(y > 0, torch.tensor(0.1, dtype=x.dtype)), "masked_fill"),
    ],
)
@pytest.mark.parametrize("dtype", TYPES[:4])
def test_choices_are_exact(call: Callable[..., Any], kind: str, dtype: torch.dtype) -> None:
    x, y = tensor(2, 3, 4, dtype=dtype), tensor(3, 1, seed=1, dtype=dtype)
    if dtype != torch.float32 and kind == "where":
        judged(lambda x, y: torch.where(x > y, x, 0.1), x, y, kind=kind, moves=True)
        return
    judged(call, x, y, kind=kind, moves=True)


def test_the_condition_and_the_chosen_value() -> None:
    x = torch.tensor([1.0, -2.0])
    found = explain(traced(lambda x: torch.where(x > 0, x, 7.0), x), "where", (1,))
    assert (found.total, found.residue) == (7.0, 0.0)


def test_a_finer_number_beside_a_coarser_tensor_is_not_explained() -> None:
    fine = torch.tensor(0.1, dtype=torch.float64)
    for call in (torch.gt, torch.minimum):
        assert "float64" in why_not(traced(call, tensor(3), fine)[0])
