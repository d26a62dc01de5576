"""Moves: against the framework, exactly; and the position that each number came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.judged import judged, places_of, traced

Asked = Callable[[torch.Tensor], Any]
X = torch.arange(2 * 4 * 6 * 8, dtype=torch.float32).reshape(2, 4, 6, 8)

MOVES: dict[str, tuple[str, Asked]] = {
    "cat": ("cat", lambda x: torch.cat([x, 2 * x[:, :1], x[:, 1:3]], 1)),
    "cat, dimension from behind": ("cat", lambda x: torch.cat([x, x[..., :2]], -1)),
    "cat of an empty one": ("cat", lambda x: torch.cat([torch.empty(0), x[0, 0], x[1, 1]])),
    "cat of one": ("cat", lambda x: torch.cat([x])),
    "cat of two types": ("cat", lambda x: torch.cat([x.double(), x])),
    "hstack": ("hstack", lambda x: torch.hstack([x, x[:, :2]])),
    "hstack of rows": ("hstack", lambda x: torch.hstack([x[0, 0, 0], x[0, 0, 1]])),
    "vstack of rows": ("vstack", lambda x: torch.vstack([x[0, 0, 0], x[0, 0, 1]])),
    "dstack": ("dstack", lambda x: torch.dstack([x[0, 0], x[0, 1]])),
    "dstack of rows": ("dstack", lambda x: torch.dstack([x[0, 0, 0], x[0, 0, 1]])),
    "column_stack": ("column_stack", lambda x: torch.column_stack([x[0, 0, 0], x[0, :3, 0].T])),
    "stack": ("stack", lambda x: torch.stack([x, -x, x + 1], -1)),
    "stack in front": ("stack", lambda x: torch.stack([x, -x])),
    "stack of numbers": ("stack", lambda x: torch.stack([x[0, 0, 0, 0], x[1, 1, 1, 1]])),
    "split": ("split", lambda x: torch.ops.aten.split.Tensor(x, 3, 1)),
    "split by sizes": (
        "split_with_sizes",
        lambda x: torch.ops.aten.split_with_sizes.default(x, [1, 3], 1),
    ),
    "chunk": ("chunk", lambda x: x.chunk(3, -1)),
    "tensor_split": ("tensor_split", lambda x: x.tensor_split(3, 1)),
    "tensor_split, overlapping": ("tensor_split", lambda x: x.tensor_split((3, 1, -2), 2)),
    "hsplit": ("hsplit", lambda x: x.hsplit(2)),
    "hsplit at places": ("hsplit", lambda x: x.hsplit((1, 3))),
    "vsplit": ("vsplit", lambda x: x.vsplit(2)),
    "dsplit": ("dsplit", lambda x: x.dsplit(3)),
    "unsafe_chunk": ("unsafe_chunk", lambda x: x.unsafe_chunk(2, 1)),
    "unbind": ("unbind", lambda x: x.unbind(1)),
    "select": ("select", lambda x: x[:, -2]),
    "slice": ("slice", lambda x: x[:, 1:3, ::2, -3:]),
    "slice beyond the end": ("slice", lambda x: x[:, -100:100:3]),
    "narrow": ("narrow", lambda x: x.narrow(-1, -4, 2)),
    "flip": ("flip", lambda x: x.flip(1, -1)),
    "fliplr": ("fliplr", torch.fliplr),
    "flipud": ("flipud", torch.flipud),
    "roll": ("roll", lambda x: x.roll((1, -2, 9), (2, 3, 2))),
    "roll by nothing": ("roll", lambda x: x.roll((6, 0), (2, 3))),
    "roll of all": ("roll", lambda x: x.roll(-5)),
    "repeat": ("repeat", lambda x: x.repeat(3, 2, 1, 1, 2)),
    "tile": ("tile", lambda x: x.tile(2, 3)),
    "repeat_interleave": ("repeat_interleave", lambda x: x.repeat_interleave(3, -2)),
    "repeat_interleave of all": ("repeat_interleave", lambda x: x.repeat_interleave(2)),
    "meshgrid": ("meshgrid", lambda x: torch.meshgrid(x[0, 0, 0], x[0, 0, :, 1], indexing="ij")),
    "meshgrid xy": (
        "meshgrid",
        lambda x: torch.meshgrid(x[0, 0, 0], x[0, 0, :, 1], x[0, :, 0, 0], indexing="xy"),
    ),
}


@pytest.mark.parametrize("name", MOVES)
def test_moves_are_exact(name: str) -> None:
    kind, asked = MOVES[name]
    judged(asked, X, kind=kind, moves=True)


@pytest.mark.parametrize("turns", range(-1, 5))
@pytest.mark.parametrize("dims", [(2, 3), (3, 2), (0, -1)])
def test_quarter_turns(turns: int, dims: tuple[int, int]) -> None:
    judged(lambda x: x.rot90(turns, dims), X, kind="rot90", moves=True)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5), st.integers(-3, 2), st.booleans())
def test_cat_of_any_lengths(lengths: list[int], dimension: int, reverse: bool) -> None:
    parts = []
    for k, length in enumerate(lengths):
        shape = [2, 3, 2]
        shape[dimension] = length
        parts.append(torch.full(shape, float(k)) + torch.rand(shape))
    if not reverse:
        judged(lambda *xs: torch.cat(xs, dimension), *parts, kind="cat", moves=True)
    whole = torch.cat(parts, dimension)
    judged(
        lambda x: torch.ops.aten.split_with_sizes.default(x, lengths, dimension),
        whole,
        kind="split_with_sizes",
        moves=True,
    )


@given(st.data(), st.integers(1, 9))
def test_slices_of_any_bounds(data: st.DataObject, length: int) -> None:
    bound = st.none() | st.integers(-12, 12)
    start, end = data.draw(bound), data.draw(bound)
    step = data.draw(st.integers(1, 4))
    x = torch.randn(2, length)
    judged(
        lambda x: torch.ops.aten.slice.Tensor(x, 1, start, end, step), x, kind="slice", moves=True
    )


@pytest.mark.parametrize("name", MOVES)
def test_the_terms_are_the_places_the_numbers_came_from(name: str) -> None:
    """Of numbers that are their own positions, the term says what it says it read."""
    kind, asked = MOVES[name]
    trace = traced(asked, X)
    op = next(op for op in trace if op.kind == kind)
    for output, made in enumerate(op.made):
        for place in places_of(made.shape, 5):
            found = explain(trace, op, place.tolist(), output=output)
            (term,) = found.terms
            (factor,) = term.factors
            assert factor.number == factor.value.array()[factor.index] == found.recorded
            assert not factor.padding
            assert found.residue == 0


def test_cat_says_which_of_the_values_it_took() -> None:
    trace = traced(lambda a, b: torch.cat([a, b], 1), torch.zeros(1, 2, 3), torch.ones(1, 4, 3))
    taken = [explain(trace, "cat", (0, c, 1)).terms[0].factors[0] for c in range(6)]
    assert [f.value is trace["cat"].inputs[c >= 2] for c, f in enumerate(taken)] == [True] * 6
    assert [f.index for f in taken] == [(0, c, 1) for c in (0, 1, 0, 1, 2, 3)]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (lambda x: x.repeat_interleave(torch.tensor([1, 2]), 0), "a tensor says"),
        (lambda x: x.tensor_split(torch.tensor([1, 2]), 2), "a tensor says"),
    ],
)
def test_what_a_tensor_decides_has_no_recipe(asked: Asked, reason: str) -> None:
    op = next(op for op in traced(asked, X) if op.kind in ("repeat_interleave", "tensor_split"))
    assert reason in why_not(op)


def test_a_wrong_shift_is_found() -> None:
    """The judge is not blind: a rolled value does not stand where it stood."""
    trace = traced(lambda x: x.roll(1, 3), X)
    assert not np.array_equal(trace["roll"].array(), X.numpy())
    found = explain(trace, "roll", (0, 0, 0, 0))
    assert found.terms[0].factors[0].index == (0, 0, 0, 7)
