"""Lengths of vectors against the framework and against plain Python."""

from __future__ import annotations

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


@few
@given(
    st.sampled_from([0, 1, 2, 3, 2.5, -1, math.inf, -math.inf]), shapes(1, 4), st.data(),
    st.booleans(), seeds,
)  # fmt: skip
def test_vector_norms(
    order: float, shape: tuple[int, ...], data: st.DataObject, keepdim: bool, seed: int
) -> None:
    dims = data.draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    judged(
        lambda x: torch.linalg.vector_norm(x, order, tuple(dims), keepdim),
        tensor(*shape, seed=seed),
        kind="linalg_vector_norm",
    )


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda x: x.norm(), "linalg_vector_norm"),
        (lambda x: torch.norm(x, p="fro", dim=1), "linalg_vector_norm"),
        (lambda x: torch.ops.aten.norm.ScalarOpt_dim(x, 3, [1]), "norm"),
        (lambda x: torch.ops.aten.norm.Scalar(x, 2), "norm"),
        (lambda x: torch.linalg.norm(x, dim=1), "linalg_norm"),
        (torch.linalg.norm, "linalg_norm"),
        (torch.linalg.matrix_norm, "linalg_matrix_norm"),
        (lambda x: torch.nn.functional.cosine_similarity(x, x.flip(0), dim=1), "cosine_similarity"),
        (lambda x: torch.nn.functional.normalize(x, dim=1), "clamp_min"),
    ],
)
def test_other_spellings(call: Callable[[Tensor], Any], kind: str) -> None:
    judged(call, tensor(3, 4, 5), kind=kind)


def test_plain_python_says_the_same() -> None:
    x = tensor(2, 5)
    for order in (1, 2, 3):
        trace = traced(lambda x, order=order: torch.linalg.vector_norm(x, order, 1), x)
        for row in range(2):
            powers = [abs(value) ** order for value in x[row].tolist()]
            found = explain(trace, 0, (row,))
            assert found.terms.results.tolist() == pytest.approx(powers)
            assert found.total == pytest.approx(math.fsum(powers) ** (1 / order), rel=1e-12)


def test_vectors_of_no_length() -> None:
    x = torch.zeros(2, 4)
    judged(lambda x: torch.nn.functional.cosine_similarity(x, x + 1, dim=1), x,
           kind="cosine_similarity")  # fmt: skip


def test_what_is_not_explained() -> None:
    assert why_not(traced(lambda x: torch.linalg.matrix_norm(x, 1), tensor(3, 3))[0])
    z = torch.complex(tensor(3), tensor(3, seed=1))
    assert "complex" in why_not(traced(torch.linalg.vector_norm, z)[0])


@pytest.mark.parametrize("dim", [0, 1, -1])
def test_weights_of_a_learned_length(dim: int) -> None:
    v = tensor(3, 4, 2)
    g = tensor(*[n if k == dim else 1 for k, n in enumerate(v.shape)], seed=1)
    g = g.reshape(()) if dim == -1 else g
    judged(lambda v, g: torch._weight_norm(v, g, dim), v, g, kind="_weight_norm")
    found = explain(traced(lambda v, g: torch._weight_norm(v, g, dim), v, g), 0, (1, 2, 0))
    length = v.norm() if dim == -1 else v.select(dim, (1, 2)[dim]).norm()
    own = g if dim == -1 else g.flatten()[(1, 2)[dim]]
    assert found.total == pytest.approx(float(v[1, 2, 0] * own / length), rel=1e-5)
