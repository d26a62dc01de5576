"""Where two walks part: the errors along the network, and the maps of the op that departs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.comparison.comparison import Comparison
from layerwalk.comparison.difference import OpDifference
from layerwalk.record import Array
from layerwalk.render.colour import choose_scale
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.panel import Panel, nice_ticks
from layerwalk.render.fit import PlaneFit, choose_fit, choose_plane_fit
from layerwalk.render.lettering import shorten, width
from layerwalk.render.numerals import tell_count
from layerwalk.render.paper import (
    ACCENT,
    BODY,
    CAPTION,
    INK,
    LINE,
    MARGIN,
    SOFT,
    TINY,
    TITLE,
    hexadecimal,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["comparison_figure"]

_WIDE = 1640
_TALL = 480
_EDGE = 110
_HEAD = 210
_MAP = 370
_GAP = 50
_AXIS = "relative error"
_ROW = 40  # below the chart: ops without any error


def comparison_figure(
    found: Comparison, *, title: str | None = None, names: tuple[str, str] | None = None
) -> Figure:
    """The relative error of every op on a logarithmic scale, as a matplotlib figure.

    The first op that departs is named, the tolerance is drawn; ops without any error stand on
    a row of their own below. Under it are the maps of that op (of the worst one, where none
    departs): the channel that differs most in both walks, their difference, and the mean
    absolute difference over all channels.

    Parameters
    ----------
    found
        From :func:`layerwalk.comparison.compare.compare`.
    title
        What to call it; the networks and what tells the two walks apart if not given.
    names
        What to call the two walks in the title: those of their files. The photos if not given,
        where these are two.

    Examples
    --------
    >>> figure = comparison_figure(lw.compare(before, after))      # doctest: +SKIP
    """
    shown = found.first or found.worst
    if shown is not None and shown.measure.unequal == 0:
        shown = None
    panels = [] if shown is None else _panels(shown)
    below = max((panel.height for panel in panels), default=0)
    across = sum(panel.width for panel in panels) + _GAP * max(len(panels) - 1, 0)
    stacked = across > _WIDE + _EDGE
    if stacked:
        below = sum(panel.height for panel in panels)
    rows = _Rows.of(found)
    high = _HEAD + rows.high + 90 + (80 + below if panels else 0) + MARGIN
    page = Page(2 * MARGIN + _EDGE + _WIDE, high)
    named = title or _title(found, names)
    page.text(MARGIN, MARGIN + 26, shorten(named, TITLE, _WIDE, bold=True), size=TITLE, bold=True)
    for at, line in enumerate(_told(found)):
        fitted = shorten(line, BODY, _WIDE + _EDGE, keep_end=False)
        page.text(MARGIN, MARGIN + 64 + 34 * at, fitted, size=BODY, colour=SOFT)
    _draw_chart(page, found, rows, MARGIN + _EDGE, _HEAD)
    if shown is not None and panels:
        top = _HEAD + rows.high + 130
        verb = "the first to depart" if shown.departs else "the most different, within tolerance"
        page.text(MARGIN, top, f"{shown.name}, {verb}", size=BODY, bold=True)
        left, top = MARGIN, top + 34
        for panel in panels:
            panel.draw(page, left, top)
            if stacked:
                top += panel.height
            else:
                left += panel.width + _GAP
    return page.figure


def _title(found: Comparison, names: tuple[str, str] | None) -> str:
    """The networks, and by what the two walks are told apart."""
    networks = found.reference.name, found.other.name
    photos = [trace.photo.name if trace.photo else "" for trace in (found.reference, found.other)]
    if networks[0] != networks[1]:
        said = names or ("", "")
        told = [f"{name} ({network})" if name and name != network else network
                for name, network in zip(said, networks, strict=True)]  # fmt: skip
        return " and ".join(told)
    if names is not None:
        second = "itself" if names[0] == names[1] else names[1]
        return f"{networks[0]}: {names[0]} and {second}"
    if photos[0] != photos[1] and all(photos):
        return f"{networks[0]}: {photos[0]} and {photos[1]}"
    return f"{networks[0]}{f' on {photos[0]}' if photos[0] else ''}, two walks"


def _told(found: Comparison) -> list[str]:
    counted = tell_count(len(found), "op") + " compared"
    missing = f", {len(found.unmatched):,} not matched" if found.unmatched else ""
    first = found.first
    if first is None:
        return [f"{counted}{missing}: {'equal within tolerance' if found else 'outputs differ'}"]
    departs = f"{counted}{missing}: first to depart {first.name}"
    if first.measure.flawed:  # the reasons begin with how many, and where
        return [departs, "; ".join(found.reasons[:2])]
    return [f"{departs}, {first.extent}", *found.reasons[:1]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """How high the chart's parts are: a row of what has no size, decades, a row of zeros."""

    flawed: NDArray[np.bool_]
    some: NDArray[np.bool_]

    @classmethod
    def of(cls, found: Comparison) -> _Rows:
        errors = np.array([one.measure.relative_error for one in found])
        nan = np.array([one.measure.flawed > 0 for one in found], dtype=np.bool_)
        flawed = nan | ~np.isfinite(errors)
        return cls(flawed, (errors > 0) & ~flawed)

    @property
    def above(self) -> int:
        return _ROW if self.flawed.any() else 0

    @property
    def decades(self) -> int:
        """None where nothing differs that has a size: they would be empty."""
        return _TALL if self.some.any() else 0

    @property
    def high(self) -> int:
        return self.above + self.decades + _ROW


