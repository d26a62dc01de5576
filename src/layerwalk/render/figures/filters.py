"""The filters of a convolution, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import choose_scale
from layerwalk.render.figures.cells import draw_cells, fit_numbers
from layerwalk.render.figures.page import Page
from layerwalk.render.header import Header, facts_of
from layerwalk.render.numerals import choose_decimals
from layerwalk.render.paper import CAPTION, MARGIN
from layerwalk.render.tables import MapName
from layerwalk.render.tally import tally

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["filters"]

_GAP = 28
_NAME = 34
_BETWEEN = 8
_ROOM = 1900


def filters(
    weights: Array | Sequence[Array],
    *,
    title: str = "Filters",
    limit: int = 16,
    inputs: int = 8,
    numbers: bool | None = None,
    first: int = 0,
    channels: Sequence[str] = (),
    map: MapName = "bluered",  # noqa: A002 - the field's word
) -> Figure:
    """The filters of a convolution as coloured cells with numbers, a matplotlib figure.

    A filter is a block with one grid for each input channel, in order. All share one
    scale, diverging about zero.

    Parameters
    ----------
    weights
        Shape (O, I, kh, kw) as PyTorch has them, (O, I, k) of a 1-D convolution, or a
        sequence of (kh, kw) arrays of one size.
    title
        Printed above.
    limit, inputs
        At most so many filters, and input channels of each, are drawn; the header says
        how many there are.
    numbers
        Whether to print the numbers; by default as long as there are no more than 1,500.
    first
        Number of the first filter; the others count on from it. Where it is not 0, the
        channel that a filter makes is said, too: "Filter 1 (channel 0)".
    channels
        Names of the input channels, said in the header: ``("red", "green", "blue")``.
    map
        Colour map.

    Raises
    ------
    LayerwalkError
        The weights have another shape, or are empty.

    Examples
    --------
    >>> import numpy as np
    >>> edge = np.tile([-1.0, -1.0, 1.0, 1.0], (4, 1))
    >>> figure = filters([edge, -edge, edge.T, -edge.T])
    """
    every = _weights(weights)
    if limit < 1 or inputs < 1:
        raise LayerwalkError("a limit below 1 shows nothing", where=title, mend="give 1 or more")
    drawn = every[:limit, :inputs]
    count, scale = tally(every), choose_scale(every, map=map)
    if numbers is None:
        numbers = drawn.size <= 1500
    lay = _Layout.of(drawn.shape, numbers=numbers)
    header = Header(
        title,
        facts_of("", every.shape, count),
        scale,
        (
            "same scale for all filters",
            *([f"grids: {', '.join(channels)}"] if channels else []),
            *_left_out(every.shape, drawn.shape),
        ),
        count.flaws,
    )
    room = max(lay.columns * lay.across - _GAP, header.room)
    rows = -(-len(drawn) // lay.columns)
    page = Page(room + 2 * MARGIN, header.height + rows * lay.down - _GAP + MARGIN)
    header.draw(page, room)
    decimals = choose_decimals(drawn)
    size = fit_numbers(drawn, lay.cell, decimals) if numbers else None
    for at, one in enumerate(drawn):
        row, column = divmod(at, lay.columns)
        left, top = MARGIN + column * lay.across, header.height + row * lay.down
        name = f"Filter {first + at} (channel {at})" if first else f"Filter {at}"
        page.text(left, top + 22, name, size=CAPTION, bold=True)
        for channel, grid in enumerate(one):
            draw_cells(
                page,
                grid,
                left + channel * lay.grid,
                top + _NAME,
                cell=lay.cell,
                scale=scale,
                decimals=decimals,
                size=size,
                ruled=numbers,
            )
    return page.figure


@dataclass(frozen=True, slots=True)
class _Layout:
    """Blocks of grids, one block a filter, one grid an input channel; in pixels."""

    columns: int
    cell: int
    grid: int  # from one grid of a block to the next
    across: int  # from one block to the next
    down: int

    @classmethod
    def of(cls, shape: tuple[int, ...], *, numbers: bool) -> _Layout:
        count, inputs, height, width = shape
        if inputs == 1:
            columns = min(count, 4 if count <= 8 else 8)
            cell = (_ROOM // columns - _GAP) // width
            most = min(110, 420 // max(height, width)) if numbers else 24
            cell = max(min(cell, most), 38 if numbers else 4)
        else:
            cell = 62 if numbers else max(4, min(24, _ROOM // (inputs * width + 1)))
            block = inputs * (width * cell + _BETWEEN)
            columns = max(1, min(count, (_ROOM + _GAP) // (block + _GAP)))
        grid = width * cell + _BETWEEN
        across = max(inputs * grid - _BETWEEN, 120) + _GAP
        return cls(columns, cell, grid, across, _NAME + height * cell + _GAP)


def _weights(weights: Array | Sequence[Array]) -> Array:
    shapes = {np.shape(one) for one in weights} if isinstance(weights, (list, tuple)) else set()
    if len(shapes) > 1:
        raise LayerwalkError(
            f"the filters have different shapes: {sorted(shapes)}",
            where="filters",
            mend="draw each size in a figure of its own",
        )
    array = np.asarray(weights)
    if shapes and array.ndim == 3:
        array = array[:, None]
    elif array.ndim == 3:
        array = array[:, :, None]
    elif array.ndim == 2:
        array = array[None, None]
    if array.ndim != 4 or array.size == 0 or array.dtype.kind not in "biuf":
        raise LayerwalkError(
            f"weights of shape {np.shape(weights)} are not the filters of a 1-D or 2-D convolution",
            where="filters",
            mend="pass (filters, inputs, height, width), or a list of (height, width)",
        )
    return array


def _left_out(every: tuple[int, ...], drawn: tuple[int, ...]) -> tuple[str, ...]:
    words = ("filters", "input channels")
    return tuple(
        f"{shown} of {total} {word} shown"
        for shown, total, word in zip(drawn, every, words, strict=False)
        if shown < total
    )
