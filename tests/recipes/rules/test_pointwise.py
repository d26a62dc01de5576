"""Functions of one value against the framework."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.drawn import tensor
from recipes.judged import judged, traced

VALUES = torch.cat(
    [tensor(60, spread=2), torch.tensor([0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 1e-4, 8.0])]
)
EXACT = ("neg", "abs", "floor", "ceil", "round", "trunc", "sign", "frac", "isnan", "isinf",
         "isfinite", "logical_not", "sgn")  # fmt: skip
NAMES = (*EXACT, "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "rsqrt", "square",
         "reciprocal", "sin", "cos", "tan", "tanh", "atan", "erf", "erfc", "sinh", "cosh",
         "deg2rad", "rad2deg")  # fmt: skip
REPLICAS: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "expm1": math.expm1, "log": math.log, "log2": math.log2,
    "log10": math.log10, "log1p": math.log1p, "sqrt": math.sqrt, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "tanh": math.tanh, "atan": math.atan, "erf": math.erf,
    "erfc": math.erfc, "sinh": math.sinh, "cosh": math.cosh, "floor": math.floor,
    "ceil": math.ceil, "trunc": math.trunc, "round": round, "reciprocal": lambda x: 1 / x,
    "rsqrt": lambda x: 1 / math.sqrt(x), "exp2": lambda x: 2**x, "square": lambda x: x * x,
    "neg": lambda x: -x, "abs": abs, "deg2rad": math.radians, "rad2deg": math.degrees,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_every_function_has_the_frameworks_values(name: str, dtype: torch.dtype) -> None:
    judged(getattr(torch, name), VALUES.to(dtype), kind=name)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_number(name: str) -> None:
    judged(getattr(torch, name), torch.tensor([math.nan, math.inf, -math.inf]), kind=name)


@pytest.mark.parametrize("name", sorted(REPLICAS))
def test_plain_python_says_the_same(name: str) -> None:
    trace = traced(getattr(torch, name), VALUES.abs() + 0.1)
    for place in range(0, len(VALUES), 7):
        found = explain(trace, 0, (place,))
        (factor,) = found.terms[0].factors
        assert found.total == pytest.approx(REPLICAS[name](float(factor.number.real)), rel=1e-12)


@pytest.mark.parametrize(
    "call",
    [
        torch.nan_to_num,
        lambda x: torch.nan_to_num(x, 0.1, 3.3, -7.7),
        lambda x: torch.nan_to_num(x, posinf=2.0),
    ],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_nan_to_num(call: Callable[[Tensor], Tensor], dtype: torch.dtype) -> None:
    x = torch.tensor([math.nan, math.inf, -math.inf, 1.0, -2.5], dtype=dtype)
    judged(call, x, kind="nan_to_num", moves=True)


def test_numbers_of_two_parts() -> None:
    z = torch.complex(tensor(3, 4), tensor(3, 4, seed=1))
    for name in ("abs", "angle", "real", "imag", "exp", "reciprocal", "square"):
        judged(getattr(torch, name), z, kind=name)
    judged(torch.view_as_real, z, kind="view_as_real")
    judged(lambda z: z.conj() * z, z, kind="_conj")
    assert "complex" in why_not(traced(torch.sqrt, z)[0])


def test_whole_numbers_and_truth() -> None:
    whole = torch.tensor([-3, 0, 2])
    for name in ("abs", "neg", "sign", "square"):
        judged(getattr(torch, name), whole, kind=name)
    judged(torch.sqrt, whole.abs(), kind="sqrt")
    judged(torch.bitwise_not, whole > 0, kind="bitwise_not")
    assert why_not(traced(torch.bitwise_not, whole)[0]) == "the bits of whole numbers"
    assert "wrap" in why_not(traced(torch.neg, whole.to(torch.uint8))[0])
    assert why_not(traced(lambda x: torch.round(x, decimals=2), VALUES)[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_odds_and_angles(dtype: torch.dtype) -> None:
    chances = torch.tensor([0.0, 1e-3, 0.25, 0.5, 0.9, 0.999, 1.0], dtype=dtype)
    judged(torch.logit, chances, kind="logit")
    judged(lambda x: torch.logit(x, 1e-2), chances, kind="logit")
    for name in ("asin", "acos"):
        judged(getattr(torch, name), torch.cat([chances, -chances]), kind=name)
    assert explain(traced(torch.logit, chances), 0, (3,)).total == 0


def test_one_hot() -> None:
    which = torch.tensor([[0, 2], [3, 1]])
    judged(lambda x: torch.nn.functional.one_hot(x, 5), which, kind="one_hot")
