"""Curves over the steps of a training, drawn by Pillow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layerwalk.render.board import Board
from layerwalk.render.lettering import width
from layerwalk.render.numerals import tell
from layerwalk.render.paper import ACCENT, CAPTION, INK, LINE, SOFT, TINY, Colour

__all__ = ["Curve", "draw_curves"]

_SMOOTH = 4  # drawn so many times larger, then shrunk: Pillow's lines have jagged edges
_COLOURS: tuple[Colour, ...] = (SOFT, ACCENT, (178, 88, 20))
_LEGEND = 30
_DOTTED, _DOT = 60, 4 * _SMOOTH


@dataclass(frozen=True, eq=False, slots=True)
class Curve:
    """One quantity over the steps, int64 and float64 of shape (N,)."""

    name: str
    steps: NDArray[np.int64] = field(repr=False)
    values: NDArray[np.float64] = field(repr=False)


def draw_curves(
    board: Board,
    curves: Sequence[Curve],
    box: tuple[int, int, int, int],
    *,
    at: int | None = None,
    last: int | None = None,
) -> None:
    """Draw curves into ``box`` (left, top, width, height): steps on a log scale, values linear.

    Parameters
    ----------
    board
        Where to.
    curves
        Up to three; values that are not finite leave a gap.
    box
        The room, with the axes.
    at
        The step to be marked.
    last
        The last step of the axis.
    """
    from PIL import Image as Pillow
    from PIL import ImageDraw

    left, top, wide, high = box
    known = [curve for curve in curves if np.isfinite(curve.values).any()]
    if not known:
        return
    end = max([last or 1, *(int(curve.steps[-1]) for curve in known)])
    highest = max(float(curve.values[np.isfinite(curve.values)].max()) for curve in known) or 1.0
    lowest = min(0.0, *(float(curve.values[np.isfinite(curve.values)].min()) for curve in known))
    plot = (left + 70, top + _LEGEND, wide - 80, high - _LEGEND - 30)

    def place(step: float, value: float) -> tuple[float, float]:
        across = math.log1p(step) / math.log1p(end) * plot[2]
        down = (highest - value) / (highest - lowest) * plot[3]
        return across, down

    _axes(board, plot, end, (lowest, highest))
    sheet = Pillow.new("RGB", (plot[2] * _SMOOTH, (plot[3] + 2) * _SMOOTH), (255, 255, 255))
    pen = ImageDraw.Draw(sheet)
    for step in _decades(end):
        x = place(step, 0)[0] * _SMOOTH
        pen.line([(x, 0), (x, sheet.height)], fill=LINE, width=_SMOOTH)
    if at is not None:
        x = place(at, 0)[0] * _SMOOTH
        pen.line([(x, 0), (x, sheet.height)], fill=INK, width=2 * _SMOOTH)
    for curve, colour in zip(known, _COLOURS, strict=False):
        for part in _unbroken(curve):
            points = [
                (x * _SMOOTH, (y + 1) * _SMOOTH) for x, y in (place(*point) for point in part)
            ]
            pen.line(points, fill=colour, width=2 * _SMOOTH, joint="curve")
            if len(curve.steps) <= _DOTTED:
                for x, y in points:
                    round_ = (x - _DOT, y - _DOT, x + _DOT, y + _DOT)
                    pen.ellipse(round_, fill=colour)
    small = sheet.resize((plot[2], plot[3] + 2), Pillow.Resampling.BOX)
    board.picture(np.asarray(small), plot[0], plot[1])
    _legend(board, known, (plot[0], top + 18), at)


def _axes(
    board: Board, plot: tuple[int, int, int, int], end: int, ends: tuple[float, float]
) -> None:
    left, top, wide, high = plot
    board.text(left - 10, top + 14, tell(ends[1]), size=TINY, colour=SOFT, align="right")
    board.text(left - 10, top + high, tell(ends[0]), size=TINY, colour=SOFT, align="right")
    told = -math.inf
    for step in (*_decades(end), end):
        x = left + math.log1p(step) / math.log1p(end) * wide
        label = f"{step:,}"
        if x - told < width(label, TINY) + 16:
            continue
        told = x
        align = "right" if step == end else "center"
        board.text(x, top + high + 24, label, size=TINY, colour=SOFT, align=align)  # type: ignore[arg-type] # one of the two


def _decades(end: int) -> list[int]:
    return [0, *(10**power for power in range(9) if 10**power < end)]


def _unbroken(curve: Curve) -> list[list[tuple[float, float]]]:
    parts: list[list[tuple[float, float]]] = [[]]
    for step, value in zip(curve.steps.tolist(), curve.values.tolist(), strict=True):
        if math.isfinite(value):
            parts[-1].append((step, value))
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def _legend(board: Board, curves: Sequence[Curve], corner: tuple[int, int], at: int | None) -> None:
    left, baseline = corner
    for curve, colour in zip(curves, _COLOURS, strict=False):
        board.box(left, baseline - 8, 24, 4, colour)
        text = curve.name
        if at is not None:
            behind = int(np.searchsorted(curve.steps, at, side="right"))
            if behind:
                text = f"{text} {tell(float(curve.values[behind - 1]))}"
        board.text(left + 32, baseline, text, size=CAPTION)
        left += 32 + round(width(text, CAPTION)) + 40
