"""Look-ups, which are exact, against the framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.drawn import few, seeds, shapes, tensor
from recipes.judged import judged, traced


def positions(shape: tuple[int, ...], end: int, seed: int, least: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(least, end, shape, generator=generator)


@few
@given(shapes(0, 3), st.integers(1, 5), st.integers(1, 4), st.booleans(), seeds)
def test_embedding(shape: tuple[int, ...], rows: int, size: int, padded: bool, seed: int) -> None:
    table = tensor(rows, size, seed=seed)
    judged(
        lambda i: F.embedding(i, table, padding_idx=0 if padded else None),
        positions(shape, rows, seed),
        kind="embedding",
        moves=True,
    )


@few
@given(shapes(1, 4), st.data(), st.integers(1, 5), seeds)
def test_index_select_and_gather(
    shape: tuple[int, ...], data: st.DataObject, count: int, seed: int
) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    x, end = tensor(*shape, seed=seed), shape[dim]
    judged(lambda x: x.index_select(dim, positions((count,), end, seed)), x, kind="index_select",
           moves=True)  # fmt: skip
    smaller = [data.draw(st.integers(1, n)) for n in shape]
    smaller[dim] = count
    which = positions(tuple(smaller), end, seed)
    judged(lambda x: x.gather(dim, which), x, kind="gather", moves=True)
    flat = [data.draw(st.sampled_from([1, n])) for n in shape]
    flat[dim] = count
    judged(lambda x: torch.take_along_dim(x, positions(tuple(flat), end, seed), dim), x,
           kind="take_along_dim", moves=True)  # fmt: skip
    judged(lambda x: x.take(positions((2, 3), x.numel(), seed, -x.numel())), x, kind="take",
           moves=True)  # fmt: skip


def test_take_along_dim_broadcasts_either_side() -> None:
    which = positions((2, 3, 4), 3, 0)
    judged(lambda x: torch.take_along_dim(x, which, 1), tensor(1, 3, 1), kind="take_along_dim")


ROWS, COLUMNS = torch.tensor([0, -1, 1]), torch.tensor([[1], [-2]])


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x[ROWS],
        lambda x: x[:, ROWS],
        lambda x: x[..., ROWS],
        lambda x: x[ROWS, ROWS],
        lambda x: x[:, ROWS, COLUMNS],
        lambda x: x[ROWS, :, COLUMNS],
        lambda x: x[:, ROWS, :, COLUMNS],
        lambda x: x[:, :, ROWS, COLUMNS],
        lambda x: x[COLUMNS, ROWS, COLUMNS, ROWS],
        lambda x: x[:, torch.tensor(1)],
        lambda x: x[[0, 1]],
        lambda x: torch.ops.aten._unsafe_index(x, [None, ROWS]),
    ],
)
def test_advanced_indexing(call: Callable[[Tensor], Any]) -> None:
    x = tensor(3, 4, 5, 6)
    trace = traced(call, x)
    kind = trace[len(trace) - 1].kind
    judged(call, x, kind=kind, moves=True)


@few
@given(shapes(1, 4), st.data(), seeds)
def test_drawn_advanced_indexing(shape: tuple[int, ...], data: st.DataObject, seed: int) -> None:
    common = data.draw(shapes(0, 2, 3))
    indices: list[Tensor | None] = []
    for k, length in enumerate(shape):
        if data.draw(st.booleans()):
            indices.append(None)
            continue
        kept = tuple(n if data.draw(st.booleans()) else 1 for n in common)
        indices.append(positions(kept, length, seed + k, -length))
    if all(item is None for item in indices):
        return
    judged(lambda x: torch.ops.aten.index(x, indices), tensor(*shape, seed=seed), kind="index",
           moves=True)  # fmt: skip


def test_where_a_value_was_found() -> None:
    table = tensor(5, 3)
    found = explain(traced(lambda i: F.embedding(i, table), torch.tensor([[4, 2]])), 0, (0, 1, 2))
    (factor,) = found.terms[0].factors
    assert (factor.index, factor.number, found.residue) == ((2, 2), float(table[2, 2]), 0)


def test_a_mask_is_not_explained() -> None:
    x = tensor(3, 4)
    assert why_not(traced(lambda x: x[x > 0], x)["index"]).startswith("a mask")
    assert why_not(traced(lambda x: torch.take_along_dim(x, ROWS.abs()), x)["take_along_dim"])
