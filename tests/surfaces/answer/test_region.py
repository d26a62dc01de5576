"""Regions, read strictly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.surfaces.answer.region import parse_indices, parse_region
from layerwalk.surfaces.library.problem import RequestError


@st.composite
def regions(draw: st.DrawFn) -> tuple[tuple[int, ...], str, tuple[int | slice, ...]]:
    """A shape, the text of a region in it, and the region."""
    shape = tuple(draw(st.lists(st.integers(1, 6), max_size=4)))
    words: list[str] = []
    wanted: list[int | slice] = []
    for length in shape[: draw(st.integers(0, len(shape)))]:
        first = draw(st.integers(0, length - 1))
        if draw(st.booleans()):
            words.append(str(first))
            wanted.append(first)
        else:
            stop = draw(st.integers(first, length))
            words.append(f"{first}:{stop}")
            wanted.append(slice(first, stop))
    return shape, ",".join(words), tuple(wanted)


@given(regions())
def test_a_region_is_that_of_numpy(
    drawn: tuple[tuple[int, ...], str, tuple[int | slice, ...]],
) -> None:
    shape, text, wanted = drawn
    array = np.arange(int(np.prod(shape))).reshape(shape)
    assert np.array_equal(array[parse_region(text, shape)], array[wanted])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,0,0", "has more dimensions than a value of shape (2, 3)"),
        ("2", "2 lies outside of a dimension of length 2"),
        ("0,4:3", "4:3 lies outside of a dimension of length 3"),
        ("0,1:4", "1:4 lies outside of a dimension of length 3"),
        ("-1", "'-1' is no part of a region"),
        ("1:", "'1:' is no part"),
        (":1", "':1' is no part"),
        (":", "':' is no part"),
        ("0:2:1", "'0:2:1' is no part"),
        ("0, 1", "' 1' is no part"),
        ("a", "'a' is no part"),
        ("0,", "'' is no part"),
        (",", "'' is no part"),
        ("1" * 19, "is no part"),
        ("\u0661", "is no part"),
        ("x" * 1000, "'" + "x" * 60 + "' is no part"),
    ],
)
def test_everything_else_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(RequestError) as error:
        parse_region(text, (2, 3))
    assert said in str(error.value)
    assert str(error.value).endswith("give a position or first:stop for each dimension: 0,3:5.")


def test_a_part_of_nothing() -> None:
    assert parse_region("0:0", (0,)) == (slice(0, 0),)
    with pytest.raises(RequestError):
        parse_region("0", (0,))
    with pytest.raises(RequestError):
        parse_region("0", ())


@pytest.mark.parametrize("text", ["-1", "a", "1,", "1, 2", "1:2", "1" * 19])
def test_indices_are_whole_numbers(text: str) -> None:
    with pytest.raises(RequestError, match="are no ops; give whole numbers"):
        parse_indices(text, "ops")
