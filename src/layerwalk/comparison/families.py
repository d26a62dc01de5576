"""Kinds of op that may stand for each other in two walks of one network."""

from __future__ import annotations

from typing import Final

__all__ = ["PRODUCTS", "family"]

_FAMILIES: Final = (
    ("reshape", "view", "flatten", "squeeze", "unsqueeze", "unflatten"),
    ("adaptive_avg_pool2d", "mean", "avg_pool2d"),
    ("adaptive_max_pool2d", "amax", "max_pool2d"),
    ("relu6", "clamp", "hardtanh"),
    ("linear", "addmm", "mm", "matmul", "bmm", "baddbmm"),
    ("permute", "transpose", "t", "movedim"),
    ("to", "clone", "contiguous", "dropout", "alias", "identity"),
    ("upsample_nearest2d", "upsample_bilinear2d", "upsample_bicubic2d", "resize"),
    ("cat", "stack"),
)
_OF: Final = {kind: kinds[0] for kinds in _FAMILIES for kind in kinds}
_WORDS: Final = ("quantized.", "onnx.")

PRODUCTS: Final = frozenset(
    ("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
     "linear")
)  # fmt: skip
"""Families of ops into which a batch norm behind them can be folded."""


def family(kind: str) -> str:
    """What kinds have in common that do the same: one of them, for all of them.

    >>> family("flatten") == family("view"), family("quantized.linear_dynamic")
    (True, 'linear')
    """
    for word in _WORDS:
        kind = kind.removeprefix(word)
    kind = kind.removesuffix("_dynamic").removesuffix("_relu")
    return _OF.get(kind, kind)
