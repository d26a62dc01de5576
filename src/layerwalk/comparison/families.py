"""Kinds of op that may stand for each other in two walks of one network."""

from __future__ import annotations

from typing import Final

__all__ = ["PRODUCTS", "before_relu", "family"]

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
_RELUS: Final = ("leaky_relu",)  # activations of their own

PRODUCTS: Final = frozenset(
    ("conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d",
     "linear")
)  # fmt: skip
"""Families of ops into which a batch norm behind them can be folded."""


def family(kind: str) -> str:
    """What kinds have in common that do the same: one of them, for all of them.

    What ends in a ReLU of its own is compared with a ReLU.

    >>> family("flatten") == family("view"), family("quantized.linear_dynamic")
    (True, 'linear')
    >>> family("quantized.conv2d_relu")
    'relu'
    """
    bare = _bare(kind)
    return "relu" if before_relu(kind) else _OF.get(bare, bare)


def before_relu(kind: str) -> str:
    """The family of what an op does before the ReLU that it ends in; ``""`` without one.

    >>> before_relu("quantized.conv2d_relu"), before_relu("conv2d"), before_relu("leaky_relu")
    ('conv2d', '', '')
    """
    bare = _bare(kind)
    if not bare.endswith("_relu") or bare in _RELUS:
        return ""
    bare = bare.removesuffix("_relu")
    return _OF.get(bare, bare)


def _bare(kind: str) -> str:
    for word in _WORDS:
        kind = kind.removeprefix(word)
    return kind.removesuffix("_dynamic")
