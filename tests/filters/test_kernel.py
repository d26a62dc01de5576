from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import layerwalk as lw
from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.filters import Filter, as_filter, as_filters, find_filter, parse_filter


def test_a_text_becomes_a_filter() -> None:
    made = parse_filter("1 2 3 4; 5 6 7 8", "mine")
    assert (made.name, made.shape, made.about) == ("mine", (2, 4), "a matrix of your own")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 2; 3", "row 2 has a length of 1 and row 1 of 2"),
        ("[[1], [2, 3]]", "row 2 has a length of 2 and row 1 of 1"),
        ("; ".join(["1 " * 12] * 3), "3 x 12 numbers are too many"),
        ("; ".join(["1"] * 12), "12 x 1 numbers are too many"),
        ("x", "'x' is no number"),
    ],
)
def test_what_is_no_matrix(text: str, words: str) -> None:
    with pytest.raises(LayerwalkError, match=words):
        parse_filter(text)


def test_what_may_be_meant_by_a_kernel() -> None:
    sobel = find_filter("sobel-x")
    assert as_filter(sobel) is sobel
    assert as_filter("sobel-x") is sobel
    for given in ("-1 1", [[-1, 1]], np.array([[-1, 1]]), ((-1, 1),)):
        assert as_filter(given).matrix.tolist() == [[-1, 1]]
    with pytest.raises(NotFoundError, match="no filter 'sobl-x'"):
        as_filter("sobl-x")
    with pytest.raises(NotFoundError, match="no filter ''"):
        as_filter("")


@pytest.mark.parametrize(
    ("kernels", "names"),
    [
        ("emboss", ["emboss"]),
        ("0 1; 1 0", ["matrix"]),
        (find_filter("emboss"), ["emboss"]),
        ([[0, 1], [1, 0]], ["matrix"]),
        (np.ones((3, 3)), ["matrix"]),
        (np.ones((2, 3, 3)), ["matrix 1", "matrix 2"]),
        ([np.ones(3), np.ones(3)], ["matrix"]),
        ([np.ones((3, 3)), np.ones((2, 2))], ["matrix 1", "matrix 2"]),
        (["emboss", "0 1", "edge"], ["emboss", "matrix", "edge"]),
        (["1", Filter("own", np.ones((1, 1))), [[1]]], ["matrix 1", "own", "matrix 2"]),
        ([[[1]], "edge"], ["matrix", "edge"]),
    ],
)
def test_one_or_several(kernels: Any, names: list[str]) -> None:
    assert [one.name for one in as_filters(kernels)] == names


@pytest.mark.parametrize("nothing", [[], ()])
def test_no_filter_at_all(nothing: Any) -> None:
    with pytest.raises(LayerwalkError) as error:
        as_filters(nothing)
    assert str(error.value) == (
        "filters: there is no filter among them; give a name, such as sobel-x, or a matrix."
    )
    with pytest.raises(LayerwalkError, match="there is no filter among them"):
        lw.make_network([])


@pytest.mark.parametrize("kernels", [[], None, 3, {}, [3], ["edge", None], [["edge"]]])
def test_what_holds_no_filter(kernels: Any) -> None:
    with pytest.raises(LayerwalkError, match="filter"):
        as_filters(kernels)
