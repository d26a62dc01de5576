"""Convolutions: a sum of products over a window, and its transpose."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis, Read, Recipe, Step
from layerwalk.recipes.rules.window import LOOPS, affine, map_axes, rank_of, slid

__all__ = ["convolution", "transposed_convolution"]


@rule("conv1d", "conv2d", "conv3d")
def convolution(call: Call) -> Recipe:
    """Each output: the window times the kernel, summed over the group's channels, plus bias.

    As PyTorch defines `torch.nn.functional.conv2d`: no flip of the kernel (cross-correlation).
    """
    rank = rank_of(call)
    weight = call.input(call.tensor("weight")).shape  # (out, in of a group, kernel...)
    kernel = weight[2:]
    stride = call.numbers("stride", count=rank, default=1)
    dilation = call.numbers("dilation", count=rank, default=1)
    axes = map_axes(call, rank)
    *lead, c = (name for name, _ in axes[:-rank])
    places = [name for name, _ in axes[-rank:]]
    window = slid(places, stride, dilation, _padding(call, kernel, dilation))
    groups = _groups(call)
    first = affine((1, "i"), (weight[1], ("floordiv", c, weight[0] // groups)))
    loops = (("i", weight[1]), *zip(LOOPS[rank], kernel, strict=True))
    reads = (
        Read(call.tensor("input", "self"), (*lead, _one_group(groups, first), *window), beyond=0.0),
        Read(call.tensor("weight"), (c, *(name for name, _ in loops))),
    )
    return _summed(call, axes, reads, loops)


@rule("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
def transposed_convolution(call: Call) -> Recipe:
    """Each output: the inputs whose window, laid out by the stride, covers it."""
    rank = rank_of(call)
    weight = call.input(call.tensor("weight")).shape  # (in, out of a group, kernel...)
    kernel = weight[2:]
    stride = call.numbers("stride", count=rank, default=1)
    dilation = call.numbers("dilation", count=rank, default=1)
    before = call.numbers("padding", count=rank, default=0)
    groups = _groups(call)
    axes = map_axes(call, rank)
    *lead, c = (name for name, _ in axes[:-rank])
    window: tuple[Expression, ...] = tuple(
        ("exact", reach, s) if s > 1 else reach
        for reach, s in zip(
            slid([name for name, _ in axes[-rank:]], (1,) * rank, _opposite(dilation),
                 _opposite(before)),
            stride, strict=True,
        )
    )  # fmt: skip
    channels, made = weight[0] // groups, weight[1]
    first = _one_group(groups, affine((1, "i"), (channels, ("floordiv", c, made))))
    own: Expression = c if groups == 1 else ("mod", c, made)
    reads = (
        Read(call.tensor("input", "self"), (*lead, first, *window), beyond="skip"),
        Read(call.tensor("weight"), (first, own, *LOOPS[rank])),
    )
    return _summed(call, axes, reads, (("i", channels), *zip(LOOPS[rank], kernel, strict=True)))


def _groups(call: Call) -> int:
    groups = call.argument("groups", default=1)
    if not isinstance(groups, int):
        raise NoRecipeError(f"groups is {groups}")
    return groups


def _one_group(groups: int, channel: Expression) -> Expression:
    return "i" if groups == 1 else channel


def _opposite(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(-number for number in numbers)


def _summed(
    call: Call, axes: tuple[Axis, ...], reads: tuple[Read, ...], loops: tuple[Axis, ...]
) -> Recipe:
    step = Step("sum", loops, "sum", ("mul", ("read", 0), ("read", 1)))
    bias = call.operand("bias")
    if bias is None:
        return Recipe(axes, reads, (step,), "sum")
    reads = (*reads, Read(bias, ("c",)))
    return Recipe(axes, reads, (step,), ("add", "sum", ("read", 2)))


def _padding(call: Call, kernel: tuple[int, ...], dilation: tuple[int, ...]) -> tuple[int, ...]:
    """How many positions lie before the input, in each dimension."""
    padding = call.argument("padding", default=0)
    if padding == "valid":
        return (0,) * len(kernel)
    if padding == "same":  # the odd one of an uneven padding stands behind
        return tuple(d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=True))
    if isinstance(padding, str):
        raise NoRecipeError(f"padding {padding!r}")
    return call.numbers("padding", count=len(kernel), default=0)
