"""What a layer's neurons are connected to: lines from pixels to neurons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import Scale, choose_scale, colourise
from layerwalk.render.figures.grid import outline
from layerwalk.render.figures.page import Page
from layerwalk.render.fit import Fit, choose_fit
from layerwalk.render.lettering import shorten, width
from layerwalk.render.paper import BODY, CAPTION, LINE, MARGIN, SOFT, TINY, TITLE
from layerwalk.render.surface import draw_scale, scale_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Fan", "Wiring", "connections_figure"]

_SIDE = 560
_REACH = 440
_WIDE = 2 * _SIDE + _REACH
_HEAD = 132
_NAMED = 84
_BARS = 76
_COLUMN = 36
_DOTTED = 200


@dataclass(frozen=True, eq=False)
class Fan:
    """A neuron with its connections.

    Attributes
    ----------
    row, column
        Where it stands among the neurons that are drawn.
    pixels
        (N, 2): row and column of each pixel that it reads.
    weights
        (N,): by what each is multiplied.
    """

    row: int
    column: int
    pixels: NDArray[np.int64] = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Wiring:
    """A layer to be drawn.

    Attributes
    ----------
    name, facts
        Above it, bold, and the line below that.
    picture
        What it looks at: levels (H, W), or uint8 (H, W, 3).
    neurons
        (h, w): what the neurons of one map computed; (n, 1) for a column of them.
    fans
        Those whose connections are drawn.
    note
        What is drawn of how many.
    """

    name: str
    facts: str
    picture: Array
    neurons: Array
    fans: Sequence[Fan]
    note: str = ""

    @property
    def scale(self) -> Scale:
        """The colours of the lines: diverging about zero."""
        return choose_scale(np.concatenate([fan.weights for fan in self.fans]), map="bluered")


def connections_figure(
    layers: Sequence[Wiring], *, title: str = "What each neuron is connected to"
) -> Figure:
    """Layers below one another: the picture, the neurons, and a line for each connection.

    A line has the colour of its weight; zero is white, and each layer has its own scale. Where
    two neurons share their weights, their lines have the same colours.

    Parameters
    ----------
    layers
        One or more.
    title
        Printed above.

    Raises
    ------
    LayerwalkError
        There is no layer, or one without a connection.

    Examples
    --------
    >>> fan = Fan(0, 0, np.array([[0, 0], [1, 1]]), np.array([1.0, -1.0]))
    >>> figure = connections_figure([Wiring("a", "", np.eye(2), np.eye(2), [fan])])
    """
    if not layers or not all(len(fan.weights) for one in layers for fan in one.fans):
        raise LayerwalkError("there is no connection to draw", where=title, mend="give a layer")
    fits = [choose_fit(one.picture.shape, (_SIDE, _SIDE)) for one in layers]
    highs = [_high(one, fit) for one, fit in zip(layers, fits, strict=True)]
    facts = max(width(one.facts, CAPTION) for one in layers)
    room = round(max(_WIDE, facts))
    total = MARGIN + _HEAD - 40 + sum(_NAMED + high + _BARS for high in highs)
    page = Page(room + 2 * MARGIN, total)
    page.text(MARGIN, MARGIN + 26, shorten(title, TITLE, room, bold=True), size=TITLE, bold=True)
    words = "a line for each connection, in the colour of its weight: blue negative, red positive"
    page.text(MARGIN, MARGIN + 64, words, size=BODY, colour=SOFT)
    top = MARGIN + _HEAD - 32
    for one, fit, high in zip(layers, fits, highs, strict=True):
        page.text(MARGIN, top + 24, one.name, size=BODY, bold=True)
        page.text(MARGIN, top + 56, one.facts, size=CAPTION, colour=SOFT)
        _draw(page, one, fit, top + _NAMED, high)
        top += _NAMED + high + _BARS
        if one is not layers[-1]:
            page.box(MARGIN, top - 14, _WIDE, 1, LINE)
    return page.figure


def _high(one: Wiring, fit: Fit) -> int:
    return int(max(fit.length(one.picture.shape[0]), _neuron_cells(one)[0] * len(one.neurons)))


def _neuron_cells(one: Wiring) -> tuple[int, int]:
    """Height and width of a neuron, in pixels."""
    rows, columns = one.neurons.shape
    cell = max(min(_SIDE // rows, _SIDE // columns, 64), 1)
    return cell, _COLUMN if columns == 1 else cell


def _draw(page: Page, one: Wiring, fit: Fit, top: int, high: int) -> None:
    down, across = _neuron_cells(one)
    rows, columns = one.neurons.shape
    left = MARGIN + _SIDE + _REACH + (0 if columns > 1 else (_SIDE - across) // 2)
    seen = (
        fit.sample(one.picture) if one.picture.ndim == 2 else one.picture[:: fit.step, :: fit.step]
    )
    pixels = seen if seen.ndim == 3 else colourise(seen, choose_scale(one.picture, map="grey"))
    zoom = fit.zoom / fit.step
    pictured = top + (high - pixels.shape[0] * fit.zoom) // 2
    page.picture(fit.enlarge(pixels), MARGIN, pictured)
    values = choose_scale(one.neurons)
    start = top + (high - rows * down) // 2
    drawn = colourise(one.neurons, values).repeat(down, axis=0).repeat(across, axis=1)
    page.picture(drawn, left, start)
    _lines(page, one, (MARGIN, pictured, zoom), (left, start, down, across))
    for fan in one.fans:
        (first, before), (last, behind) = fan.pixels.min(axis=0), fan.pixels.max(axis=0) + 1
        corner = (MARGIN + before * zoom, pictured + first * zoom)
        outline(page, (*corner, (behind - before) * zoom, (last - first) * zoom), weight=3)
        place = (left + fan.column * across, start + fan.row * down, across, down)
        outline(page, place, weight=3)
    below = top + high + 40
    said = "weights "
    page.text(MARGIN, below, said, size=TINY, colour=SOFT)
    beside = MARGIN + round(width(said, TINY)) + 8
    draw_scale(page, one.scale, beside, below, length=120, size=TINY)
    said = f"{one.note}, what they computed " if one.note else "what they computed "
    end = MARGIN + _WIDE - scale_width(values, length=100, size=TINY)
    draw_scale(page, values, end, below, length=100, size=TINY)
    page.text(end - 12, below, said, size=TINY, colour=SOFT, align="right")


def _lines(
    page: Page,
    one: Wiring,
    picture: tuple[int, int, float],
    neurons: tuple[int, int, int, int],
) -> None:
    from matplotlib.collections import LineCollection

    left, top, zoom = picture
    first, start, down, across = neurons
    wide, high = first + one.neurons.shape[1] * across, start + one.neurons.shape[0] * down
    high = max(high, top + round(one.picture.shape[0] * zoom))
    axes = page.axes(0, 0, wide, high)
    axes.set_xlim(0, wide)
    axes.set_ylim(high, 0)
    for fan in one.fans:
        end = (first + fan.column * across + (across / 2 if across == down else 0),
               start + (fan.row + 0.5) * down)  # fmt: skip
        begins = (fan.pixels[:, ::-1] + 0.5) * zoom + (left, top)
        # The strongest last: they lie on top.
        order = np.argsort(np.abs(fan.weights), kind="stable")
        segments = [(tuple(begin), end) for begin in begins[order]]
        colours = colourise(fan.weights[order], one.scale) / 255
        many = len(order) > _DOTTED
        axes.add_collection(
            LineCollection(
                segments,
                colors=colours,
                linewidths=0.3 if many else 0.9,
                alpha=0.5 if many else 1.0,
            )
        )
        if not many:
            # Lines from one row lie nearly on each other: the dots tell every weight.
            x, y = begins[order].T
            axes.scatter(x, y, s=(zoom * 0.24) ** 2, c=colours, linewidths=0.3,
                         edgecolors="white", zorder=3)  # fmt: skip
