"""Copies and casts: the number, or exactly what another type holds of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.book import why_not
from layerwalk.recipes.expression import FUNCTIONS
from layerwalk.recipes.rules.casts import size_of
from recipes.judged import judged, traced

FLOATS = [torch.float16, torch.bfloat16, torch.float32, torch.float64]
WHOLE = [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool]
X = torch.tensor([0.0, 1.0, -2.5, 3.7, 100.1, -0.3, 1e-5, 1e-7, 6e-8, 1.00048828125, 1e30])
EXACT: dict[str, tuple[str, Callable[[torch.Tensor], Any]]] = {
    "clone": ("clone", lambda x: x.clone()),
    "alias": ("alias", torch.ops.aten.alias),
    "copy": ("copy", lambda x: torch.zeros(3, 11).copy_(x)),
    "dropout": ("dropout", lambda x: F.dropout(x, training=False)),
    "dropout of maps": (
        "feature_dropout", lambda x: F.dropout2d(x[None, None, None], training=False)
    ),
    "alpha dropout": ("alpha_dropout", lambda x: F.alpha_dropout(x, training=False)),
    "dropout of nothing": ("dropout", lambda x: F.dropout(x, p=0.0, training=True)),
    "type_as": ("type_as", lambda x: x.type_as(torch.ones(1, dtype=torch.float64))),
    "another layout": (
        "to", lambda x: x.expand(1, 2, 3, 11).to(memory_format=torch.channels_last)
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_copies_are_exact(name: str) -> None:
    kind, asked = EXACT[name]
    judged(asked, X, kind=kind, moves=True)


@pytest.mark.parametrize("wanted", FLOATS)
@pytest.mark.parametrize("given_type", [*FLOATS, *WHOLE])
def test_casts_to_floats_are_exact(given_type: torch.dtype, wanted: torch.dtype) -> None:
    x = X.to(given_type) if given_type.is_floating_point else X[:6].to(torch.int16).to(given_type)
    if given_type != wanted:
        judged(lambda x: x.to(wanted), x, kind="to", tolerance=0.0)


@pytest.mark.parametrize("wanted", WHOLE)
@pytest.mark.parametrize("given_type", [torch.float32, *WHOLE])
def test_casts_to_whole_numbers_are_exact(given_type: torch.dtype, wanted: torch.dtype) -> None:
    x = torch.tensor([0, 1, 2, 100, 127] + [-3, 200, 1000] * (not given_type.is_floating_point))
    x = (x + (0.7 if given_type.is_floating_point else 0)).to(given_type)
    if given_type != wanted:
        judged(lambda x: x.to(wanted), x, kind="to", tolerance=0.0)


def test_complex_numbers_lose_their_imaginary_part() -> None:
    z = torch.randn(5, dtype=torch.complex64)
    judged(lambda z: z.to(torch.complex128), z, kind="to", moves=True)
    judged(lambda x: x.to(torch.complex64), X, kind="to", moves=True)


@given(st.floats(width=32), st.sampled_from(["float16", "float32"]))
def test_rounding_is_the_processors(number: float, kind: str) -> None:
    digits, least = {"float16": (11, -14), "float32": (24, -126)}[kind]
    value = np.float64(number) * (1.0 if kind == "float16" else 1.0000000123)
    with np.errstate(over="ignore"):
        wanted = value.astype(kind).astype(np.float64)
    found = FUNCTIONS["rounded"](value, digits, least)
    assert np.array_equal(found, wanted, equal_nan=True)


def test_sizes_of_types() -> None:
    for kind in [*FLOATS, *WHOLE, torch.complex64]:
        assert size_of(str(kind).removeprefix("torch.")) == kind.itemsize


def test_a_type_that_is_not_known_has_no_recipe() -> None:
    trace = traced(lambda x: x.to(torch.float8_e4m3fn), X[:5])
    assert why_not(trace[0]) == "float32 becomes float8_e4m3fn"
