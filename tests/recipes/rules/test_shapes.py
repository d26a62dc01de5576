"""Changes of shape: exact, and in expressions that touch only what they must."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.expression import evaluate, names_in
from layerwalk.recipes.rules.shapes import reordered
from recipes.judged import judged, recipe_for, traced

X = torch.randn(2, 4, 6, 8)
SHAPES: dict[str, tuple[str, Callable[[torch.Tensor], Any]]] = {
    "flatten": ("flatten", lambda x: x.flatten(1)),
    "flatten of a number": ("flatten", lambda x: x[0, 0, 0, 0].flatten()),
    "unflatten": ("unflatten", lambda x: torch.ops.aten.unflatten.int(x, 1, [2, 2])),
    "reshape": ("reshape", lambda x: x.reshape(3, -1, 16)),
    "view": ("view", lambda x: x.view(2, 2, 2, 48)),
    "view_as": ("view_as", lambda x: x.view_as(torch.ones(8, 48))),
    "reshape_as": ("reshape_as", lambda x: x.reshape_as(torch.ones(8, 48))),
    "ravel": ("ravel", lambda x: x.ravel()),
    "squeeze": ("squeeze", lambda x: x[:1].squeeze()),
    "squeeze of some": ("squeeze", lambda x: x[:1, :1].squeeze((0, 1))),
    "squeeze in place": ("squeeze", lambda x: x[:1].clone().squeeze_(0)),
    "unsqueeze": ("unsqueeze", lambda x: x[:, :, None, :, 0]),
    "atleast_3d": ("atleast_3d", lambda x: torch.ops.aten.atleast_3d.default(x[0, 0])),
    "atleast_2d": ("atleast_2d", lambda x: torch.ops.aten.atleast_2d.default(x[0, 0, 0])),
    "expand": ("expand", lambda x: x[:, :1].expand(3, -1, 5, -1, -1)),
    "expand_as": ("expand_as", lambda x: x[:1].expand_as(torch.ones(3, 4, 6, 8))),
    "broadcast_to": ("broadcast_to", lambda x: torch.broadcast_to(x, (2, 2, 4, 6, 8))),
    "broadcast_tensors": (
        "broadcast_tensors",
        lambda x: torch.ops.aten.broadcast_tensors.default([x[:, :1], torch.rand(4, 1, 8)]),
    ),
    "permute": ("permute", lambda x: x.permute(0, -2, -1, 1)),
    "transpose": ("transpose", lambda x: x.transpose(1, -1)),
    "swapaxes": ("transpose", lambda x: x.swapaxes(0, 2)),
    "t": ("t", lambda x: x[0, 0].t()),
    "t of a row": ("t", lambda x: x[0, 0, 0].t()),
    "T": ("t", lambda x: x[0, 0].T),
    "mT": ("mT", lambda x: x.mT),
    "H": ("matrix_H", lambda x: x[0, 0].H),
    "adjoint": ("adjoint", lambda x: x.adjoint()),
    "movedim": ("movedim", lambda x: x.movedim(1, -1)),
    "movedim of two": ("movedim", lambda x: x.movedim((1, 2), (-1, 0))),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_are_exact(name: str) -> None:
    kind, asked = SHAPES[name]
    judged(asked, X, kind=kind, moves=True)


def test_a_view_of_a_permuted_value_counts_in_its_own_order() -> None:
    judged(lambda x: x.permute(0, 2, 3, 1).reshape(2, 48, 4), X, kind="reshape", moves=True)


def test_hermitian_transposes_take_the_conjugate() -> None:
    z = torch.randn(2, 3, 4, dtype=torch.complex64)
    judged(lambda z: z.mH, z, kind="mH")
    judged(lambda z: z.adjoint(), z, kind="adjoint")


@st.composite
def _two_shapes(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes of one size: the prime factors, cut at two sets of places, and ones between."""
    factors = draw(st.lists(st.sampled_from([1, 2, 2, 3, 5]), min_size=1, max_size=6))
    shapes = []
    for _ in range(2):
        cuts = sorted(draw(st.sets(st.integers(1, max(len(factors) - 1, 1)))))
        parts = [factors[a:b] for a, b in itertools.pairwise([0, *cuts, len(factors)])]
        shapes.append(tuple(math.prod(part) for part in parts))
        factors = draw(st.permutations(factors))
    return shapes[0], shapes[1]


@given(_two_shapes())
def test_reordered_places_are_the_frameworks(shapes: tuple[tuple[int, ...], ...]) -> None:
    one, other = shapes
    judged(
        lambda x: x.reshape(other), torch.randn(one), kind="reshape", moves=True
    ) if one != other else None
    # The replica: count through both shapes.
    names = tuple(f"d{k}" for k in range(len(other)))
    index = reordered(names, other, one)
    for place, source in zip(np.ndindex(other), np.ndindex(one), strict=True):
        at = dict(zip(names, place, strict=True))
        found = tuple(int(evaluate(e, lambda name: at[str(name)])) for e in index)  # noqa: B023
        assert found == source


def test_a_channel_shuffles_view_touches_the_channels_alone() -> None:
    trace = traced(lambda x: x.view(2, 2, 2, 6, 8).transpose(1, 2).reshape(2, 4, 6, 8), X)
    (read,) = recipe_for(trace["view"]).reads
    assert read.index == ("n", ("add", ("mul", 2, "c"), "z"), "y", "x")
    (read,) = recipe_for(trace["reshape"]).reads
    assert [names_in(e) for e in read.index] == [["n"], ["c"], ["c"], ["y"], ["x"]]


def test_patches_of_a_vision_transformer_keep_rows_and_columns_apart() -> None:
    trace = traced(lambda x: x.reshape(2, 4, 3, 2, 4, 2).permute(0, 2, 4, 1, 3, 5), X)
    (read,) = recipe_for(trace["reshape"]).reads
    assert [names_in(e) for e in read.index] == [["d0"], ["d1"], ["d2", "d3"], ["d4", "d5"]]


def test_an_empty_value_has_a_recipe_that_is_never_asked() -> None:
    judged(lambda x: x[:0].reshape(0, 16), X, kind="reshape")
