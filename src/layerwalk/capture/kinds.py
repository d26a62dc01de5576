"""One field term for each kind of op, and its settings in one form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layerwalk.record import Argument

__all__ = ["kind_of", "refine", "settings_of"]

_SYNONYMS = {
    "_convolution": "convolution",
    "convolution_overrideable": "convolution",
    "cudnn_convolution": "convolution",
    "mkldnn_convolution": "convolution",
    "thnn_conv2d": "conv2d",
    "_slow_conv2d_forward": "conv2d",
    "_conv_depthwise2d": "conv2d",
    "native_batch_norm": "batch_norm",
    "cudnn_batch_norm": "batch_norm",
    "miopen_batch_norm": "batch_norm",
    "_batch_norm_impl_index": "batch_norm",
    "_native_batch_norm_legit": "batch_norm",
    "_native_batch_norm_legit_no_training": "batch_norm",
    "native_layer_norm": "layer_norm",
    "native_group_norm": "group_norm",
    "native_dropout": "dropout",
    "_softmax": "softmax",
    "_safe_softmax": "softmax",
    "special_softmax": "softmax",
    "_log_softmax": "log_softmax",
    "special_log_softmax": "log_softmax",
    "special_expit": "sigmoid",
    "special_erf": "erf",
    "_adaptive_avg_pool2d": "adaptive_avg_pool2d",
    "_adaptive_avg_pool3d": "adaptive_avg_pool3d",
    "max_pool1d_with_indices": "max_pool1d",
    "max_pool2d_with_indices": "max_pool2d",
    "max_pool3d_with_indices": "max_pool3d",
    "_prelu_kernel": "prelu",
    "_scaled_dot_product_attention_math": "scaled_dot_product_attention",
    "_scaled_dot_product_flash_attention": "scaled_dot_product_attention",
    "_scaled_dot_product_flash_attention_for_cpu": "scaled_dot_product_attention",
    "_scaled_dot_product_efficient_attention": "scaled_dot_product_attention",
    "_unsafe_view": "view",
    "_reshape_alias": "reshape",
    "_to_copy": "to",
    "concat": "cat",
    "concatenate": "cat",
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "true_divide": "div",
    "absolute": "abs",
    "negative": "neg",
    "clip": "clamp",
    "swapaxes": "transpose",
    "swapdims": "transpose",
    "numpy_T": "t",
    "moveaxis": "movedim",
    "_unsafe_index": "index",
    "_local_scalar_dense": "item",
}
# Operators of Python that the dispatcher knows under their own names.
_OPERATORS = {
    "and": "bitwise_and",
    "or": "bitwise_or",
    "xor": "bitwise_xor",
    "lshift": "bitwise_left_shift",
    "rshift": "bitwise_right_shift",
}
_SPATIAL = ("kernel_size", "stride", "padding", "dilation", "output_padding", "output_size")
# Which library ran the op, not what it computed.
_NOT_SETTINGS = {"cudnn_enabled", "cudnn_enable", "benchmark", "deterministic", "allow_tf32"}


def kind_of(schema_name: str) -> str:
    """The kind of an op from its schema's name, ``"aten::relu_"`` -> ``"relu"``.

    Examples
    --------
    >>> [kind_of(name) for name in ("aten::relu_", "aten::_softmax", "aten::__ior__")]
    ['relu', 'softmax', 'bitwise_or']
    """
    space, _, name = schema_name.rpartition("::")
    if name.startswith("__") and name.endswith("__"):
        bare = name.strip("_")
        name = _OPERATORS.get(bare) or _OPERATORS.get(bare[1:], bare)
    elif name.endswith("_"):
        name = name[:-1]
    name = _SYNONYMS.get(name, name)
    return name if space in ("aten", "prims", "") else f"{space}.{name}"


def refine(kind: str, bound: Mapping[str, Any]) -> str:
    """The kind once the arguments are known: ``convolution`` -> ``conv2d``.

    ``bound`` holds the call's arguments by name, tensors included.
    """
    if kind == "convolution":
        dimensions = bound["weight"].dim() - 2
        return f"conv_transpose{dimensions}d" if bound.get("transposed") else f"conv{dimensions}d"
    if kind == "hardtanh" and bound["min_val"] == 0 and bound["max_val"] == 6:
        return "relu6"
    return kind


def settings_of(
    kind: str, bound: Mapping[str, Any], plain: Mapping[str, Argument]
) -> dict[str, Argument]:
    """Settings by their standard names, complete and in one form.

    ``plain`` holds the arguments that are not tensors. Spatial settings are written out
    for each dimension, ``stride=2`` as ``(2, 2)``; a convolution says its kernel size and
    padding mode; ``"same"`` and ``"valid"`` padding become numbers, with (before, after)
    pairs where the two sides differ.
    """
    settings: dict[str, Argument] = {
        name: value
        for name, value in plain.items()
        if value is not None and name not in _NOT_SETTINGS
    }
    dimensions = int(kind[-2]) if kind[-2:] in ("1d", "2d", "3d") else 0
    if kind == "relu6":
        settings = {}
    elif kind == "group_norm" and "group" in settings:
        settings = {"num_groups": settings["group"], "eps": settings["eps"]}
    elif kind.startswith("conv") and "weight" in bound:
        settings = {
            "kernel_size": tuple(bound["weight"].shape[2:]),
            **settings,
            "dilation": settings.get("dilation", (1,)),
            "groups": settings.get("groups", 1),
            "padding_mode": "zeros",
        }
        settings.pop("transposed", None)
        if not kind.startswith("conv_transpose"):
            settings.pop("output_padding", None)
    if dimensions:
        for name in _SPATIAL:
            value = settings.get(name)
            if isinstance(value, tuple) and len(value) == 1 < dimensions:
                settings[name] = value * dimensions
    if settings.get("stride") == () and "kernel_size" in settings:
        settings["stride"] = settings["kernel_size"]
    padding, kernel, dilation = (settings.get(n) for n in ("padding", "kernel_size", "dilation"))
    if isinstance(padding, str) and isinstance(kernel, tuple) and isinstance(dilation, tuple):
        settings["padding"] = _padding_in_numbers(padding == "same", kernel, dilation)
    return settings


def _padding_in_numbers(same: bool, kernel: tuple[Any, ...], dilation: tuple[Any, ...]) -> Argument:
    """PyTorch's "same" puts the odd one of an uneven padding behind the input."""
    totals = [d * (k - 1) if same else 0 for k, d in zip(kernel, dilation, strict=True)]
    if all(total % 2 == 0 for total in totals):
        return tuple(total // 2 for total in totals)
    return tuple((total // 2, total - total // 2) for total in totals)
