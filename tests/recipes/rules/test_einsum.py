"""Einstein sums against the framework and against nested loops."""

from __future__ import annotations

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.explain import explain
from recipes.drawn import few, seeds, tensor
from recipes.judged import judged, recipe_for, traced

LENGTHS = {"b": 2, "h": 3, "i": 4, "j": 5, "k": 1, "d": 2, "Q": 3}


@pytest.mark.parametrize(
    "equation",
    [
        "ij,jk->ik", "ij,jk", "bhid,bhjd->bhij", "bhij,bhjd->bhid", "i,j->ij", "i,i", "i,i->i",
        "bij->bji", "bij->b", "bij->", "ii->i", "ii", "bii->bi", "bi,ij,bj->b", "i,j,k->kji",
        "Qi,bi->bQ", "bQ,bj", "...ij,jd->...id", "b...,b...->...", "i...,i...",
        "... i j -> ... j i",
        "bhij,i->bhj", "bhi , dij -> bdhj",
    ],
)  # fmt: skip
def test_usual_equations(equation: str) -> None:
    found = []
    for k, part in enumerate(equation.replace(" ", "").partition("->")[0].split(",")):
        before, dots, after = part.partition("...")
        names = [*before, *(("b", "h") if dots else ()), *after]
        found.append(tensor(*[LENGTHS[name] for name in names], seed=k))
    judged(lambda *given_: torch.einsum(equation, *given_), *found, kind="einsum")


@few
@given(st.data(), seeds)
def test_drawn_equations(data: st.DataObject, seed: int) -> None:
    letters = st.text(alphabet="bhijkd", min_size=1, max_size=3)
    inputs = data.draw(st.lists(letters, min_size=1, max_size=3))
    known = sorted(set("".join(inputs)))
    made = data.draw(st.permutations(data.draw(st.lists(st.sampled_from(known), unique=True))))
    equation = f"{','.join(inputs)}->{''.join(made)}"
    given_ = [
        tensor(*[LENGTHS[letter] for letter in part], seed=seed + k)
        for k, part in enumerate(inputs)
    ]
    judged(lambda *given_: torch.einsum(equation, *given_), *given_, kind="einsum")


def test_a_length_of_one_is_broadcast() -> None:
    judged(lambda x, y: torch.einsum("ij,jk->ik", x, y), tensor(3, 1), tensor(4, 2), kind="einsum")
    judged(lambda x, y: torch.einsum("...i,...i->...", x, y), tensor(2, 1, 4), tensor(3, 4),
           kind="einsum")  # fmt: skip


def test_the_letters_name_dimensions_and_loops() -> None:
    x, y = tensor(2, 3, 4), tensor(2, 5, 4, seed=1)
    trace = traced(lambda x, y: torch.einsum("bid,bjd->bij", x, y), x, y)
    recipe = recipe_for(trace[0])
    assert recipe.axes == (("b", 2), ("i", 3), ("j", 5))
    assert recipe.steps[0].loops == (("d", 4),)
    for b, i, j in itertools.product(range(2), range(3), range(5)):
        expected = [float(x[b, i, d]) * float(y[b, j, d]) for d in range(4)]
        found = explain(trace, 0, (b, i, j))
        assert found.terms.results.tolist() == pytest.approx(expected, rel=1e-15)
        assert found.total == pytest.approx(sum(expected), rel=1e-12)


@pytest.mark.parametrize("dims", [0, 1, 2, ([1, 2], [0, 1]), ([0], [2])])
def test_tensordot(dims: int | tuple[list[int], list[int]]) -> None:
    y = tensor(4, 3, 2, seed=1) if dims == ([0], [2]) else tensor(3, 4, 5, seed=1)
    x = tensor(2, 3, 3) if dims == 1 else tensor(2, 3, 4)
    judged(lambda x, y: torch.tensordot(x, y, dims), x, y, kind="tensordot")
