"""Activations against the framework's values and against formulas of plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.drawn import few, seeds, shapes, tensor
from recipes.judged import judged, traced

EDGES = [
    -90.0,
    -20.5,
    -3.0,
    -1.0,
    -0.5,
    -0.1,
    -1e-3,
    0.0,
    1e-3,
    0.1,
    0.5,
    1.0,
    3.0,
    6.0,
    20.5,
    90.0,
]
VALUES = torch.cat([torch.linspace(-8, 8, 41), torch.tensor(EDGES)])


def erf_gelu(x: float) -> float:
    return x * (1 + math.erf(x / math.sqrt(2))) / 2


def tanh_gelu(x: float) -> float:
    return x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def softplus(x: float) -> float:
    return math.log1p(math.exp(x)) if x < 30 else x


def gate(x: float) -> float:
    return min(max(x + 3, 0), 6) / 6


# The call, its kind, and how a person would write it.
CALLS: list[tuple[Callable[[Tensor], Tensor], str, Callable[[float], float]]] = [
    (F.relu, "relu", lambda x: max(x, 0)),
    (F.relu6, "relu6", lambda x: min(max(x, 0), 6)),
    (lambda x: F.hardtanh(x, 0, 6), "relu6", lambda x: min(max(x, 0), 6)),
    (F.hardtanh, "hardtanh", lambda x: min(max(x, -1), 1)),
    (lambda x: F.hardtanh(x, -0.3, 0.7), "hardtanh", lambda x: min(max(x, -0.3), 0.7)),
    (F.leaky_relu, "leaky_relu", lambda x: x if x > 0 else 0.01 * x),
    (lambda x: F.leaky_relu(x, 0.3), "leaky_relu", lambda x: x if x > 0 else 0.3 * x),
    (F.rrelu, "rrelu", lambda x: x if x > 0 else (1 / 8 + 1 / 3) / 2 * x),
    (F.elu, "elu", lambda x: x if x > 0 else math.expm1(x)),
    (lambda x: F.elu(x, 0.7), "elu", lambda x: x if x > 0 else 0.7 * math.expm1(x)),
    (F.selu, "selu",
     lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x))),
    (F.celu, "celu", lambda x: x if x > 0 else math.expm1(x)),
    (lambda x: F.celu(x, 1.7), "celu", lambda x: x if x > 0 else 1.7 * math.expm1(x / 1.7)),
    (F.gelu, "gelu", erf_gelu),
    (lambda x: F.gelu(x, approximate="tanh"), "gelu", tanh_gelu),
    (F.silu, "silu", lambda x: x * sigmoid(x)),
    (F.mish, "mish", lambda x: x * math.tanh(softplus(x))),
    (F.softplus, "softplus", softplus),
    (lambda x: F.softplus(x, 2.5, 4), "softplus", lambda x: softplus(2.5 * x) / 2.5
     if 2.5 * x <= 4 else x),
    (F.sigmoid, "sigmoid", sigmoid),
    (F.logsigmoid, "log_sigmoid", lambda x: -softplus(-x)),
    (F.hardsigmoid, "hardsigmoid", gate),
    (F.hardswish, "hardswish", lambda x: x * gate(x)),
    (F.hardshrink, "hardshrink", lambda x: x if abs(x) > 0.5 else 0),
    (lambda x: F.hardshrink(x, 0.1), "hardshrink", lambda x: x if abs(x) > 0.1000001 else 0),
    (F.softshrink, "softshrink", lambda x: math.copysign(max(abs(x) - 0.5, 0), x)),
    (lambda x: F.threshold(x, 0.1, 20.1), "threshold", lambda x: x if x > 0.1000001 else 20.1),
    (F.tanh, "tanh", math.tanh),
]  # fmt: skip
IDS = [f"{kind}-{place}" for place, (_, kind, _) in enumerate(CALLS)]


@pytest.mark.parametrize(("call", "kind", "formula"), CALLS, ids=IDS)
def test_every_activation_has_the_frameworks_values(
    call: Callable[[Tensor], Tensor], kind: str, formula: Callable[[float], float]
) -> None:
    trace = judged(call, VALUES, kind=kind)
    for place in range(0, len(VALUES), 5):
        found = explain(trace, 0, (place,))
        x = float(VALUES[place])
        assert found.total == pytest.approx(formula(x), rel=1e-6, abs=1e-12)
        assert found.terms[0].factors[0].number == x


@pytest.mark.parametrize(("call", "kind", "formula"), CALLS, ids=IDS)
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_in_every_precision(
    call: Callable[[Tensor], Tensor],
    kind: str,
    formula: Callable[[float], float],
    dtype: torch.dtype,
) -> None:
    del formula
    judged(call, VALUES.to(dtype), kind=kind)


SPECIAL = torch.tensor([math.nan, math.inf, -math.inf, -0.0])


@pytest.mark.parametrize(("call", "kind", "formula"), CALLS, ids=IDS)
def test_what_is_no_number(
    call: Callable[[Tensor], Tensor], kind: str, formula: Callable[[float], float]
) -> None:
    del formula
    judged(call, SPECIAL, kind=kind)


def test_ops_that_pick_are_exact() -> None:
    for call, kind, _ in CALLS:
        picks = kind in ("relu", "relu6", "hardtanh", "hardshrink", "threshold")
        judged(call, VALUES, kind=kind, moves=picks)


@few
@given(shapes(1, 4), st.booleans(), seeds)
def test_prelu(shape: tuple[int, ...], single: bool, seed: int) -> None:
    channels = 1 if single or len(shape) < 2 else shape[1]
    judged(F.prelu, tensor(*shape, seed=seed), tensor(channels, seed=seed + 1), kind="prelu")


def test_prelu_reads_the_slope_of_its_channel() -> None:
    x = -torch.arange(1.0, 13).reshape(1, 3, 2, 2)
    found = explain(traced(F.prelu, x, torch.tensor([0.1, 0.2, 0.3])), 0, (0, 2, 1, 0))
    value, slope = found.terms[0].factors
    assert (value.index, slope.index) == ((0, 2, 1, 0), (2,))
    assert found.total == pytest.approx(-11 * 0.3)


@few
@given(shapes(1, 4), st.data(), seeds)
def test_glu(shape: tuple[int, ...], data: st.DataObject, seed: int) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    lengths = list(shape)
    lengths[dim] *= 2
    judged(lambda x: F.glu(x, dim), tensor(*lengths, seed=seed), kind="glu")


def test_a_random_slope_is_not_explained() -> None:
    trace = traced(lambda x: F.rrelu(x, training=True), VALUES)
    assert why_not(trace["rrelu"]) == "it drew random numbers"
