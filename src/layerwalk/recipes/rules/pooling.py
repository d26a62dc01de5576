"""Pooling: the largest value, or the mean, of a window."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError, flat_position
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis, Read, Recipe, Step
from layerwalk.recipes.rules.window import LOOPS, affine, map_axes, rank_of, slid

__all__ = ["adaptive_average", "adaptive_peak", "average", "peak"]


@rule("max_pool1d", "max_pool2d", "max_pool3d")
def peak(call: Call) -> Recipe:
    """The largest value of the window; positions beyond the input are left out.

    The second output of the variants "with_indices": where in its map that value stands.
    """
    rank = rank_of(call)
    kernel, stride, padding = _window(call, rank)
    dilation = call.numbers("dilation", count=rank, default=1)
    axes = map_axes(call, rank)
    window = slid([name for name, _ in axes[-rank:]], stride, dilation, padding)
    return _peak(call, axes, window, tuple(zip(LOOPS[rank], kernel, strict=True)), ())


@rule("adaptive_max_pool1d", "adaptive_max_pool2d", "adaptive_max_pool3d")
def adaptive_peak(call: Call) -> Recipe:
    """The largest value of the part of the map that one output stands for."""
    return _peak(call, *_parts(call))


@rule("avg_pool1d", "avg_pool2d", "avg_pool3d")
def average(call: Call) -> Recipe:
    """The mean of the window.

    With ``count_include_pad`` zeros of the padding count, but not what a window of
    ``ceil_mode`` reaches beyond it; otherwise only the input counts. ``divisor_override``
    takes the place of the count.
    """
    rank = rank_of(call)
    kernel, stride, padding = _window(call, rank)
    axes = map_axes(call, rank)
    lead = tuple(name for name, _ in axes[:-rank])
    window = slid([name for name, _ in axes[-rank:]], stride, (1,) * rank, padding)
    operand = call.tensor("self", "input")
    read = Read(operand, (*lead, *window), beyond="skip")
    if any(padding) and call.argument("count_include_pad", default=True):
        shape = call.input(operand).shape
        limits = [(0, n) for n in shape[:-rank]]
        limits += [(-p, n + p) for n, p in zip(shape[-rank:], padding, strict=True)]
        read = Read(operand, (*lead, *window), beyond=0.0, limits=tuple(limits))
    divisor = call.argument("divisor_override", default=None)
    loops = tuple(zip(LOOPS[rank], kernel, strict=True))
    if divisor is None:
        return Recipe(axes, (read,), (Step("mean", loops, "mean", ("read", 0)),), "mean")
    step = Step("sum", loops, "sum", ("read", 0))
    return Recipe(axes, (read,), (step,), ("div", "sum", divisor))


@rule("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d")
def adaptive_average(call: Call) -> Recipe:
    """The mean of the part of the map that one output stands for."""
    axes, window, loops, tables = _parts(call)
    lead = tuple(name for name, _ in axes[: -len(window)])
    read = Read(call.tensor("self", "input"), (*lead, *window), beyond="skip")
    step = Step("mean", loops, "mean", ("read", 0))
    return Recipe(axes, (read,), (step,), "mean", tables)


_Tables = tuple[tuple[tuple[int, ...], ...], ...]


def _peak(
    call: Call,
    axes: tuple[Axis, ...],
    window: tuple[Expression, ...],
    loops: tuple[Axis, ...],
    tables: _Tables,
) -> Recipe:
    rank = len(loops)
    operand = call.tensor("self", "input")
    lead = tuple(name for name, _ in axes[:-rank])
    reads = (Read(operand, (*lead, *window), beyond="skip"),)
    best = Step("max", loops, "max", ("read", 0))
    if call.output == 0:
        return Recipe(axes, reads, (best,), "max", tables)
    size = call.input(operand).shape[-rank:]
    if 0 in size or call.input(operand).dtype.startswith("complex"):
        raise NoRecipeError("there is no largest value")
    beyond = 1
    for length in size:
        beyond *= length
    # The first of equal values; NaN counts as larger than all numbers, the last one wins.
    here = flat_position(window, size)
    not_a_number: Expression = ("isnan", ("read", 0))
    steps = (
        best,
        Step("last NaN", loops, "max", ("where", not_a_number, here, -1)),
        Step("place", loops, "min", ("where", ("eq", ("read", 0), "max"), here, beyond)),
    )
    result: Expression = ("where", ("isnan", "max"), "last NaN", "place")
    return Recipe(axes, reads, steps, result, tables)


def _window(call: Call, rank: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Kernel size, stride and padding; without a stride the windows lie side by side."""
    kernel = call.numbers("kernel_size", count=rank)
    given = call.argument("stride", default=())
    stride = kernel if given in ((), None) else call.numbers("stride", count=rank)
    return kernel, stride, call.numbers("padding", count=rank, default=0)


def _parts(
    call: Call,
) -> tuple[tuple[Axis, ...], tuple[Expression, ...], tuple[Axis, ...], _Tables]:
    """Axes, window, loops and tables of a map in as many parts as there are outputs.

    Part k of n positions in m parts goes from floor(k n / m) to ceil((k + 1) n / m).
    """
    rank = rank_of(call)
    axes = map_axes(call, rank)
    shape = call.input(call.tensor("self", "input")).shape[-rank:]
    window: list[Expression] = []
    loops: list[Axis] = []
    tables: list[tuple[tuple[int, ...], ...]] = []
    for (place, m), n, loop in zip(axes[-rank:], shape, LOOPS[rank], strict=True):
        if m and n % m == 0:
            window.append(loop if m == 1 else affine((n // m, place), (1, loop)))
            loops.append((loop, n // m))
            continue
        parts = [range(k * n // m, -(-(k + 1) * n // m)) for k in range(m)]
        longest = max((len(part) for part in parts), default=1)
        # Shorter parts end with positions that are none.
        rows = tuple((*part, *[-1] * (longest - len(part))) for part in parts)
        window.append(("table", len(tables), place, loop))
        loops.append((loop, longest))
        tables.append(rows)
    return axes, tuple(window), tuple(loops), tuple(tables)
