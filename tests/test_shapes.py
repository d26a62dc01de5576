from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from jaxtyping import Float, TypeCheckError, jaxtyped

from shapes import checked, holds_array


@jaxtyped(typechecker=checked)
def halved(name: str, picture: Float[np.ndarray, "h w"]) -> Float[np.ndarray, "h w"] | None:
    return picture if name == "whole" else picture[::2]


@pytest.mark.parametrize(
    ("hint", "array"),
    [
        (Float[np.ndarray, "h w"], True),
        (tuple[int, Float[np.ndarray, "h w"]] | None, True),
        (np.ndarray, False),
        (list[int], False),
        (Any, False),
    ],
)
def test_arrays_are_found_inside_annotations(hint: object, array: bool) -> None:
    assert holds_array(hint) is array


def test_the_shape_of_an_argument_is_checked() -> None:
    with pytest.raises(TypeCheckError, match="picture"):
        halved("whole", np.zeros((4, 4, 4)))


def test_the_shape_of_the_result_is_checked() -> None:
    with pytest.raises(TypeCheckError, match="return value"):
        halved("half", np.zeros((4, 4)))


def test_other_types_are_left_to_mypy() -> None:
    wrong: Any = np.str_("whole")
    number: Any = 7
    assert halved(wrong, np.ones((2, 2))) is not None
    assert halved(number, np.ones((1, 2))) is not None
