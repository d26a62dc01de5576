"""The operators of ONNX in the terms of the field, with their arguments.

Arguments have the names of torch's schema where an operator means the same, so that a number of
an exported network is explained and verified by the same recipes. Source: the operators'
definitions, https://onnx.ai/onnx/operators.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from layerwalk.onnx_walk.node import Node
from layerwalk.onnx_walk.windows import conv, conv_transpose, pool, pool_all
from layerwalk.record import Argument, Ref

__all__ = ["Meaning", "meaning_of"]

Arguments: TypeAlias = dict[str, Argument]
_Rule: TypeAlias = Callable[[Node], tuple[str, Arguments]]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a node computes: its kind, its arguments, and those of them that are no tensors."""

    kind: str
    arguments: tuple[tuple[str, Argument], ...]
    settings: dict[str, Argument]


_POINTWISE: Final = {
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "HardSwish": "hardswish", "Exp": "exp",
    "Log": "log", "Sqrt": "sqrt", "Abs": "abs", "Neg": "neg", "Erf": "erf", "Floor": "floor",
    "Ceil": "ceil", "Sin": "sin", "Cos": "cos", "Reciprocal": "reciprocal", "Mish": "mish",
    "Sign": "sign", "Identity": "alias", "Dropout": "dropout",
}  # fmt: skip
_TWO: Final = {
    "Add": "add", "Sub": "sub", "Mul": "mul", "MatMul": "matmul", "Pow": "pow",
}  # fmt: skip
_SAME_NUMBERS: Final = {
    "Reshape": "reshape", "Flatten": "flatten", "Squeeze": "squeeze", "Unsqueeze": "unsqueeze",
}  # fmt: skip
_NAMED: Final = {
    "Cast": "to", "Gather": "index_select", "Split": "split", "Slice": "slice", "Pad": "pad",
    "Expand": "expand", "Where": "where", "ReduceMax": "amax", "ReduceMin": "amin",
    "LayerNormalization": "layer_norm", "InstanceNormalization": "instance_norm",
    "GroupNormalization": "group_norm", "PRelu": "prelu", "Softplus": "softplus",
    "QLinearConv": "quantized.conv2d", "QLinearMatMul": "quantized.matmul",
    "ConvInteger": "quantized.conv2d", "MatMulInteger": "quantized.matmul",
    "DynamicQuantizeLinear": "quantize_dynamic", "QuantizeLinear": "quantize",
    "DequantizeLinear": "dequantize", "LSTM": "lstm", "GRU": "gru", "Einsum": "einsum",
}  # fmt: skip


def meaning_of(node: Node) -> Meaning:
    """What a node computes, in the field's terms; ``"onnx.tile"`` where there is none.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.zeros((1, 2))
    >>> meaning_of(Node("Clip", {"min": 0.0, "max": 6.0}, (x,), {}, (x,))).kind
    'relu6'
    """
    kind, arguments = _rule(node.operator)(node)
    given = {name: value for name, value in arguments.items() if value is not None}
    settings: Arguments = {name: value for name, value in given.items() if not _holds_tensor(value)}
    if kind.startswith("conv") and len(node.inputs) > 1:
        settings = {"kernel_size": node.shape(1)[2:], **settings, "padding_mode": "zeros"}
    if kind == "relu6":
        settings = {}
    return Meaning(kind, tuple(given.items()), settings)


def _holds_tensor(value: Argument) -> bool:
    parts = value if isinstance(value, tuple) else (value,)
    return any(isinstance(part, Ref) for part in parts)


def _rule(operator: str) -> _Rule:
    if operator in _RULES:
        return _RULES[operator]
    if operator in _POINTWISE:
        return lambda node: (_POINTWISE[operator], {"self": node.ref(0)})
    if operator in _SAME_NUMBERS:
        return lambda node: (_SAME_NUMBERS[operator], {"self": node.ref(0)})
    if operator in _TWO:
        return lambda node: (_TWO[operator], {"self": node.ref(0), "other": node.ref(1)})
    return _other


def _other(node: Node) -> tuple[str, Arguments]:
    """An operator without a rule: its own words."""
    plain = {
        f"onnx_{name}": value
        for name, value in node.attributes.items()
        if isinstance(value, (bool, int, float, str))
    }
    bare = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", node.operator).lower()
    return _NAMED.get(node.operator, f"onnx.{bare}"), dict(plain)


def _div(node: Node) -> tuple[str, Arguments]:
    """Whole numbers are divided as C has it, without the rest."""
    whole = bool(node.outputs) and node.outputs[0].dtype.kind in "iu"
    rounding = {"rounding_mode": "trunc"} if whole else {}
    return "div", {"self": node.ref(0), "other": node.ref(1), **rounding}


