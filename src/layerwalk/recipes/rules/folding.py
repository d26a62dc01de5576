"""Windows laid out as columns, columns laid back, and channels laid out in space."""

from __future__ import annotations

import math

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Read, Recipe, Step
from layerwalk.recipes.rules.shapes import reordered
from layerwalk.recipes.rules.window import affine, map_axes

__all__ = ["folded", "into_channels", "into_space", "shuffled", "unfolded", "windows"]


@rule("unfold")
def windows(call: Call) -> Recipe:
    """The windows of one dimension; the positions within them become the last dimension."""
    operand = call.tensor("self")
    index: list[Expression] = list(call.places[:-1])
    if not call.input(operand).shape:  # a single number is its own window
        return Recipe(call.axes, (Read(operand, ()),), (), ("read", 0))
    dimension = call.argument("dimension") % len(index)
    step = call.argument("step")
    index[dimension] = affine((step, index[dimension]), (1, call.places[-1]))
    return Recipe(call.axes, (Read(operand, tuple(index)),), (), ("read", 0))


@rule("im2col")
def unfolded(call: Call) -> Recipe:
    """Each window as a column: channels and positions within it, one after the other."""
    kernel, stride, padding, dilation = _window(call)
    operand = call.tensor("self")
    height, width = call.input(operand).shape[-2:]
    counts = [
        _count(n, *each)
        for n, each in zip(
            (height, width), zip(kernel, stride, padding, dilation, strict=True), strict=True
        )
    ]
    axes = (("n", call.shape[0]), ("c", call.shape[-2]), ("l", call.shape[-1]))
    *lead, c, column = (name for name, _ in axes[-len(call.shape) :])
    channels = call.shape[-2] // math.prod(kernel)
    channel, u, v = reordered((c,), (call.shape[-2],), (channels, *kernel))
    y, x = reordered((column,), (call.shape[-1],), tuple(counts))
    index = (
        *lead, channel,
        affine((stride[0], y), (dilation[0], u), -padding[0]),
        affine((stride[1], x), (dilation[1], v), -padding[1]),
    )  # fmt: skip
    read = Read(operand, index, beyond=0.0 if any(padding) else None)
    return Recipe(axes[-len(call.shape) :], (read,), (), ("read", 0))


@rule("col2im")
def folded(call: Call) -> Recipe:
    """The sum of all columns' numbers that lie at a position."""
    kernel, stride, padding, dilation = _window(call)
    axes = map_axes(call, 2)
    *lead, c = (name for name, _ in axes[:-2])
    counts = [
        _count(n, *each)
        for n, each in zip(
            call.shape[-2:], zip(kernel, stride, padding, dilation, strict=True), strict=True
        )
    ]
    columns = math.prod(counts)
    rows = []
    for k, ahead in enumerate((counts[1], 1)):
        # Where no window has its position here, far before the first column.
        rows.append(
            tuple(
                tuple(
                    start // stride[k] * ahead
                    if start % stride[k] == 0 and 0 <= start < counts[k] * stride[k]
                    else -2 * columns
                    for start in (place + padding[k] - u * dilation[k] for u in range(kernel[k]))
                )
                for place in range(call.shape[-2 + k])
            )
        )
    within = affine((math.prod(kernel), c), (kernel[1], "u"), (1, "v"))
    column: Expression = ("add", ("table", 0, "y", "u"), ("table", 1, "x", "v"))
    read = Read(call.tensor("self"), (*lead, within, column), beyond="skip")
    step = Step("sum", (("u", kernel[0]), ("v", kernel[1])), "sum", ("read", 0))
    return Recipe(axes, (read,), (step,), "sum", tuple(rows))


def _window(call: Call) -> tuple[tuple[int, ...], ...]:
    names = ("kernel_size", "stride", "padding", "dilation")
    return tuple(call.numbers(name, count=2) for name in names)


def _count(length: int, kernel: int, stride: int, padding: int, dilation: int) -> int:
    """How many windows there are along a dimension."""
    return (length + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


@rule("pixel_shuffle")
def into_space(call: Call) -> Recipe:
    """Channels laid out as finer positions (Shi et al., 2016)."""
    r = call.argument("upscale_factor")
    lead, (c, y, x) = call.places[:-3], call.places[-3:]
    channel = affine((r * r, c), (r, ("mod", y, r)), (1, ("mod", x, r)))
    index = (*lead, channel, ("floordiv", y, r), ("floordiv", x, r))
    return Recipe(call.axes, (Read(call.tensor("self"), index),), (), ("read", 0))


@rule("pixel_unshuffle")
def into_channels(call: Call) -> Recipe:
    """Positions laid out as channels, the inverse of a pixel shuffle."""
    r = call.argument("downscale_factor")
    lead, (c, y, x) = call.places[:-3], call.places[-3:]
    channels = call.shape[-3] // (r * r)
    channel, u, v = reordered((c,), (call.shape[-3],), (channels, r, r))
    index = (*lead, channel, affine((r, y), (1, u)), affine((r, x), (1, v)))
    return Recipe(call.axes, (Read(call.tensor("self"), index),), (), ("read", 0))


@rule("channel_shuffle", "native_channel_shuffle")
def shuffled(call: Call) -> Recipe:
    """Channels of all groups in turn: the first of each group, then the second (ShuffleNet)."""
    groups, channels = call.argument("groups"), call.shape[1]
    if channels % groups:
        raise NoRecipeError(f"{channels} channels in {groups} groups")
    index = list(call.places)
    place = call.places[1]
    if 1 < groups < channels:
        own = channels // groups
        index[1] = affine((own, ("mod", place, groups)), (1, ("floordiv", place, groups)))
    return Recipe(call.axes, (Read(call.tensor("self"), tuple(index)),), (), ("read", 0))
