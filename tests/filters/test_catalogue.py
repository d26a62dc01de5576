from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError
from layerwalk.filters import FOUR_EDGES, filters, find_filter, parse_filter

EVERY = {one.name: one for one in filters()}


def matrix(name: str) -> NDArray[np.float64]:
    return find_filter(name).matrix


def test_the_tutorials_filters_are_there() -> None:
    families = {name.split("-")[0] for name in EVERY}
    assert families >= {
        *("identity", "box", "gaussian", "sharpen", "darken", "brighten", "emboss", "edge"),
        *("sobel", "prewitt", "scharr", "roberts"),
    }
    assert {one.shape for one in filters()} >= {(2, 2), (3, 3), (4, 4), (5, 5)}
    assert len(EVERY) == len(filters())
    assert all(one.about for one in filters())


@pytest.mark.parametrize("one", filters(), ids=lambda one: one.name)
def test_a_name_says_the_size_that_is_not_three(one: Any) -> None:
    size = one.name.rpartition("-")[2]
    if size.isdecimal():
        assert one.shape == (int(size), int(size))
    elif not one.name.startswith(("roberts", "difference")):
        assert one.shape == (3, 3)
        assert find_filter(f"{one.name}-3") is one


@pytest.mark.parametrize("one", filters(), ids=lambda one: one.name)
def test_its_text_gives_it_again(one: Any) -> None:
    np.testing.assert_array_equal(parse_filter(one.text).matrix, one.matrix)


def test_blurs_and_sharpening_keep_the_brightness_and_edges_have_none() -> None:
    for name, one in EVERY.items():
        family = name.split("-")[0]
        if family in ("identity", "box", "gaussian", "sharpen", "emboss"):
            assert one.total == pytest.approx(1, abs=1e-15), name
        elif family not in ("darken", "brighten"):
            assert one.total == 0, name


@pytest.mark.parametrize("size", [3, 5])
def test_gaussian_and_sobel_are_opencvs(size: int) -> None:
    ending = "" if size == 3 else f"-{size}"
    row = cv2.getGaussianKernel(size, 0)
    np.testing.assert_array_equal(matrix(f"gaussian{ending}"), row @ row.T)
    across, down = cv2.getDerivKernels(1, 0, size, ktype=cv2.CV_64F)
    np.testing.assert_array_equal(matrix(f"sobel-x{ending}"), down @ across.T)
    np.testing.assert_array_equal(matrix(f"sobel-y{ending}"), across @ down.T)


def test_scharr_is_opencvs() -> None:
    across, down = cv2.getDerivKernels(1, 0, cv2.FILTER_SCHARR, ktype=cv2.CV_64F)
    np.testing.assert_array_equal(matrix("scharr-x"), down @ across.T)
    np.testing.assert_array_equal(matrix("scharr-y"), across @ down.T)


def test_relations_between_them() -> None:
    np.testing.assert_array_equal(matrix("sharpen"), matrix("identity") - matrix("edge"))
    np.testing.assert_array_equal(
        matrix("sharpen-diagonals"), matrix("identity") - matrix("edge-diagonals")
    )
    middle = np.zeros((5, 5))
    middle[2, 2] = 2
    np.testing.assert_array_equal(matrix("sharpen-5"), middle - matrix("gaussian-5"))
    for family in ("sobel", "prewitt", "scharr", "difference"):
        np.testing.assert_array_equal(matrix(f"{family}-x").T, matrix(f"{family}-y"))
    row = np.array([1, 3, 3, 1]) / 8
    np.testing.assert_array_equal(matrix("gaussian-4"), np.outer(row, row))


def test_the_four_edges_are_the_tutorials() -> None:
    first, second, third, fourth = (matrix(name) for name in FOUR_EDGES)
    np.testing.assert_array_equal(first, np.tile([-1, -1, 1, 1], (4, 1)))
    np.testing.assert_array_equal(second, -first)
    np.testing.assert_array_equal(third, first.T)
    np.testing.assert_array_equal(fourth, -third)


@pytest.mark.parametrize("name", ["Sobel X", "sobel_x", " SOBEL-x ", "sobel-x-3"])
def test_a_name_may_be_spelled_otherwise(name: str) -> None:
    assert find_filter(name) is EVERY["sobel-x"]


def test_other_names() -> None:
    assert find_filter("Laplacian") is EVERY["edge"]
    assert find_filter("blur") is EVERY["gaussian"]
    assert find_filter("mean-3") is EVERY["box"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sobel", "did you mean sobel-x or sobel-y or sobel-x-5 or sobel-y-5?"),
        ("embos", "did you mean emboss?"),
        ("box-6", "did you mean box"),
        ("roberts-neg-3", "did you mean roberts-neg"),
        ("quux", "layerwalk filters --list names them"),
        ("", "layerwalk filters --list names them"),
    ],
)
def test_an_unknown_name_is_told_its_neighbours(name: str, words: str) -> None:
    with pytest.raises(NotFoundError) as raised:
        find_filter(name)
    assert words in str(raised.value)
