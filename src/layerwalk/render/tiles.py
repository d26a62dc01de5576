"""Tile sheets: every channel of a layer as a PNG, without matplotlib's help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.record import Array
from layerwalk.render.board import Board
from layerwalk.render.colour import Scope
from layerwalk.render.header import Header, facts_of
from layerwalk.render.mosaic import Mosaic, Order, lay_mosaic
from layerwalk.render.paper import INK, MARGIN, SOFT, TINY
from layerwalk.render.surface import Surface
from layerwalk.render.tables import MapName

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["draw_mosaic", "mosaic_header", "tile_sheet"]


def tile_sheet(
    array: Array,
    *,
    name: str = "",
    kind: str = "",
    notes: Sequence[str] = (),
    order: Order = "index",
    limit: int | None = None,
    scope: Scope = "layer",
    map: MapName | None = None,  # noqa: A002 - the field's word
    limits: tuple[float, float] | None = None,
    columns: int | None = None,
    zoom: int | None = None,
) -> Image:
    """All channels of a layer in a grid, as a Pillow image in mode RGB.

    Every number is a square of ``zoom`` by ``zoom`` pixels of its colour; nothing is
    smoothed. Above stand the name, the shape, the range of all the values and the colour
    bar with its range; under each tile its channel's number (and, with
    ``scope="channel"``, its own range).

    Parameters
    ----------
    array
        Shape (C, H, W), any real dtype (complex values are drawn by magnitude).
    name, kind, notes
        What to print above: the op's name and kind, and short sentences.
    order
        ``"index"``, or ``"strength"``: greatest mean absolute value first.
    limit
        Draw only the first so many in that order.
    scope
        One scale for the whole ``"layer"``, or for each ``"channel"`` its own.
    map, limits
        Colour map and fixed ends of the scale; see
        :func:`layerwalk.render.colour.choose_scale`.
    columns, zoom
        Tiles in a row, and pixels a number; chosen to give a sheet of moderate size.

    Raises
    ------
    LayerwalkError
        The array is not (C, H, W) with at least one number, an option makes no sense, or
        the sheet would be too large for memory.

    Examples
    --------
    >>> import numpy as np
    >>> tile_sheet(np.zeros((64, 7, 7)), name="conv").mode
    'RGB'
    """
    mosaic = lay_mosaic(
        array,
        order=order,
        limit=limit,
        scope=scope,
        map=map,
        limits=limits,
        columns=columns,
        zoom=zoom,
    )
    header = mosaic_header(mosaic, name, kind, np.shape(array), order=order, notes=notes)
    room = max(mosaic.pixels.shape[1], header.room)
    board = Board(room + 2 * MARGIN, header.height + mosaic.pixels.shape[0] + MARGIN)
    header.draw(board, room)
    draw_mosaic(board, mosaic, MARGIN, header.height)
    return board.image


def mosaic_header(
    mosaic: Mosaic,
    name: str,
    kind: str,
    shape: Sequence[int],
    *,
    order: Order,
    notes: Sequence[str] = (),
) -> Header:
    """What is said above a mosaic."""
    shown = len(mosaic.tiles)
    scale = mosaic.tiles[0].scale
    said = [scale.words]
    if (
        scale.scope == "fixed"
        and not scale.low <= mosaic.count.low <= mosaic.count.high <= scale.high
    ):
        said.append("values beyond the ends take the ends' colours")
    if shown < mosaic.total:
        said.append(f"{shown} of {mosaic.total} channels shown")
    if order == "strength":
        said.append("strongest first")
    said += [note for note in (mosaic.fit.note, *notes) if note]
    return Header(
        name or "layer",
        facts_of(kind, shape, mosaic.count),
        scale,
        tuple(said),
        mosaic.count.flaws,
    )


def draw_mosaic(surface: Surface, mosaic: Mosaic, left: int, top: int) -> None:
    """Draw the tiles and the caption under each."""
    surface.picture(mosaic.pixels, left, top, frame=False)
    for tile in mosaic.tiles:
        for line, text in enumerate(tile.caption):
            surface.text(
                left + tile.left,
                top + tile.top + mosaic.tile[0] + 19 + 20 * line,
                text,
                size=TINY,
                colour=SOFT if line else INK,
            )
