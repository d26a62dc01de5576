"""Activations: a function of one value, as the framework's documentation writes it."""

from __future__ import annotations

import math
from collections.abc import Callable

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe
from layerwalk.recipes.rules.operands import Operands, stored

__all__ = ["activation", "glu", "prelu"]

_X: Expression = ("read", 0)
# torch.nn.SELU's own constants.
_ALPHA = 1.6732632423543772848170429916717
_SCALE = 1.0507009873554804934193349852946


def _elu(alpha: float, scale: float = 1.0, slope: float = 1.0) -> Expression:
    inner = _X if slope == 1 else ("mul", slope, _X)
    factors = [factor for factor in (scale * alpha,) if factor != 1]
    low: Expression = ("mul", *factors, ("expm1", inner)) if factors else ("expm1", inner)
    return ("where", ("gt", _X, 0), _X if scale == 1 else ("mul", scale, _X), low)


def _gelu(call: Call) -> Expression:
    approximate = call.argument("approximate", default="none")
    if approximate == "none":
        return ("mul", 0.5, _X, ("add", 1, ("erf", ("div", _X, math.sqrt(2)))))
    if approximate == "tanh":
        cubic: Expression = ("add", _X, ("mul", 0.044715, _X, _X, _X))
        return ("mul", 0.5, _X, ("add", 1, ("tanh", ("mul", math.sqrt(2 / math.pi), cubic))))
    raise NoRecipeError(f"approximate is {approximate!r}")


def _softplus(call: Call) -> Expression:
    beta, threshold = call.argument("beta"), call.argument("threshold")
    inner: Expression = _X if beta == 1 else ("mul", beta, _X)
    smooth: Expression = ("softplus", inner)
    smooth = smooth if beta == 1 else ("div", smooth, beta)
    return ("where", ("gt", inner, threshold), _X, smooth)


def _hardshrink(call: Call) -> Expression:
    edge = stored(call.argument("lambd"), call.made.dtype)
    return ("where", ("and", ("ge", _X, -edge), ("le", _X, edge)), 0, _X)


def _softshrink(call: Call) -> Expression:
    edge = stored(call.argument("lambd"), call.made.dtype)
    # 0 times x: a NaN stays one.
    inner: Expression = ("where", ("lt", _X, -edge), ("add", _X, edge), ("mul", 0, _X))
    return ("where", ("gt", _X, edge), ("sub", _X, edge), inner)


def _threshold(call: Call) -> Expression:
    # Half precision is compared as float32, and the value is rounded.
    wide = "float64" if call.made.dtype == "float64" else "float32"
    edge = stored(call.argument("threshold"), wide)
    value = stored(call.argument("value"), call.made.dtype)
    return ("where", ("le", _X, edge), value, _X)


def _hardtanh(call: Call) -> Expression:
    low, high = (stored(call.argument(n), call.made.dtype) for n in ("min_val", "max_val"))
    return ("clamp", _X, low, high)


def _leaky(slope: Expression) -> Expression:
    return ("where", ("gt", _X, 0), _X, ("mul", slope, _X))


def _rrelu(call: Call) -> Expression:
    if call.argument("training", default=False):
        raise NoRecipeError("its slopes are drawn at random")
    return _leaky((call.argument("lower") + call.argument("upper")) / 2)


_GATE: Expression = ("clamp", ("add", _X, 3), 0, 6)
_FORMULAS: dict[str, Callable[[Call], Expression]] = {
    "relu": lambda _: ("max", _X, 0),
    "relu6": lambda _: ("clamp", _X, 0, 6),
    "hardtanh": _hardtanh,
    "leaky_relu": lambda call: _leaky(call.argument("negative_slope")),
    "rrelu": _rrelu,
    "elu": lambda call: _elu(
        call.argument("alpha"), call.argument("scale"), call.argument("input_scale")
    ),
    "selu": lambda _: _elu(_ALPHA, _SCALE),
    "celu": lambda call: _elu(call.argument("alpha"), 1.0, 1 / call.argument("alpha")),
    "gelu": _gelu,
    "silu": lambda _: ("mul", _X, ("sigmoid", _X)),
    "mish": lambda _: ("mul", _X, ("tanh", ("softplus", _X))),
    "softplus": _softplus,
    "sigmoid": lambda _: ("sigmoid", _X),
    "log_sigmoid": lambda _: ("neg", ("softplus", ("neg", _X))),
    "hardsigmoid": lambda _: ("div", _GATE, 6),
    "hardswish": lambda _: ("div", ("mul", _X, _GATE), 6),
    "hardshrink": _hardshrink,
    "softshrink": _softshrink,
    "threshold": _threshold,
}


@rule(*_FORMULAS)
def activation(call: Call) -> Recipe:
    """A function of the one value at the same place."""
    operands = Operands(call)
    operands.named("self", "input")
    return operands.recipe(_FORMULAS[call.kind](call))


@rule("prelu")
def prelu(call: Call) -> Recipe:
    """Negative values times a learned slope: one for all, or one for each channel."""
    operands = Operands(call)
    operands.named("self")
    weight = call.tensor("weight")
    shape = call.input(weight).shape
    if len(shape) == 1 and len(call.shape) > 1:
        index: tuple[Expression, ...] = (0,) if shape[0] == 1 else (call.places[1],)
    else:
        index = call.aligned(weight)
    return operands.recipe(_leaky(operands.read(weight, index)))


@rule("glu")
def glu(call: Call) -> Recipe:
    """One half of a dimension, gated by the sigmoid of the other half."""
    operands = Operands(call)
    dim = call.argument("dim") % len(call.shape)
    half, places = call.shape[dim], call.places
    value = operands.read(call.tensor("self"), places)
    later = (*places[:dim], ("add", places[dim], half), *places[dim + 1 :])
    gate = operands.read(call.tensor("self"), later)
    return operands.recipe(("mul", value, ("sigmoid", gate)))
