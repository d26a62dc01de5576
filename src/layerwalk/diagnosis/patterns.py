"""Which ops keep channels apart, which bound their values, and which have weights."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Op

__all__ = ["ACTIVATIONS", "PRODUCTS", "bounds", "examined", "keeps_channels"]

PRODUCTS: Final = frozenset(
    ("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
     "linear", "addmm")
)  # fmt: skip
ACTIVATIONS: Final = frozenset(
    ("relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "mish",
     "hardswish", "hardtanh", "clamp", "clamp_min", "sigmoid", "hardsigmoid", "tanh", "softplus",
     "threshold", "rrelu", "softsign")
)  # fmt: skip
_NORMS: Final = frozenset(("batch_norm", "group_norm", "instance_norm", "layer_norm"))
_KEEPING: Final = frozenset(
    ("dropout", "to", "clone", "contiguous", "alias", "pad", "add", "sub", "mul", "div", "detach",
     "max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d",
     "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool2d",
     "upsample_nearest2d", "upsample_bilinear2d", "upsample_bicubic2d", "mean",
     "local_response_norm")
)  # fmt: skip
_NEAR: Final = 1e-3


def examined(op: Op) -> bool:
    """Whether an op makes channels anew, so that they are looked at."""
    return op.kind in PRODUCTS or op.kind in ACTIVATIONS or op.kind in _NORMS


def keeps_channels(op: Op) -> bool:
    """Whether each channel of the op's output is made of the same one of its input alone."""
    if op.kind.startswith("conv"):
        groups = op.settings.get("groups", 1)
        return isinstance(groups, int) and len(op.shape) > 1 and 1 < groups == op.shape[1]
    if op.kind in PRODUCTS or op.kind == "layer_norm":
        return False
    return op.kind in ACTIVATIONS or op.kind in _NORMS or op.kind in _KEEPING


def bounds(op: Op) -> tuple[float, float] | None:
    """The values between which an activation lies, and at which it no longer answers.

    The lower bound of ReLU is no such thing: a channel that stays there is called dead.
    """
    if op.kind in ("sigmoid", "hardsigmoid"):
        return 0.0, 1.0
    if op.kind == "tanh":
        return -1.0, 1.0
    if op.kind == "relu6":
        return -np.inf, 6.0
    if op.kind in ("hardtanh", "clamp"):
        low = op.settings.get("min_val", op.settings.get("min"))
        high = op.settings.get("max_val", op.settings.get("max"))
        if isinstance(high, (int, float)):
            below = float(low) if isinstance(low, (int, float)) and low != 0 else -np.inf
            return below, float(high)
    return None


def at_bounds(array: NDArray[np.float64], limits: tuple[float, float]) -> NDArray[np.bool_]:
    """Which values lie within a thousandth of the range of one of the bounds."""
    low, high = limits
    near = _NEAR * (high - low if np.isfinite(low) else high)
    return np.asarray((array <= low + near) | (array >= high - near))
