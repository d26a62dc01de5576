"""Softmax and its kin against the framework and against plain Python."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.drawn import few, seeds, shapes, tensor
from recipes.judged import judged, traced

types = st.sampled_from([torch.float32, torch.float64, torch.float16, torch.bfloat16])


@few
@given(shapes(1, 4, 5), st.data(), st.sampled_from([0.1, 3.0, 60.0]), types, seeds)
def test_softmax(
    shape: tuple[int, ...], data: st.DataObject, spread: float, dtype: torch.dtype, seed: int
) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    x = tensor(*shape, seed=seed, spread=spread, dtype=dtype)
    judged(lambda x: F.softmax(x, dim), x, kind="softmax")
    judged(lambda x: F.log_softmax(x, dim), x, kind="log_softmax")
    judged(lambda x: F.softmin(x, dim), x, kind="softmax")


@few
@given(shapes(1, 4, 5), st.data(), st.booleans(), seeds)
def test_logsumexp(shape: tuple[int, ...], data: st.DataObject, keepdim: bool, seed: int) -> None:
    dims = data.draw(st.sets(st.integers(0, len(shape) - 1), min_size=1))
    x = tensor(*shape, seed=seed, spread=30.0)
    judged(lambda x: torch.logsumexp(x, tuple(dims), keepdim), x, kind="logsumexp")


def test_the_exponentials_of_a_softmax() -> None:
    x = torch.tensor([[1.0, 3.0, 2.0], [0.0, 0.0, 5.0]])
    trace = traced(lambda x: F.softmax(x, 1), x)
    for row in range(2):
        logits = x[row].tolist()
        peak = max(logits)
        exponentials = [math.exp(value - peak) for value in logits]
        for column in range(3):
            found = explain(trace, 0, (row, column))
            assert found.terms.results.tolist() == pytest.approx(exponentials)
            assert [term.factors[0].index for term in found.terms] == [(row, k) for k in range(3)]
            assert dict(found.quantities) == {
                "peak": peak,
                "total": pytest.approx(math.fsum(exponentials)),
            }
            assert found.total == pytest.approx(exponentials[column] / math.fsum(exponentials))


def test_logits_that_are_infinite() -> None:
    x = torch.tensor([[0.0, -math.inf, 2.0], [-math.inf] * 3, [math.inf, 0.0, 1.0]])
    judged(lambda x: F.softmax(x, 1), x, kind="softmax")
    judged(lambda x: F.log_softmax(x, 1), x, kind="log_softmax")
    judged(lambda x: torch.logsumexp(x, 1), x, kind="logsumexp")
    judged(lambda x: torch.ops.aten._safe_softmax(x, 1), x, kind="softmax")


def test_a_sure_class() -> None:
    # The logarithm of a total just above 1 is small, the rounding of the total is not.
    x = torch.tensor([[30.0, 14.0, 12.5, 13.25], [0.0, -16.0, -15.5, -17.0]])
    judged(lambda x: F.log_softmax(x, 1), x, kind="log_softmax")
    judged(lambda x: torch.logsumexp(x, 1), x[1:], kind="logsumexp")


def test_other_spellings() -> None:
    x = tensor(2, 5, 3)
    judged(lambda x: F.softmax(x, 1, dtype=torch.float64), x, kind="softmax")
    judged(lambda x: torch.ops.aten._softmax(x, 1, False), x, kind="softmax")
    judged(lambda x: torch.ops.aten._log_softmax(x, -1, False), x, kind="log_softmax")
    assert why_not(traced(lambda x: F.softmax(x[0, 0, 0], 0), x)["softmax"])
