"""Numbers as the framework's types hold them."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.rules.operands import stored

TYPES = {
    "float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16,
    "float64": torch.float64,
}  # fmt: skip


@given(st.floats(allow_nan=False), st.sampled_from(sorted(TYPES)))
def test_a_number_is_rounded_as_the_framework_rounds_it(number: float, dtype: str) -> None:
    expected = torch.tensor(number, dtype=torch.float64)
    if dtype == "bfloat16":  # from a plain number, by way of float32
        expected = expected.float()
    assert stored(number, dtype) == expected.to(TYPES[dtype]).double().item()


@pytest.mark.parametrize(
    ("number", "dtype", "kept"),
    [
        (3, "int64", 3),
        (2.0, "uint8", 2),
        (0.5, "int32", 0.5),
        (1, "bool", True),
        (0.0, "bool", False),
    ],
)
def test_whole_numbers_and_truth(number: float, dtype: str, kept: float) -> None:
    assert stored(number, dtype) == kept
