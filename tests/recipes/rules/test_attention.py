"""Attention against the framework, in every mask, and as its parts against nested loops."""

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

KIND = "scaled_dot_product_attention"
lengths = st.integers(1, 5)


@few
@given(
    shapes(0, 2, 3), lengths, lengths, lengths, lengths,
    st.sampled_from(["none", "causal", "bool", "float", "rows"]), st.sampled_from([None, 0.3]),
    st.sampled_from([torch.float32, torch.float64, torch.bfloat16]), seeds,
)  # fmt: skip
def test_every_mask(  # noqa: PLR0917 - drawn
    lead: tuple[int, ...], rows: int, keys: int, size: int, out: int, mask: str,
    scale: float | None, dtype: torch.dtype, seed: int,
) -> None:  # fmt: skip
    q, k, v = (
        tensor(*lead, *shape, seed=seed + place, dtype=dtype)
        for place, shape in enumerate([(rows, size), (keys, size), (keys, out)])
    )
    masks = {
        "bool": tensor(rows, keys, seed=seed) > -1,
        "float": tensor(*lead, rows, keys, seed=seed, dtype=dtype),
        "rows": tensor(1, keys, seed=seed, dtype=dtype),
    }
    judged(
        lambda q: F.scaled_dot_product_attention(
            q, k, v, masks.get(mask), is_causal=mask == "causal", scale=scale
        ),
        q,
        kind=KIND,
    )


def test_a_query_that_sees_no_key() -> None:
    mask = torch.tensor([[True, False, True], [False, False, False]])
    q, k = tensor(2, 2, 4), tensor(2, 3, 4, seed=1)
    judged(lambda q: F.scaled_dot_product_attention(q, k, k, mask), q, kind=KIND)
    judged(
        lambda q: F.scaled_dot_product_attention(q, k, k, torch.where(mask, 0.0, -math.inf)),
        q,
        kind=KIND,
    )


def test_groups_of_heads_share_keys() -> None:
    k = tensor(2, 2, 5, 3, seed=1)
    judged(
        lambda q: F.scaled_dot_product_attention(q, k, k, enable_gqa=True),
        tensor(2, 6, 4, 3),
        kind=KIND,
    )


def test_the_parts() -> None:
    q, k, v = tensor(2, 3, 4), tensor(2, 5, 4, seed=1), tensor(2, 5, 6, seed=2)
    trace = traced(F.scaled_dot_product_attention, q, k, v)
    for n, row, column in ((0, 0, 0), (1, 2, 5)):
        scores = [
            sum(float(q[n, row, e]) * float(k[n, s, e]) for e in range(4)) / math.sqrt(4)
            for s in range(5)
        ]
        peak = max(scores)
        exponentials = [math.exp(score - peak) for score in scores]
        weights = [value / sum(exponentials) for value in exponentials]
        products = [weight * float(v[n, s, column]) for s, weight in enumerate(weights)]
        found = explain(trace, 0, (n, row, column))
        assert dict(found.quantities) == {
            "peak": pytest.approx(peak), "total": pytest.approx(sum(exponentials)),
            "sum": pytest.approx(sum(products)),
        }  # fmt: skip
        assert found.terms.results.tolist() == pytest.approx(products)
        assert [term.factors[0].index for term in found.terms] == [(n, s, column) for s in range(5)]
        assert found.total == pytest.approx(sum(products))


def test_other_spellings() -> None:
    q = tensor(2, 3, 5, 4)
    judged(torch.ops.aten._scaled_dot_product_flash_attention_for_cpu, q, q, q, kind=KIND,
           outputs=[0])  # fmt: skip
    trace = judged(torch.ops.aten._scaled_dot_product_attention_math, q, q, q, kind=KIND,
                   outputs=[0])  # fmt: skip
    assert why_not(trace[0], 1) == "an output besides the attended values"


def test_dropout_is_not_explained() -> None:
    q = tensor(2, 3, 5, 4)
    trace = traced(lambda q: F.scaled_dot_product_attention(q, q, q, dropout_p=0.5), q)
    assert why_not(trace[KIND])


def test_a_whole_attention_layer() -> None:
    layer = torch.nn.MultiheadAttention(6, 2, batch_first=True).eval()
    x = tensor(2, 5, 6)
    judged(lambda x: layer(x, x, x, need_weights=False), x, kind=KIND)
    for kind in ("linear", "softmax", "bmm"):
        trace = traced(lambda x: layer(x, x, x), x)
        if any(op.kind == kind for op in trace):
            judged(lambda x: layer(x, x, x), x, kind=kind)
