"""Values by where they lie in memory: against marks in a memory of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from layerwalk.recipes.call import NoRecipeError
from layerwalk.recipes.expression import Expression, evaluate
from layerwalk.recipes.rules.memory import Layout, found_in, laid_over

SIZE = 4 * 5 * 6


@st.composite
def _layouts(draw: st.DrawFn) -> Layout:
    """A view of a memory of 4 x 5 x 6: slices with steps, in any order of dimensions."""
    view: NDArray[Any] = np.arange(SIZE)
    if draw(st.booleans()):
        view = view.reshape(draw(st.sampled_from([(4, 5, 6), (20, 6), (4, 30), (2, 2, 5, 6)])))
    cuts = []
    for n in view.shape:
        start = draw(st.integers(0, n - 1))
        cuts.append(slice(start, draw(st.integers(start + 1, n)), draw(st.integers(1, 3))))
    cut = view[tuple(cuts)]
    cut = cut.transpose(draw(st.permutations(range(cut.ndim))))
    return Layout(int(cut.flat[0]), cut.shape, tuple(s // cut.itemsize for s in cut.strides))


def _numbers(layout: Layout) -> NDArray[Any]:
    memory = np.arange(SIZE)
    size = memory.itemsize
    return as_strided(memory[layout.start :], layout.shape, [s * size for s in layout.strides])


def _at(expression: Expression, place: tuple[int, ...]) -> int:
    return int(evaluate(expression, lambda name: place[int(str(name)[1:])]))


@given(_layouts(), _layouts())
def test_what_lies_over_a_value(old: Layout, new: Layout) -> None:
    names = [f"d{k}" for k in range(len(old.shape))]
    part = laid_over(old, new, names)
    below, above = _numbers(old), _numbers(new)
    for place in np.ndindex(old.shape):
        covered = bool((above == below[place]).any())
        if part is None:
            assert not covered
            continue
        inside = True
        if part.dimension is not None:
            inside = part.start <= place[part.dimension] < part.end
        elif part.inside is not None:
            inside = bool(_at(part.inside, place))
        assert inside == covered
        if inside:
            assert above[tuple(_at(e, place) for e in part.index)] == below[place]


@given(_layouts(), _layouts())
def test_what_is_found_in_a_value(whole: Layout, wanted: Layout) -> None:
    names = [f"d{k}" for k in range(len(wanted.shape))]
    index = found_in(whole, wanted.start, wanted.terms(names))
    if index is not None:
        numbers, sought = _numbers(whole), _numbers(wanted)
        for place in np.ndindex(wanted.shape):
            assert numbers[tuple(_at(e, place) for e in index)] == sought[place]


def test_a_slice_is_one_dimensions_bounds() -> None:
    part = laid_over(Layout(0, (4, 6), (6, 1)), Layout(2, (4, 3), (6, 1)), ("y", "x"))
    assert part is not None
    assert (part.dimension, part.start, part.end) == (1, 2, 5)
    assert part.index == ("y", ("add", "x", -2))


def test_numbers_that_share_a_place_have_no_recipe() -> None:
    with pytest.raises(NoRecipeError, match="share places"):
        found_in(Layout(0, (4, 6), (1, 1)), 0, ())