def _draw_chart(page: Page, found: Comparison, rows: _Rows, left: int, top: int) -> None:
    errors = np.array([one.measure.relative_error for one in found])
    allowed = np.array([one.tolerance for one in found])
    flawed, some, tall = rows.flawed, rows.some, rows.decades
    ends = np.concatenate([errors[some], allowed[allowed > 0]])
    low = math.floor(math.log10(ends.min())) if ends.size else -8
    high = max(math.ceil(math.log10(ends.max())) if ends.size else 0, low + 1)
    pitch = _WIDE / max(len(found), 1)
    step = max(1, -(-(high - low) // 10))

    def at(level: float) -> float:
        return top + rows.above + tall * (high - level) / (high - low)

    for level in range(low, high + 1, step) if tall else ():
        page.box(left - 8, at(level) - 1, _WIDE + 8, 2, LINE)
        said = f"1e{level}".replace("-", "\N{MINUS SIGN}") if level else "1"
        page.text(left - 18, at(level) + 6, said, size=TINY, colour=SOFT, align="right")
    zero = top + rows.high
    if rows.above:
        page.text(left - 18, top + 6, "NaN, inf", size=TINY, colour=SOFT, align="right")
    page.text(left - 18, zero + 6, "0", size=TINY, colour=SOFT, align="right")
    page.text(MARGIN, top - 16, _AXIS, size=CAPTION, colour=SOFT)
    axes = page.axes(left, top - 10, _WIDE, rows.high + 20)
    axes.set_xlim(0, _WIDE)
    axes.set_ylim(zero + 10, top - 10)
    middles = (np.arange(len(found)) + 0.5) * pitch
    if tall:
        lines = [at(math.log10(a)) if a > 0 else zero - _ROW / 2 for a in allowed]
        axes.plot(middles, lines, color=hexadecimal(SOFT), linewidth=0.9, linestyle=(0, (4, 3)))
    heights = np.full(len(found), float(zero))
    heights[some] = [at(math.log10(error)) for error in errors[some]]
    heights[flawed] = top
    departs = np.array([one.departs for one in found], dtype=np.bool_)
    size = float(np.clip(pitch * 0.6, 3, 14)) * 72 / 200
    axes.plot(middles, heights, color=hexadecimal(LINE), linewidth=0.9, zorder=1)
    for mask, colour, marker in (
        (~departs, SOFT, "o"), (departs & ~flawed, ACCENT, "o"), (departs & flawed, ACCENT, "x"),
    ):  # fmt: skip
        edge = 1.2 if marker == "x" else 0
        axes.plot(middles[mask], heights[mask], linestyle="none", marker=marker, markersize=size,
                  color=hexadecimal(colour), markeredgewidth=edge)  # fmt: skip
    _draw_axis(page, found, rows, left, zero)
    first = found.first
    if first is not None:
        place = next(k for k, one in enumerate(found) if one is first)
        x = left + middles[place]
        page.box(x - 1, top - 10, 3, rows.high + 20, ACCENT)
        _name_first(page, first, x, top - 16, left + _WIDE)


def _draw_axis(page: Page, found: Comparison, rows: _Rows, left: int, bottom: int) -> None:
    pitch = _WIDE / max(len(found), 1)
    for index in nice_ticks(len(found), 14):
        x = left + (index + 0.5) * pitch
        page.box(x - 1, bottom + 12, 2, 8, SOFT)
        number = str(found.ops[index].reference.index)
        page.text(x, bottom + 42, number, size=TINY, colour=SOFT, align="center")
    words = "ops of the reference, in the order of the walk"
    words += "; dashed: what is allowed" if rows.decades else ""
    words += "; x: NaN or infinite" if rows.above else ""
    page.text(left + _WIDE, bottom + 74, words, size=CAPTION, colour=SOFT, align="right")


def _name_first(page: Page, first: OpDifference, x: float, baseline: float, right: float) -> None:
    """The op's name beside its line, at the side where there is room."""
    name = shorten(first.name, CAPTION, 600, bold=True)
    beside = max(x + 12, MARGIN + width(_AXIS, CAPTION) + 24)  # clear of what the axis is called
    fits = beside + width(name, CAPTION, bold=True) <= right
    page.text(
        beside if fits else x - 12, baseline, name, size=CAPTION, bold=True, colour=INK,
        align="left" if fits else "right",
    )  # fmt: skip


def _panels(one: OpDifference) -> list[Panel]:
    """The channel that differs most in both walks, and where; vectors as strips."""
    first, second = one.arrays()
    difference = one.difference()
    if first.dtype.kind == "c":
        first, second, difference = np.abs(first), np.abs(second), np.abs(difference)
    if first.ndim < 3:
        return _strips(first, second, difference)
    worst = one.measure.worst or (0,) * first.ndim
    channel = int(one.channels().order[0])
    axis = one.channel_axis % first.ndim
    planes = [_plane(array, worst[0], axis, channel) for array in (first, second, difference)]
    spread = one.map(worst[0])
    while spread.ndim > 2:
        spread = spread[spread.shape[0] // 2]
    planes.append(spread.reshape(-1, spread.shape[-1]))
    sample = f" of image {worst[0]}" if first.shape[0] > 1 else ""
    facts = (f"channel {channel}{sample}", "the same", "other \N{MINUS SIGN} reference",
             "absolute, mean of channels")  # fmt: skip
    names = ("reference", "other", "difference", "everywhere")
    shared = choose_scale(np.stack(planes[:2]))
    apart, everywhere = choose_scale(planes[2], map="bluered"), choose_scale(planes[3])
    scales = (shared, shared, apart, everywhere)
    made = []
    for plane, name, fact, scale in zip(planes, names, facts, scales, strict=True):
        square = choose_fit(plane.shape, (_MAP, _MAP))
        made.append(Panel(plane, name, PlaneFit(square, square), scale, facts=fact))
    return made


def _plane(array: Array, sample: int, axis: int, channel: int) -> Array:
    """One map, (H, W); of a volume the middle slice, of a signal one row."""
    plane = np.take(array[sample], channel, axis=axis - 1)
    while plane.ndim > 2:
        plane = plane[plane.shape[0] // 2]
    return np.asarray(np.atleast_2d(plane))


def _strips(first: Array, second: Array, difference: Array) -> list[Panel]:
    rows = [array.reshape(-1, array.shape[-1]) if array.ndim else array.reshape(1, 1)
            for array in (first, second, difference)]  # fmt: skip
    shared = choose_scale(np.stack(rows[:2]))
    scales = (shared, shared, choose_scale(rows[2], map="bluered"))
    names = ("reference", "other", "difference")
    made = []
    for row, name, scale in zip(rows, names, scales, strict=True):
        fit = choose_plane_fit(row.shape, (120, _WIDE), most=48)
        made.append(Panel(row, name, fit, scale))
    return made
