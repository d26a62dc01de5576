"""Tile sheets: every channel of a layer as a PNG, without matplotlib's help."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import numpy as np

from layerwalk.record import Array
from layerwalk.render.board import Board
from layerwalk.render.header import Header, facts_of
from layerwalk.render.mosaic import Arrangement, Mosaic, lay_mosaic
from layerwalk.render.paper import INK, MARGIN, SOFT, TINY
from layerwalk.render.surface import Surface
from layerwalk.render.tally import Tally

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["draw_mosaic", "mosaic_header", "tile_sheet"]


def tile_sheet(
    array: Array,
    *,
    name: str = "",
    kind: str = "",
    notes: Sequence[str] = (),
    shape: Sequence[int] | None = None,
    count: Tally | None = None,
    **how: Unpack[Arrangement],
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
    shape, count
        Shape and tally of the whole value, where the array is a part of it: one sample,
        one slice.
    how
        ``order``, ``limit``, ``scope``, ``map``, ``limits``, ``columns``, ``zoom``: see
        :class:`layerwalk.render.mosaic.Arrangement`.

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
    mosaic = lay_mosaic(array, count=count, **how)
    header = mosaic_header(mosaic, name, kind, shape or np.shape(array), notes=notes)
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
    if mosaic.order == "strength":
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
