"""A film of a window that slides: its moves, and the picture of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.recipes.explanation import Explanation
from layerwalk.record import Array, Op
from layerwalk.render.accounts import tell_exactly
from layerwalk.render.board import Board
from layerwalk.render.colour import Scale, choose_scale
from layerwalk.render.figures.grid import Grid, outline
from layerwalk.render.fit import choose_fit
from layerwalk.render.lettering import shorten
from layerwalk.render.lettering import width as text_width
from layerwalk.render.numerals import tell_count
from layerwalk.render.paper import ACCENT, BODY, CAPTION, MARGIN, SOFT, TITLE
from layerwalk.render.window import Plane

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Film", "Move"]

_PRINTED = 16  # rows or columns up to which a map's numbers are printed
_LARGEST = 560  # pixels of a map each way
_HEAD = MARGIN + 84
_FOOT = 76
_GAP = 56
_LEAST = 16  # pixels of a frame


@dataclass(frozen=True, eq=False)
class Move:
    """One place of the window.

    Attributes
    ----------
    index
        Row and column of the value on the output's map.
    plane
        The terms in the channel that is shown; its box is where the window lies.
    explanation
        How the whole value is made.
    """

    index: tuple[int, int]
    plane: Plane
    explanation: Explanation


@dataclass(frozen=True, eq=False)
class Film:
    """The moves of a window over a map, in reading order.

    Attributes
    ----------
    op, lead
        The op, and which map of its output.
    moves
        At least one.
    input, output
        The map that the window slides over and the one that fills, (H, W).
    bounds
        How far the window goes: first row and column, and those past the last; beyond the
        input's ends where there is padding.
    """

    op: Op
    lead: tuple[int, ...]
    moves: tuple[Move, ...]
    input: Array = field(repr=False)
    output: Array = field(repr=False)
    bounds: tuple[int, int, int, int]

    def __len__(self) -> int:
        return len(self.moves)

    def filled(self, k: int) -> Array:
        """The output's map after the k-th move, float64: NaN where it is not yet filled."""
        row, column = self.moves[k].index
        flat = self.output.astype(np.float64).reshape(-1).copy()
        flat[row * self.output.shape[1] + column + 1 :] = np.nan
        return flat.reshape(self.output.shape)

    def pictures(self) -> Iterator[Image]:
        """The pictures, all of one size, mode RGB, each drawn when it is asked for."""
        return (self.picture(k) for k in range(len(self)))

    def picture(self, k: int) -> Image:
        """The picture of the k-th move."""
        move, (wide, high) = self.moves[k], self._size
        board = Board(wide, high)
        title = shorten(self._title, TITLE, wide - 2 * MARGIN, bold=True)
        board.text(MARGIN, MARGIN + 26, title, size=TITLE, bold=True)
        board.text(MARGIN, MARGIN + 62, self._counted(k), size=CAPTION, colour=SOFT)
        left = MARGIN
        for grid in self._grids(k):
            grid.draw(board, left, _HEAD + (self._tallest - grid.height) // 2)
            if grid.name == "input":
                self._frame(board, grid, left, _HEAD + (self._tallest - grid.height) // 2, move)
            if grid.name == "output":
                self._frame_value(board, grid, left, move)
            left += grid.width + _GAP
        said = shorten(self._said(move), BODY, wide - 2 * MARGIN, keep_end=False)
        board.text(MARGIN, high - MARGIN + 4, said, size=BODY)
        return board.image

    def _grids(self, k: int) -> list[Grid]:
        move, filled = self.moves[k], self.filled(k)
        canvas, outside = self._canvas
        top, left = self._origin
        grids = [_map_grid(canvas, "input", self._scales[0], hatched=outside, origin=(top, left))]
        if move.plane.weights is not None:
            kernel = move.plane.weights
            blank = move.plane.absent
            cell = max(8, min(72, 320 // max(kernel.shape)))
            numbers = max(kernel.shape) <= 7
            grids.append(
                Grid(kernel, "kernel", "", self._scales[1], cell, blank=blank, numbers=numbers)
            )
        empty = np.isnan(filled) & ~np.isnan(self.output.astype(np.float64))
        filling = _map_grid(self.output, "output", self._scales[2], blank=empty)
        return [*grids, filling]

    @cached_property
    def _canvas(self) -> tuple[Array, Array]:
        """The input with as much padding as the window reads, and where that is."""
        high, wide = self.input.shape
        top, left = self._origin
        down, right = max(self.bounds[2] - high, 0), max(self.bounds[3] - wide, 0)
        sides = ((-top, down), (-left, right))
        beyond = np.pad(np.zeros(self.input.shape, dtype=bool), sides, constant_values=True)
        canvas = np.pad(self.input, sides)
        for move in self.moves:  # padding is what the op read there, zero or not
            plane = move.plane
            rows, columns = (plane.places[plane.padding] - (top, left)).T
            canvas[rows, columns] = plane.numbers[plane.padding]
        return canvas, beyond

    @property
    def _origin(self) -> tuple[int, int]:
        return min(self.bounds[0], 0), min(self.bounds[1], 0)

    @cached_property
    def _scales(self) -> tuple[Scale, Scale, Scale]:
        kernels = [m.plane.weights for m in self.moves if m.plane.weights is not None]
        kernel = np.nan_to_num(np.stack(kernels)) if kernels else np.zeros(1)
        return (
            choose_scale(self.input),
            choose_scale(kernel, map="bluered"),
            choose_scale(self.output),
        )

    @cached_property
    def _tallest(self) -> int:
        return max(grid.height for grid in self._grids(0))

    @cached_property
    def _size(self) -> tuple[int, int]:
        grids = self._grids(0)
        wide = sum(grid.width + _GAP for grid in grids) - _GAP
        told = max(text_width(self._said(move), BODY) for move in self.moves)
        named = text_width(self._title, TITLE, bold=True)
        counted = text_width(self._counted(len(self) - 1), CAPTION)
        room = max(wide, min(round(max(told, named, counted)) + 8, 1100))
        high = _HEAD + self._tallest + _FOOT + MARGIN // 2
        # Films are coded in blocks of two by two pixels.
        return (room + 2 * MARGIN + 1) // 2 * 2, (high + 1) // 2 * 2

    @property
    def _title(self) -> str:
        rank = len(self.moves[0].explanation.index) - len(self.lead)
        return f"{self.op.name} at {','.join([*map(str, self.lead), *'yx'[2 - rank :]])}"

    def _counted(self, k: int) -> str:
        values = self.output.size
        row, column = self.moves[k].index
        at = row * self.output.shape[1] + column + 1
        said = f"{self.op.kind}  ·  value {at:,} of {values:,}"
        if len(self) < values:
            step = self._place(1) - self._place(0)
            said += f"  ·  1 in {step:,} shown"
        channel = self.moves[0].plane.channel
        first = 1 if len(channel) > 1 else 0
        for name, axis in zip(("channel", "depth"), range(first, len(channel)), strict=False):
            read = self.moves[0].explanation.terms.places[0][:, axis]
            if read.min() < read.max():
                said += f"  ·  input {name} {channel[axis]} ({read.min()} to {read.max()})"
        return said

    def _place(self, k: int) -> int:
        row, column = self.moves[k].index
        return row * int(self.output.shape[1]) + column

    def _said(self, move: Move) -> str:
        found = move.explanation
        terms = tell_count(len(found.terms), "product" if len(found.terms.values) > 1 else "number")
        said = f"{found.combine} of {terms}"
        if found.bias is not None:
            said += f", plus the bias {tell_exactly(found.bias, 4)}"
        return f"{said} = {tell_exactly(found.recorded, 6)}"

    def _frame(self, board: Board, grid: Grid, left: int, top: int, move: Move) -> None:
        plane, cell = move.plane, grid.cell
        if plane.absent.all():
            return
        left, top = left + grid.edge, top + grid.head
        origin = self._origin
        fit = choose_fit(self._canvas[0].shape, (_LARGEST, _LARGEST))
        scaled = cell / (fit.step if max(self._canvas[0].shape) > _PRINTED else 1)
        first_row, first_column, last_row, last_column = plane.box
        area = (last_row - first_row) * (last_column - first_column)
        whole = area == int((~plane.absent).sum()) or scaled < 10
        boxes = [plane.box]
        if not whole:
            places = plane.places[~plane.absent]
            boxes = [(int(y), int(x), int(y) + 1, int(x) + 1) for y, x in places]
        for y, x, below, right in boxes:
            wide, high = (right - x) * scaled, (below - y) * scaled
            aside, above = max(_LEAST - wide, 0) / 2, max(_LEAST - high, 0) / 2
            corner = left + (x - origin[1]) * scaled - aside, top + (y - origin[0]) * scaled - above
            outline(board, (*corner, wide + 2 * aside, high + 2 * above), weight=4)
        chosen = self._winner(move)
        if chosen is not None and scaled >= 24:
            y, x = chosen
            corner = left + (x - origin[1]) * scaled + 6, top + (y - origin[0]) * scaled + 6
            outline(board, (*corner, scaled - 12, scaled - 12), colour=ACCENT, weight=4)

    def _winner(self, move: Move) -> tuple[int, int] | None:
        plane, combine = move.plane, move.explanation.combine
        if combine not in ("max", "min") or np.isnan(plane.results[~plane.absent]).any():
            return None
        pick = np.nanargmax if combine == "max" else np.nanargmin
        if plane.results.flat[pick(plane.results)] != move.explanation.total:
            return None  # the winner is in another plane of the window
        y, x = plane.places.reshape(-1, 2)[int(pick(plane.results))]
        return int(y), int(x)

    def _frame_value(self, board: Board, grid: Grid, left: int, move: Move) -> None:
        row, column = move.index
        fit = choose_fit(self.output.shape, (_LARGEST, _LARGEST))
        scaled = grid.cell / (fit.step if max(self.output.shape) > _PRINTED else 1)
        top = _HEAD + (self._tallest - grid.height) // 2 + grid.head
        size = max(scaled, _LEAST)
        x = left + grid.edge + (column + 0.5) * scaled - size / 2
        y = top + (row + 0.5) * scaled - size / 2
        outline(board, (x, y, size, size), weight=4)


def _map_grid(
    array: Array,
    name: str,
    scale: Scale,
    *,
    hatched: Array | None = None,
    blank: Array | None = None,
    origin: tuple[int, int] = (0, 0),
) -> Grid:
    """A map with its numbers where it is small, in colours where it is large."""
    numbers = max(array.shape) <= _PRINTED
    fit = choose_fit(array.shape, (_LARGEST, _LARGEST), most=72)
    drawn = fit.sample(array)
    rows, columns = range(0), range(0)
    if numbers:
        rows = range(origin[0], origin[0] + array.shape[0])
        columns = range(origin[1], origin[1] + array.shape[1])
    return Grid(
        drawn,
        name,
        fit.note,
        scale,
        fit.zoom,
        hatched=None if hatched is None else fit.sample(hatched),
        blank=None if blank is None else fit.sample(blank),
        rows=rows,
        columns=columns,
        numbers=numbers,
    )
