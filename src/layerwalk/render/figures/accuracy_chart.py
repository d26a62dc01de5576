"""Accuracy against a quantity: a line for each network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.render.figures.page import Page
from layerwalk.render.lettering import shorten, width
from layerwalk.render.paper import (
    ACCENT,
    BODY,
    CAPTION,
    LINE,
    MARGIN,
    SOFT,
    TINY,
    TITLE,
    Colour,
    hexadecimal,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Curve", "accuracy_chart"]

_WIDE, _TALL = 1240, 560
_EDGE, _HEAD, _FOOT = 96, 136, 92
_NAMES = 360
# Told apart by normal and by colour-blind eyes, by lightness too, and by their marks.
_COLOURS: Final[tuple[Colour, ...]] = (ACCENT, (190, 84, 20), (92, 70, 156), (60, 60, 60))
_MARKS: Final = ("o", "s", "^", "D")


@dataclass(frozen=True)
class Curve:
    """Accuracies of one network, 0 to 1, at places along the chart.

    ``marked`` is one place to be marked with a ring; curves with the same ``colour`` belong
    together, and ``dashed`` tells them apart.
    """

    name: str
    at: Sequence[float]
    accuracies: Sequence[float]
    colour: int = 0
    dashed: bool = False
    marked: float | None = None


def accuracy_chart(
    curves: Sequence[Curve],
    *,
    title: str,
    along: str,
    logarithmic: bool = False,
    notes: Sequence[str] = (),
) -> Figure:
    """Accuracy in per cent over a quantity, a matplotlib figure.

    The scale of accuracies begins at a multiple of 10 % below the least of them and ends at
    100 %. Names stand at the right ends of the curves.

    Parameters
    ----------
    curves
        One or more, each with its places in order.
    title
        Printed above.
    along
        What the places are.
    logarithmic
        Whether they stand on a logarithmic scale.
    notes
        Short sentences below the title.

    Raises
    ------
    LayerwalkError
        There is no point, or one that has no place on the chart.

    Examples
    --------
    >>> curve = Curve("mlp", [1e3, 1e4], [0.9, 0.95])
    >>> figure = accuracy_chart([curve], title="Size", along="parameters", logarithmic=True)
    """
    places = [place for curve in curves for place in curve.at]
    levels = [level for curve in curves for level in curve.accuracies]
    if not places or len(places) != len(levels) or not all(0 <= level <= 1 for level in levels):
        raise LayerwalkError("there are no accuracies to draw", where=title, mend="give 0 to 1")
    if logarithmic and min(places) <= 0:
        raise LayerwalkError(f"{min(places)} has no logarithm", where=title, mend="give above 0")
    lines = width("  ·  ".join(notes), BODY), width(title, TITLE, bold=True)
    names = max(width(curve.name, CAPTION, bold=True) for curve in curves) + 30
    room = round(max(_EDGE + _WIDE + min(names, _NAMES), *lines))
    page = Page(room + 2 * MARGIN, MARGIN + _HEAD + _TALL + _FOOT + MARGIN)
    page.text(MARGIN, MARGIN + 26, title, size=TITLE, bold=True)
    page.text(MARGIN, MARGIN + 64, "  ·  ".join(notes), size=BODY, colour=SOFT)
    chart = _Chart(page, places, levels, logarithmic=logarithmic)
    chart.rule(along)
    chart.plot(curves)
    return page.figure


class _Chart:
    """The rectangle of the curves, and where numbers stand in it."""

    def __init__(
        self, page: Page, places: Sequence[float], levels: Sequence[float], *, logarithmic: bool
    ) -> None:
        self.page, self.left, self.top = page, MARGIN + _EDGE, MARGIN + _HEAD
        self.logarithmic = logarithmic
        self.low = min(math.floor(min(levels) * 10) / 10, 0.9)
        ends = [self._spread(place) for place in (min(places), max(places))]
        pad = (ends[1] - ends[0]) * 0.03 or 0.5
        self.first, self.last = ends[0] - pad, ends[1] + pad
        self.places = places

    def x(self, place: float) -> float:
        """Pixels from the left edge of the page."""
        share = (self._spread(place) - self.first) / (self.last - self.first)
        return self.left + share * _WIDE

    def y(self, level: float) -> float:
        """Pixels from the top of the page."""
        return self.top + (1 - level) / (1 - self.low) * _TALL

    def rule(self, along: str) -> None:
        """Draw the lines and numbers of both scales."""
        tenths = round((1 - self.low) * 10)
        step = 2 if tenths > 6 else 1
        levels = [1 - at / 10 for at in range(0, tenths + 1, step)]
        if tenths <= 2:
            levels = [1 - at / 50 for at in range(tenths * 5 + 1)]
        for level in levels:
            y = self.y(level)
            self.page.box(self.left, y - 1, _WIDE, 2, LINE)
            said = f"{100 * level:.0f} %"
            self.page.text(self.left - 14, y + 6, said, size=TINY, colour=SOFT, align="right")
        bottom = self.top + _TALL
        for place, said in self._ticks():
            x = self.x(place)
            if self.left <= x <= self.left + _WIDE:
                self.page.box(x - 1, bottom + 8, 2, 8, SOFT)
                self.page.text(x, bottom + 38, said, size=TINY, colour=SOFT, align="center")
        right = self.left + _WIDE
        self.page.text(right, bottom + 74, along, size=CAPTION, colour=SOFT, align="right")
        self.page.text(MARGIN, self.top - 20, "accuracy", size=CAPTION, colour=SOFT)

    def plot(self, curves: Sequence[Curve]) -> None:
        """Draw the curves, and their names at their right ends."""
        high = self.top + _TALL + 20
        axes = self.page.axes(0, 0, self.left + _WIDE + 20, high)
        axes.set_xlim(0, self.left + _WIDE + 20)
        axes.set_ylim(high, 0)
        for curve in curves:
            colour = hexadecimal(_COLOURS[curve.colour % len(_COLOURS)])
            mark = _MARKS[curve.colour % len(_MARKS)]
            x, y = [self.x(one) for one in curve.at], [self.y(one) for one in curve.accuracies]
            axes.plot(
                x, y, color=colour, linewidth=1.3, marker=mark, markersize=3.2,
                markerfacecolor="white" if curve.dashed else colour, markeredgewidth=0.8,
                linestyle=(0, (4, 2)) if curve.dashed else "-",
            )  # fmt: skip
            if curve.marked is not None and curve.marked in curve.at:
                at = list(curve.at).index(curve.marked)
                axes.plot(
                    x[at], y[at], linestyle="none", marker="o", markersize=9,
                    markerfacecolor="none", markeredgecolor=colour, markeredgewidth=1.0,
                )  # fmt: skip
        self._name(curves)

    def _name(self, curves: Sequence[Curve]) -> None:
        """Names beside the last points, moved apart where they would lie on each other."""
        order = sorted(curves, key=lambda curve: -curve.accuracies[-1])
        baseline = -math.inf
        wanted = [self.y(curve.accuracies[-1]) + 7 for curve in order]
        for curve, place in zip(order, wanted, strict=True):
            baseline = max(place, baseline + 26)
            name = shorten(curve.name, CAPTION, _NAMES - 30, bold=not curve.dashed)
            self.page.text(
                self.left + _WIDE + 24, baseline, name, size=CAPTION, bold=not curve.dashed,
                colour=_COLOURS[curve.colour % len(_COLOURS)],
            )  # fmt: skip

    def _ticks(self) -> list[tuple[float, str]]:
        if not self.logarithmic:
            places = np.unique(self.places)
            step = -(-len(places) // 13)
            return [(float(one), f"{one:g}".replace("-", "\N{MINUS SIGN}"))
                    for one in places[:: max(step, 1)]]  # fmt: skip
        decades = range(math.floor(self.first), math.ceil(self.last) + 1)
        return [
            (digit * 10.0**decade, f"{digit * 10**decade:,}")
            for decade in decades
            for digit in (1, 2, 5)
        ]

    def _spread(self, place: float) -> float:
        return math.log10(place) if self.logarithmic else place
