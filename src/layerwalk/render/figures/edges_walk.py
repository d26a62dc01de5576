"""The tutorial: a grey photo through four hand-made edge filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layerwalk.errors import NotFoundError
from layerwalk.record import Array, Op, Trace
from layerwalk.render.colour import Scale, choose_scale
from layerwalk.render.figures.filters import filters
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.panel import Panel
from layerwalk.render.fit import PlaneFit, choose_fit
from layerwalk.render.header import Header, facts_of
from layerwalk.render.paper import MARGIN
from layerwalk.render.tables import MapName
from layerwalk.render.tally import tally
from layerwalk.render.weights import titled, untrained

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["edges_walk"]

_GAP = 36
_WIDEST = 2400


def edges_walk(trace: Trace, *, map: MapName = "grey") -> list[tuple[str, Figure]]:  # noqa: A002
    """The figures of the walk through the ``edges`` network, with their file names, in order.

    The grey photo; the four filters; the convolution's four outputs; after ReLU; after
    pooling. Each output has its own scale from its least to its greatest value, printed
    below it. Filters and outputs are counted from 1, as in the tutorial, with the channel's
    number, from 0 as everywhere else, behind it. All outputs are drawn with the same number
    of pixels a value, so pooling is seen to halve them; from ReLU on, ticks number rows and
    columns.

    Parameters
    ----------
    trace
        A walk through a network of one convolution, ReLU and pooling.
    map
        Colour map of the outputs.

    Raises
    ------
    NotFoundError
        The trace has no convolution, ReLU or pooling.

    Examples
    --------
    >>> [name for name, figure in edges_walk(trace)]    # doctest: +SKIP
    ['1-photo.png', '2-filters.png', '3-convolution.png', '4-relu.png', '5-pooling.png']
    """
    convolution, relu, pool = (_first(trace, word) for word in ("conv", "relu", "pool"))
    if not convolution.parameters:
        raise NotFoundError("the convolution has no filters", where=convolution.name)
    maps = convolution.outputs[0].read(0)
    fit = _square(maps.shape[-2:], 480)
    return [
        ("1-photo.png", _photo(trace)),
        (
            "2-filters.png",
            filters(
                convolution.parameters[0].array(),
                title="Four filters, untrained (random weights)"
                if untrained(trace)
                else "Four filters that look for edges",
                first=1,
            ),
        ),
        ("3-convolution.png", _row(convolution, titled("After the convolution", trace), fit, map)),
        ("4-relu.png", _row(relu, "After ReLU: what is negative becomes 0", fit, map, ticks=True)),
        (
            "5-pooling.png",
            _row(pool, "After pooling: the greatest of each 2 by 2", fit, map, ticks=True),
        ),
    ]


def _first(trace: Trace, word: str) -> Op:
    for op in trace.ops:
        if word in op.kind and len(op.shape) == 4:
            return op
    raise NotFoundError(
        f"there is no {word!r} op among its {len(trace)}",
        where=trace.name,
        mend="walk the built-in network 'edges'",
    )


def _photo(trace: Trace) -> Figure:
    if trace.photo is not None and trace.photo.pixels.shape[2] == 1:
        pixels, name = trace.photo.pixels[..., 0], trace.photo.name
        scale = Scale(0, 255, "grey", "fixed")
    else:
        pixels, name = trace.inputs[0].read(0, 0), "input"
        scale = choose_scale(pixels, map="grey")
    fit = _square(pixels.shape, 960)
    return _page(
        "A photo in grey",
        facts_of("", pixels.shape, tally(pixels)),
        fit,
        [Panel(pixels, name, fit, scale, ticks=True, facts="")],
    )


def _square(shape: tuple[int, ...], box: int) -> PlaneFit:
    """Enlarged to fill ``box`` pixels; what is larger is drawn as it is, up to 1,600."""
    small = max(shape) <= box
    fit = choose_fit(shape, (box, box) if small else (1600, 1600), most=8 if small else 1)
    return PlaneFit(fit, fit)


def _row(
    op: Op,
    title: str,
    fit: PlaneFit,
    map: MapName,  # noqa: A002
    *,
    ticks: bool = False,
) -> Figure:
    maps: Array = op.outputs[0].read(0)
    panels = [
        Panel(
            one,
            f"Output {at + 1} (channel {at})",
            fit,
            choose_scale(one, map=map, scope="layer"),
            ticks=ticks,
            facts="",
        )
        for at, one in enumerate(maps[:4])
    ]
    name = f"{op.name}  ·  {op.kind}" if op.name != op.kind else op.kind
    facts = facts_of(name, op.shape, tally(np.asarray(maps)))
    return _page(title, facts, fit, panels)


def _page(title: str, facts: tuple[str, ...], fit: PlaneFit, panels: list[Panel]) -> Figure:
    said = "each output its own scale" if len(panels) > 1 else "0 black, 255 white"
    if len(panels) == 1 and panels[0].scale and panels[0].scale.scope != "fixed":
        said = "from its least to its greatest value"
    header = Header(title, facts, None, (said, *([fit.note] if fit.note else [])), "")
    cell = max(panel.width for panel in panels) + _GAP
    # Large outputs stand two by two, so that the figure still fits on a page.
    columns = len(panels) if len(panels) * cell <= _WIDEST else min(2, len(panels))
    room = max(columns * cell - _GAP, header.room)
    pitch = panels[0].height + _GAP
    high = header.height + pitch * -(-len(panels) // columns) - _GAP + MARGIN
    page = Page(room + 2 * MARGIN, high)
    header.draw(page, room)
    for at, panel in enumerate(panels):
        row, column = divmod(at, columns)
        panel.draw(page, MARGIN + column * cell, header.height + row * pitch)
    return page.figure
