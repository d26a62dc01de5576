"""Convolutions and pooling of ONNX: what slides a window, with its settings in one form."""

from __future__ import annotations

from collections.abc import Sequence

from layerwalk.onnx_walk.node import Node
from layerwalk.record import Argument

__all__ = ["conv", "conv_transpose", "pool", "pool_all"]


def conv(node: Node) -> tuple[str, dict[str, Argument]]:
    """A convolution as torch has it."""
    kernel = node.shape(1)[2:]
    slide = _slide(node, kernel)
    return f"conv{len(kernel)}d", {**_tensors(node), **slide, "groups": _groups(node)}


def conv_transpose(node: Node) -> tuple[str, dict[str, Argument]]:
    """A transposed convolution as torch has it."""
    kernel = node.shape(1)[2:]
    slide = _slide(node, kernel)
    more = _numbers(node, "output_padding", len(kernel), 0)
    return f"conv_transpose{len(kernel)}d", {
        **_tensors(node), **slide, "output_padding": more, "groups": _groups(node)
    }  # fmt: skip


def pool(node: Node) -> tuple[str, dict[str, Argument]]:
    """Maximum or average pooling as torch has it."""
    kernel = tuple(int(k) for k in node.attributes.get("kernel_shape", ()))
    slide = _slide(node, kernel)
    ceil = bool(node.attributes.get("ceil_mode", 0))
    given = {"self": node.ref(0), "kernel_size": kernel, **slide, "ceil_mode": ceil}
    if node.operator == "MaxPool":
        return f"max_pool{len(kernel)}d", given
    given.pop("dilation")
    counted = bool(node.attributes.get("count_include_pad", 0))
    return f"avg_pool{len(kernel)}d", {**given, "count_include_pad": counted}


def pool_all(node: Node) -> tuple[str, dict[str, Argument]]:
    """Pooling of the whole map to one value."""
    rank = max(len(node.shape()) - 2, 1)
    kind = "adaptive_max_pool" if node.operator == "GlobalMaxPool" else "adaptive_avg_pool"
    return f"{kind}{rank}d", {"self": node.ref(0), "output_size": (1,) * rank}


def _tensors(node: Node) -> dict[str, Argument]:
    return {"input": node.ref(0), "weight": node.ref(1), "bias": node.ref(2)}


def _groups(node: Node) -> int:
    return int(node.attributes.get("group", 1))


def _slide(node: Node, kernel: Sequence[int]) -> dict[str, Argument]:
    rank = len(kernel)
    stride = _numbers(node, "strides", rank, 1)
    dilation = _numbers(node, "dilations", rank, 1)
    return {
        "stride": stride,
        "padding": _padding(node, kernel, stride, dilation),
        "dilation": dilation,
    }


def _numbers(node: Node, name: str, rank: int, default: int) -> tuple[int, ...]:
    return tuple(int(k) for k in node.attributes.get(name, (default,) * rank))


def _padding(
    node: Node, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> Argument:
    """One number a dimension, or a pair where the two sides differ."""
    rank = len(kernel)
    how = str(node.attributes.get("auto_pad", "NOTSET"))
    if how in ("SAME_UPPER", "SAME_LOWER"):
        # So much that an output covers every stride of the input; the odd one goes to that side.
        sides = []
        for length, k, s, d in zip(node.shape()[-rank:], kernel, stride, dilation, strict=True):
            total = max((-(-length // s) - 1) * s + d * (k - 1) + 1 - length, 0)
            less, more = total // 2, total - total // 2
            sides.append((less, more) if how == "SAME_UPPER" else (more, less))
    else:
        pads = _numbers(node, "pads", 2 * rank, 0) if how == "NOTSET" else (0,) * (2 * rank)
        sides = list(zip(pads[:rank], pads[rank:], strict=True))
    if all(before == after for before, after in sides):
        return tuple(before for before, _ in sides)
    return tuple(sides)
