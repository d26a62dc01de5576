from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.filters.notation import print_form, read_matrix, spell_matrix

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=11)


@pytest.mark.parametrize(
    "text",
    [
        "0 1 0; 1 -4 1; 0 1 0",
        "0,1,0;1,-4,1;0,1,0",
        "0 1 0\n1 -4 1\n0 1 0\n",
        " 0, 1, 0 ; 1, \N{MINUS SIGN}4, 1 ; 0, 1, 0, ; ",
        "[[0, 1, 0], [1, -4, 1], [0, 1, 0]]",
        '[ ["0", 1.0, 0], [1, "-8 / 2", 1e0], [0, "1", 0]]',
        "[0 1 0; 1 -4 1; 0 1 0]",
        "1 * (0 1 0; 1 -4 1; 0 1 0)",
        "1/4 [0 4 0; 4 -16 4; 0 4 0]",
    ],
)
def test_one_matrix_in_many_spellings(text: str) -> None:
    assert read_matrix(text) == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


def test_fractions_are_the_nearest_floats() -> None:
    assert read_matrix("1/9 2 / 3 -.5 +1.e1") == [[1 / 9, 2 / 3, -0.5, 10.0]]
    assert read_matrix("1/3 * (1 2; 1/2 7)") == [[1 / 3, 2 / 3], [1 / 6, 7 / 3]]
    assert read_matrix("[1, 2, 3]") == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no number in it"),
        (" ; \n;", "no number in it"),
        ("1 a; 2 3", "'a' is no number"),
        ("1 2 [3]", "is no number"),
        ("nan 1", "'nan' is no number"),
        ("1e999 1", "too large a number"),
        ("1/0", "divides by zero"),
        ("0/0 1", "divides by zero"),
        ("1 / / 2", "is no number"),
        ("[[1, 2", "it begins like JSON, but is none"),
        ("[[1], 2]", "not every part of it is a row"),
        ("[[1], []]", "not every part of it is a row"),
        ("[[true]]", "'true' is no number"),
        ("[[null]]", "'null' is no number"),
        ("[[NaN]]", "'NaN' is no number"),
        ("[[[1]]]", "is no number"),
        ('[["a"]]', "'a' is no number"),
        ("[[" * 4000, "it begins like JSON, but is none"),
        ("[[" + "9" * 6000 + "]]", "too large a number|begins like JSON"),
        ("1 " * 6000, "a text of 12,000 letters is no filter"),
        ("\N{ARABIC-INDIC DIGIT FOUR}", "is no number"),
    ],
)
def test_what_is_no_matrix_is_told(text: str, words: str) -> None:
    with pytest.raises(LayerwalkError, match=words) as raised:
        read_matrix(text)
    assert len(str(raised.value)) < 300


@given(st.text(max_size=60))
def test_any_text_is_numbers_or_a_clear_error(text: str) -> None:
    try:
        rows = read_matrix(text)
    except LayerwalkError:
        return
    assert all(np.isfinite(number) for row in rows for number in row)


@given(arrays(np.float64, SHAPES, elements=FINITE))
def test_what_is_spelled_reads_back_bit_for_bit(matrix: NDArray[np.float64]) -> None:
    np.testing.assert_array_equal(np.array(read_matrix(spell_matrix(matrix))), matrix)


@given(arrays(np.int64, SHAPES, elements=st.integers(-500, 500)), st.integers(1, 1024))
def test_a_common_divisor_is_found_again(whole: NDArray[np.int64], divisor: int) -> None:
    matrix = whole / divisor
    numbers, found = print_form(matrix)
    assert found <= divisor
    np.testing.assert_array_equal(numbers / found, matrix)
    np.testing.assert_array_equal(np.array(read_matrix(spell_matrix(matrix))), matrix)


@pytest.mark.parametrize(
    ("number", "divisor"), [(0.5, 1), (0.25, 4), (1 / 25, 25), (0.01, 1), (1 / 273, 273), (3e9, 1)]
)
def test_what_is_printed(number: float, divisor: int) -> None:
    numbers, found = print_form(np.array([[number, 0.0]]))
    assert found == divisor
    assert numbers[0, 0] == (number if divisor == 1 else 1)