def _clip(node: Node) -> tuple[str, Arguments]:
    low, high = node.number(1, "min", -float("inf")), node.number(2, "max", float("inf"))
    if (low, high) == (0, 6):
        return "relu6", {"self": node.ref(0), "min_val": 0.0, "max_val": 6.0}
    return "clamp", {"self": node.ref(0), "min": low, "max": high}


def _gemm(node: Node) -> tuple[str, Arguments]:
    alpha, beta = (float(node.attributes.get(name, 1.0)) for name in ("alpha", "beta"))
    turned = node.attributes.get("transA", 0), node.attributes.get("transB", 0)
    if turned == (0, 1) and alpha == 1 and (beta == 1 or node.ref(2) is None):
        return "linear", {"input": node.ref(0), "weight": node.ref(1), "bias": node.ref(2)}
    if turned == (0, 0) and node.ref(2) is not None:
        tensors = {"self": node.ref(2), "mat1": node.ref(0), "mat2": node.ref(1)}
        return "addmm", {**tensors, "beta": beta, "alpha": alpha}
    return "linear", {"onnx_alpha": alpha, "onnx_beta": beta, "onnx_transposed": turned}


def _batch_norm(node: Node) -> tuple[str, Arguments]:
    names = ("input", "weight", "bias", "running_mean", "running_var")
    tensors: Arguments = {name: node.ref(place) for place, name in enumerate(names)}
    training = bool(node.attributes.get("training_mode", 0))
    eps = float(node.attributes.get("epsilon", 1e-5))
    return "batch_norm", {**tensors, "training": training, "eps": eps}


def _softmax(node: Node) -> tuple[str, Arguments]:
    kind = "log_softmax" if node.operator == "LogSoftmax" else "softmax"
    return kind, {"self": node.ref(0), "dim": int(node.attributes.get("axis", -1))}


def _mean(node: Node) -> tuple[str, Arguments]:
    axes = node.whole(1, "axes")
    return "mean", {
        "self": node.ref(0),
        "dim": axes if axes is not None else tuple(range(len(node.shape()))),
        "keepdim": bool(node.attributes.get("keepdims", 1)),
    }


def _cat(node: Node) -> tuple[str, Arguments]:
    refs = tuple(node.ref(place) for place in range(len(node.inputs)))
    return "cat", {"tensors": refs, "dim": int(node.attributes.get("axis", 0))}


def _permute(node: Node) -> tuple[str, Arguments]:
    backwards = tuple(range(len(node.shape())))[::-1]
    order = tuple(int(place) for place in node.attributes.get("perm", backwards))
    return "permute", {"self": node.ref(0), "dims": order}


def _sloped(kind: str, name: str, default: float) -> _Rule:
    return lambda node: (
        kind,
        {"self": node.ref(0), name: float(node.attributes.get("alpha", default))},
    )


def _elu(node: Node) -> tuple[str, Arguments]:
    alpha = float(node.attributes.get("alpha", 1.0))
    return "elu", {"self": node.ref(0), "alpha": alpha, "scale": 1.0, "input_scale": 1.0}


def _hard_sigmoid(node: Node) -> tuple[str, Arguments]:
    slope, middle = (float(node.attributes.get(n, d)) for n, d in (("alpha", 0.2), ("beta", 0.5)))
    # torch has the one slope of 1/6 only; with any other it is not the same function.
    if abs(slope - 1 / 6) > 1e-6 or middle != 0.5:
        return "hardsigmoid", {"onnx_alpha": slope, "onnx_beta": middle}
    return "hardsigmoid", {"self": node.ref(0)}


def _gelu(node: Node) -> tuple[str, Arguments]:
    how = node.attributes.get("approximate", "none")
    return "gelu", {"self": node.ref(0), "approximate": str(how)}


def _resize(node: Node) -> tuple[str, Arguments]:
    modes = {"nearest": "nearest", "linear": "bilinear", "cubic": "bicubic"}
    mode = modes.get(str(node.attributes.get("mode", "nearest")), "nearest")
    where = str(node.attributes.get("coordinate_transformation_mode", "half_pixel"))
    return f"upsample_{mode}{max(len(node.shape()) - 2, 1)}d", {
        "output_size": node.outputs[0].shape[2:],
        "onnx_coordinates": where,
    }


_RULES: Final[dict[str, _Rule]] = {
    "AveragePool": pool,
    "BatchNormalization": _batch_norm,
    "Clip": _clip,
    "Concat": _cat,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "Div": _div,
    "Elu": _elu,
    "Gelu": _gelu,
    "Gemm": _gemm,
    "GlobalAveragePool": pool_all,
    "GlobalMaxPool": pool_all,
    "HardSigmoid": _hard_sigmoid,
    "LeakyRelu": _sloped("leaky_relu", "negative_slope", 0.01),
    "LogSoftmax": _softmax,
    "MaxPool": pool,
    "ReduceMean": _mean,
    "Resize": _resize,
    "Softmax": _softmax,
    "Transpose": _permute,
}
