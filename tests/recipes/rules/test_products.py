"""Matrix products of every rank against the framework and against nested loops."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.drawn import few, seeds, shapes, tensor
from recipes.judged import judged, traced

lengths = st.integers(1, 5)
types = st.sampled_from([torch.float32, torch.float64, torch.float16, torch.bfloat16])


@few
@given(shapes(0, 3), lengths, lengths, st.booleans(), types, seeds)
def test_linear(  # noqa: PLR0917 - drawn
    lead: tuple[int, ...], size: int, out: int, biased: bool, dtype: torch.dtype, seed: int
) -> None:
    bias = tensor(out, seed=seed, dtype=dtype) if biased else None
    x, weight = (tensor(*shape, seed=seed, dtype=dtype) for shape in ((*lead, size), (out, size)))
    judged(F.linear, x, weight, bias, kind="linear")


def test_linear_with_one_row() -> None:
    judged(F.linear, tensor(2, 3, 4), tensor(4, seed=1), kind="linear")
    judged(F.linear, tensor(4), tensor(4, seed=1), kind="linear")


@few
@given(
    shapes(0, 3), st.lists(st.booleans(), min_size=3, max_size=3), lengths, lengths, lengths,
    st.integers(0, 3), st.booleans(), seeds,
)  # fmt: skip
def test_matmul(  # noqa: PLR0917 - drawn
    batch: tuple[int, ...], kept: list[bool], rows: int, size: int, columns: int, shorter: int,
    swap: bool, seed: int,
) -> None:  # fmt: skip
    other = tuple(n if keep else 1 for n, keep in zip(batch, kept, strict=False))[shorter:]
    one, two = (batch, other) if not swap else (other, batch)
    x, y = tensor(*one, rows, size, seed=seed), tensor(*two, size, columns, seed=seed + 1)
    judged(torch.matmul, x, y, kind="matmul")
    judged(torch.matmul, x, tensor(size, seed=seed), kind="matmul")
    judged(torch.matmul, tensor(size, seed=seed), y, kind="matmul")
    judged(torch.matmul, tensor(size, seed=seed), tensor(size, seed=seed + 1), kind="matmul")


@few
@given(lengths, lengths, lengths, lengths, st.sampled_from([0, 1, 0.5]),
       st.sampled_from([1, -2.5]), seeds)  # fmt: skip
def test_the_products_of_fixed_rank(  # noqa: PLR0917 - drawn
    batch: int, rows: int, size: int, columns: int, beta: float, alpha: float, seed: int
) -> None:
    x, y = tensor(batch, rows, size, seed=seed), tensor(batch, size, columns, seed=seed + 1)
    vector = tensor(size, seed=seed)
    judged(torch.mm, x[0], y[0], kind="mm")
    judged(torch.bmm, x, y, kind="bmm")
    judged(torch.mv, x[0], vector, kind="mv")
    judged(torch.dot, vector, vector, kind="dot")
    judged(torch.vdot, vector, vector, kind="vdot")
    judged(torch.inner, x, y.transpose(1, 2)[0], kind="inner")
    judged(torch.outer, vector, x[0, :, 0], kind="outer")
    added = tensor(columns, seed=seed + 2)
    judged(lambda: torch.addmm(added, x[0], y[0], beta=beta, alpha=alpha), kind="addmm")
    judged(lambda: torch.addmv(x[0, :, 0], x[0], vector, beta=beta, alpha=alpha), kind="addmv")
    judged(lambda: torch.baddbmm(added, x, y, beta=beta, alpha=alpha), kind="baddbmm")
    judged(lambda: torch.addbmm(added, x, y, beta=beta, alpha=alpha), kind="addbmm")
    judged(lambda: torch.addr(added, x[0, :, 0], added, beta=beta, alpha=alpha), kind="addr")


@few
@given(shapes(0, 2), lengths, lengths, lengths, st.booleans(), seeds)
def test_bilinear(  # noqa: PLR0917 - drawn
    lead: tuple[int, ...], one: int, two: int, out: int, biased: bool, seed: int
) -> None:
    bias = tensor(out, seed=seed) if biased else None
    given_ = tensor(*lead, one, seed=seed), tensor(*lead, two, seed=seed + 1)
    judged(F.bilinear, *given_, tensor(out, one, two, seed=seed + 2), bias, kind="bilinear")


def test_the_terms_of_a_matrix_product() -> None:
    x, y = tensor(2, 3, 4), tensor(2, 4, 5, seed=1)
    trace = traced(torch.matmul, x, y)
    for n, row, column in ((0, 0, 0), (1, 2, 4), (1, 0, 3)):
        found = explain(trace, 0, (n, row, column))
        expected = [float(x[n, row, k]) * float(y[n, k, column]) for k in range(4)]
        assert found.terms.results.tolist() == pytest.approx(expected, rel=1e-15)
        assert found.total == pytest.approx(math.fsum(expected), rel=1e-12)
        assert found.scale == pytest.approx(sum(map(abs, expected)))
        for k, term in enumerate(found.terms):
            assert [factor.index for factor in term.factors] == [(n, row, k), (n, k, column)]


def test_the_terms_of_a_linear_layer() -> None:
    x, weight, bias = tensor(2, 6), tensor(3, 6, seed=1), tensor(3, seed=2)
    found = explain(traced(F.linear, x, weight, bias), 0, (1, 2))
    expected = [float(x[1, k]) * float(weight[2, k]) for k in range(6)]
    assert found.terms.results.tolist() == pytest.approx(expected, rel=1e-15)
    assert found.bias == float(bias[2])
    assert found.total == pytest.approx(math.fsum(expected) + float(bias[2]), rel=1e-12)


@pytest.mark.parametrize(
    "call",
    [lambda z: z @ z, lambda z: z @ z[0], lambda z: torch.mm(z, z)],
)
def test_numbers_of_two_parts(call: Callable[..., Any]) -> None:
    z = torch.complex(tensor(3, 3), tensor(3, 3, seed=1))
    trace = traced(call, z)
    judged(call, z, kind=trace[len(trace) - 1].kind)
    assert why_not(traced(lambda z: torch.vdot(z[0], z[1]), z)["vdot"])
