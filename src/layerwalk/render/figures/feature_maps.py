"""Everything that one op made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np

from layerwalk.axes import channel_axes
from layerwalk.errors import NotFoundError
from layerwalk.record import Array, Op, Trace, Value
from layerwalk.render.colour import Scale, choose_scale
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.panel import Panel, nice_ticks
from layerwalk.render.fit import choose_plane_fit
from layerwalk.render.header import Header, facts_of
from layerwalk.render.lettering import width
from layerwalk.render.mosaic import Arrangement, lay_mosaic
from layerwalk.render.numerals import tell
from layerwalk.render.paper import ACCENT, LINE, MARGIN, SOFT, TINY, hexadecimal
from layerwalk.render.planes import planes_of
from layerwalk.render.strip import fold_vector
from layerwalk.render.tally import tally
from layerwalk.render.tiles import draw_mosaic, mosaic_header
from layerwalk.render.weights import titled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["feature_maps"]

_MOST_BARS = 1800
_CHART = (1800, 520)


def feature_maps(
    trace: Trace,
    op: str | int | Op,
    *,
    output: int = 0,
    sample: int = 0,
    channel_axis: int | None = None,
    **how: Unpack[Arrangement],
) -> Figure:
    """What an op made, as a matplotlib figure, whatever its shape.

    (N, C, H, W) is drawn as a sheet of C maps, (N, C, D, H, W) by the middle slice of
    each, (N, C, L) as one strip of C rows, (N, C) as bars. The header tells name, kind,
    shape, range, scale, and everything that was left out.

    Parameters
    ----------
    trace, op
        The walk, and the op's name, index or the op itself.
    output, sample
        Which of the op's outputs, and which sample of the batch.
    channel_axis
        Where the channels are; by default as
        :func:`layerwalk.axes.channel_axes` has it, and the header says so where it
        is not 1.
    how
        ``order``, ``limit`` (64 if not given), ``scope``, ``map``, ``limits``, ``columns``,
        ``zoom``: see :class:`layerwalk.render.mosaic.Arrangement`.

    Raises
    ------
    NotFoundError
        There is no such op, output or sample.
    LayerwalkError
        The value is empty, or an option makes no sense.

    Examples
    --------
    >>> figure = feature_maps(trace, "layer1.0.conv1", order="strength")    # doctest: +SKIP
    """
    found = trace[op]
    value = _output(found, output)
    if channel_axis is None:
        channel_axis = channel_axes(trace)[found.index]
    planes = planes_of(value, sample=sample, channel_axis=channel_axis)
    name = titled(value.name, trace)
    if planes.layout == "maps":
        arrangement: Arrangement = {"limit": 64, **how}
        mosaic = lay_mosaic(planes.array, count=planes.count, **arrangement)
        header = mosaic_header(mosaic, name, found.kind, value.shape, notes=planes.notes)
        room = max(mosaic.pixels.shape[1], header.room)
        page = Page(room + 2 * MARGIN, header.height + mosaic.pixels.shape[0] + MARGIN)
        header.draw(page, room)
        draw_mosaic(page, mosaic, MARGIN, header.height)
        return page.figure
    facts = facts_of(found.kind, value.shape, planes.count)
    if planes.layout == "vector" and planes.array.size <= _MOST_BARS:
        return _bars(name, facts, planes.notes, planes.array.reshape(-1))
    scale = choose_scale(
        planes.array, map=how.get("map"), limits=how.get("limits"), count=planes.count
    )
    if planes.layout == "vector":
        return _long_vector(name, facts, planes.array.reshape(-1), scale)
    return _plane(name, facts, planes.notes, planes.array[0], scale)


def _output(op: Op, output: int) -> Value:
    if not 0 <= output < len(op.made):
        raise NotFoundError(
            f"the op has no output {output}", where=op.name, mend=f"it made {len(op.made)}"
        )
    return op.outputs[output]


def _long_vector(name: str, facts: tuple[str, ...], vector: Array, scale: Scale) -> Figure:
    strip = fold_vector(vector, scale, (1400, 1800), most=14)
    header = Header(name, facts, scale, (strip.note,), tally(vector).flaws)
    room = max(strip.pixels.shape[1], header.room)
    page = Page(room + 2 * MARGIN, header.height + strip.pixels.shape[0] + MARGIN)
    header.draw(page, room)
    page.picture(strip.pixels, MARGIN, header.height)
    return page.figure


def _plane(
    name: str, facts: tuple[str, ...], notes: Sequence[str], array: Array, scale: Scale
) -> Figure:
    fit = choose_plane_fit(array.shape, (1200, 1800))
    panel = Panel(array, "", fit, scale, ticks=True, facts="")
    said = [note for note in (scale.words, *notes, fit.note) if note]
    header = Header(name, facts, None, tuple(said), tally(array).flaws)
    room = max(panel.width, header.room)
    page = Page(room + 2 * MARGIN, header.height + panel.height + MARGIN)
    header.draw(page, room)
    panel.draw(page, MARGIN, header.height - 36)
    return page.figure


def _bars(name: str, facts: tuple[str, ...], notes: Sequence[str], vector: Array) -> Figure:
    count = tally(vector)
    header = Header(name, facts, None, ("one bar a value, from zero", *notes), count.flaws)
    pitch = max(1, min(_CHART[0] // vector.size, 64))
    low, high = min(np.nan_to_num(count.low), 0.0), max(np.nan_to_num(count.high), 0.0)
    ticks = sorted({low, 0.0, high})
    wide, tall = pitch * vector.size, _CHART[1]
    edge = round(max(width(tell(tick), TINY) for tick in ticks)) + 20
    room = max(edge + wide, header.room)
    page = Page(room + 2 * MARGIN, header.height + tall + 60 + MARGIN)
    header.draw(page, room)
    left, top = MARGIN + edge, header.height + 10
    axes = page.axes(left, top, wide, tall)
    heights = np.where(np.isfinite(vector), vector, 0).astype(np.float64)
    span = (high - low) or 1.0
    for tick in ticks:
        at = top + tall * (high - tick) / span
        page.box(left - 8, at - 1, wide + 8, 2, LINE)
        # The ends of the axis are the range itself; zero gives way where they are close.
        if tick == 0 or abs(tick) > 0.06 * span:
            page.text(left - 18, at + 6, tell(tick), size=TINY, colour=SOFT, align="right")
    gap = 0.15 if pitch >= 6 else 0.0
    starts = np.arange(vector.size) + gap / 2
    edges = np.column_stack([starts, starts + 1 - gap]).reshape(-1)
    steps = np.column_stack([heights, np.zeros_like(heights)]).reshape(-1)[:-1]
    axes.stairs(steps, edges, baseline=0, fill=True, color=hexadecimal(ACCENT), linewidth=0)
    axes.set_xlim(0, vector.size)
    axes.set_ylim(low, low + span)
    for index in nice_ticks(vector.size, wide // 110):
        middle = left + (index + 0.5) * pitch
        page.box(middle - 1, top + tall + 4, 2, 8, SOFT)
        page.text(middle, top + tall + 34, str(index), size=TINY, colour=SOFT, align="center")
    return page.figure
