"""Reductions over any dimensions against the framework and against plain loops."""

from __future__ import annotations

import itertools
import math
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
from recipes.judged import judged, traced

MANY: dict[str, Callable[..., Any]] = {
    name: getattr(torch, name)
    for name in ("sum", "mean", "amax", "amin", "var", "std", "var_mean", "std_mean", "any", "all",
                 "nansum", "logsumexp")
}  # fmt: skip
ONE: dict[str, Callable[..., Any]] = {
    name: getattr(torch, name) for name in ("max", "min", "prod", "argmax", "argmin", "aminmax")
}
types = st.sampled_from([torch.float32, torch.float64, torch.float16, torch.bfloat16])


@few
@given(st.sampled_from(sorted(MANY)), shapes(1, 4, 5), st.data(), st.booleans(), types, seeds)
def test_over_several_dimensions(  # noqa: PLR0917 - drawn
    name: str, shape: tuple[int, ...], data: st.DataObject, keepdim: bool, dtype: torch.dtype,
    seed: int,
) -> None:  # fmt: skip
    dims = data.draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    count = math.prod(shape[dim] for dim in dims)
    if count == 1 and name[:3] in ("var", "std"):
        return  # nothing to divide by: the framework warns
    dims = [dim - len(shape) if data.draw(st.booleans()) else dim for dim in dims]
    x = tensor(*shape, seed=seed, dtype=dtype)
    judged(lambda x: MANY[name](x, dim=dims, keepdim=keepdim), x, kind=name)


@few
@given(st.sampled_from(sorted(ONE)), shapes(1, 4, 5), st.data(), st.booleans(), types, seeds)
def test_over_one_dimension(  # noqa: PLR0917 - drawn
    name: str, shape: tuple[int, ...], data: st.DataObject, keepdim: bool, dtype: torch.dtype,
    seed: int,
) -> None:  # fmt: skip
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    x = tensor(*shape, seed=seed, dtype=dtype).round()  # ties: the first one wins
    judged(lambda x: ONE[name](x, dim=dim, keepdim=keepdim), x, kind=name)


@few
@given(
    st.sampled_from(["sum", "mean", "prod", "max", "min", "amax", "amin", "var", "std", "any",
                     "all",
                     "argmax", "argmin", "aminmax", "count_nonzero", "nansum"]),
    shapes(0, 4), seeds,
)  # fmt: skip
def test_over_all(name: str, shape: tuple[int, ...], seed: int) -> None:
    if name in ("var", "std") and math.prod(shape) == 1:
        return
    judged(getattr(torch, name), tensor(*shape, seed=seed), kind=name)


@few
@given(st.sampled_from(["cumsum", "cumprod"]), shapes(1, 3, 6), st.data(), seeds)
def test_running_totals(name: str, shape: tuple[int, ...], data: st.DataObject, seed: int) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    judged(lambda x: getattr(torch, name)(x, dim), tensor(*shape, seed=seed), kind=name)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda x: x.sum(dtype=torch.float64), "sum"),
        (lambda x: x.var(1, unbiased=False), "var"),
        (lambda x: torch.var(x, dim=(0, 2), correction=3), "var"),
        (lambda x: (x > 0).sum(1), "sum"),
        (lambda x: (x > 0).any(1), "any"),
        (lambda x: (x * 9).long().sum((0, 2)), "sum"),
        (lambda x: (x * 9).long().prod(1), "prod"),
        (lambda x: (x * 9).long().amax(1), "amax"),
        (lambda x: (x * 9).int().max(), "max"),
        (lambda x: (x > 0).cumsum(1), "cumsum"),
    ],
)  # fmt: skip
def test_other_spellings(call: Callable[[Tensor], Any], kind: str) -> None:
    judged(call, tensor(3, 4, 5), kind=kind)


@pytest.mark.parametrize("name", ["amax", "amin", "max", "min"])
def test_the_best_is_picked_exactly(name: str) -> None:
    judged(lambda x: getattr(torch, name)(x, dim=1), tensor(3, 4, 5), kind=name, outputs=[0],
           moves=True)  # fmt: skip
    x = tensor(3, 4)
    x[1, 2] = x[1, 3] = math.nan
    for kind in (name, "argmax", "argmin"):
        judged(lambda x, kind=kind: getattr(torch, kind)(x, dim=1), x, kind=kind)


def test_plain_loops_say_the_same() -> None:
    x = tensor(2, 3, 4, 5)
    mean = traced(lambda x: x.mean((2, 3)), x)
    variance = traced(lambda x: x.var((1, 3), keepdim=True), x)
    for n, c in itertools.product(range(2), range(3)):
        values = [float(x[n, c, y, k]) for y in range(4) for k in range(5)]
        found = explain(mean, 0, (n, c))
        assert found.terms.results.tolist() == values
        assert found.total == pytest.approx(math.fsum(values) / 20, rel=1e-12)
        assert found.combine == "mean"
    for n, y in itertools.product(range(2), range(4)):
        values = [float(x[n, c, y, k]) for c in range(3) for k in range(5)]
        middle = math.fsum(values) / 15
        squares = [(value - middle) ** 2 for value in values]
        found = explain(variance, 0, (n, 0, y, 0))
        assert found.terms.results.tolist() == pytest.approx(squares)
        assert found.total == pytest.approx(math.fsum(squares) / 14, rel=1e-12)


def test_the_winner_and_its_place() -> None:
    x = torch.tensor([[3.0, 9.0, 9.0, 1.0]])
    trace = traced(lambda x: x.max(1), x)
    assert explain(trace, 0, (0,)).terms.order(by_size=False)[0] == 1
    assert explain(trace, 0, (0,), output=1).total == 1


def test_a_variance_far_from_zero() -> None:
    x = tensor(64, spread=1.0) + 1e4
    trace = judged(torch.var, x, kind="var")
    assert explain(trace, 0, ()).scale * 1e-6 < 1  # a margin, but not for any number
    judged(torch.std, torch.full((9,), 0.1), kind="std")


def test_what_is_not_explained() -> None:
    assert why_not(traced(lambda x: x.sum(dtype=torch.int64), tensor(3))[0])
    assert why_not(traced(torch.median, tensor(3))[0]) == "no recipe for median"
