"""All channels of a layer side by side, and where each one stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import Scale, Scope, choose_scale, colourise
from layerwalk.render.fit import Fit, choose_fit
from layerwalk.render.lettering import width as text_width
from layerwalk.render.numerals import tell, tell_range
from layerwalk.render.paper import LINE, PAPER, TINY, Colour
from layerwalk.render.surface import check_size
from layerwalk.render.tables import MapName
from layerwalk.render.tally import Tally, tally

__all__ = ["Arrangement", "Mosaic", "Order", "Tile", "lay_mosaic", "rank"]

Order: TypeAlias = Literal["index", "strength"]

_AREA = 2000 * 1600  # pixels that a sheet of moderate size covers
_LARGEST_TILE = 320
_LARGEST_MAP = 2048
_GAP = 12


class Arrangement(TypedDict, total=False):
    """How channels are laid side by side: the options of everything that lays them.

    Attributes
    ----------
    order
        ``"index"``, or ``"strength"``: greatest mean absolute value first.
    limit
        Only the first so many in that order.
    scope
        One scale for the whole ``"layer"``, or for each ``"channel"`` its own.
    map, limits
        Colour map and fixed ends of the scale; see
        :func:`layerwalk.render.colour.choose_scale`.
    columns, zoom
        Tiles in a row, and pixels a number; chosen to give a sheet of moderate size.
    """

    order: Order
    limit: int | None
    scope: Scope
    map: MapName | None
    limits: tuple[float, float] | None
    columns: int | None
    zoom: int | None


@dataclass(frozen=True, slots=True)
class Tile:
    """One channel: where it stands on the mosaic, in which colours, and its caption."""

    channel: int
    left: int
    top: int
    scale: Scale
    caption: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Mosaic:
    """A picture of many channels.

    Attributes
    ----------
    pixels
        uint8 (H, W, 3): the tiles on paper, with room left free for their captions.
    tiles
        In the order in which they are laid, row by row.
    tile
        Height and width of every tile in pixels.
    scale
        The scale of the whole layer (that of a channel is in its tile).
    fit
        How many pixels a number takes.
    count
        The tally of all the values, drawn or not, of other samples and slices too.
    total
        How many channels there are, drawn or not.
    order
        In which order they are laid.
    """

    pixels: NDArray[np.uint8]
    tiles: tuple[Tile, ...]
    tile: tuple[int, int]
    scale: Scale
    fit: Fit
    count: Tally
    total: int
    order: Order


def rank(array: Array, order: Order = "index", limit: int | None = None) -> tuple[int, ...]:
    """The channels of a (C, ...) array in order, at most ``limit`` of them.

    ``"strength"`` puts the greatest mean absolute value first (of the finite values;
    equal ones by index).

    Examples
    --------
    >>> import numpy as np
    >>> rank(np.array([[1.0, -1.0], [0.0, 0.0], [-5.0, 0.0]]), "strength")
    (2, 0, 1)
    """
    if order not in ("index", "strength"):
        raise LayerwalkError(
            f"there is no order {order!r}", where="channels", mend="use 'index' or 'strength'"
        )
    if limit is not None and limit < 1:
        raise LayerwalkError(f"a limit of {limit} shows nothing", mend="give 1 or more, or None")
    channels = np.arange(len(array))
    if order == "strength":
        channels = np.argsort(-_strength(array), kind="stable")
    return tuple(int(channel) for channel in channels[:limit])


def lay_mosaic(array: Array, *, count: Tally | None = None, **how: Unpack[Arrangement]) -> Mosaic:
    """The channels of a (C, H, W) array as one picture, every number a square of pixels.

    The options are those of :class:`Arrangement`; ``count`` is the tally of the whole value
    where the array is a part of it, and gives the range and the layer's scale.

    Raises
    ------
    LayerwalkError
        The array is not (C, H, W) with at least one number, an option makes no sense, or the
        picture would be too large for memory.
    """
    order, zoom, columns = how.get("order", "index"), how.get("zoom"), how.get("columns")
    array = _checked(array, columns, zoom)
    channels = rank(array, order, how.get("limit"))
    count = count or tally(array)
    scale = choose_scale(array, map=how.get("map"), limits=how.get("limits"), count=count)
    scales = _scales(array, channels, scale, how.get("scope", "layer"))
    captions = [
        _caption(array, channel, own) for channel, own in zip(channels, scales, strict=True)
    ]
    lettering = round(max(text_width(line, TINY) for lines in captions for line in lines))
    fit = _fit(array.shape, len(channels), zoom)
    tile = (fit.length(array.shape[1]), fit.length(array.shape[2]))
    cell = (tile[0] + _GAP + 22 * len(captions[0]), max(tile[1], lettering) + _GAP)
    if columns is None:
        columns = max(1, (2000 + _GAP) // cell[1])
        # No row is left nearly empty: 64 tiles of which 9 would fit are 8 by 8.
        columns = -(-len(channels) // -(-len(channels) // columns))
    columns = min(columns, len(channels))
    tiles = tuple(
        Tile(channel, 1 + cell[1] * (at % columns), 1 + cell[0] * (at // columns), own, caption)
        for at, (channel, own, caption) in enumerate(zip(channels, scales, captions, strict=True))
    )
    pixels = _paint(array, tiles, fit, cell, columns)
    return Mosaic(pixels, tiles, tile, scale, fit, count, len(array), order)


def _checked(array: Array, columns: int | None, zoom: int | None) -> Array:
    array = np.asarray(array)
    if array.ndim != 3 or array.size == 0:
        raise LayerwalkError(
            f"an array of shape {array.shape} has no maps to lay side by side",
            where="tiles",
            mend="pass one sample's (channels, height, width), none of them 0",
        )
    for name, number in (("columns", columns), ("zoom", zoom)):
        if number is not None and number < 1:
            raise LayerwalkError(
                f"{name}={number} draws nothing", where="tiles", mend="give 1 or more"
            )
    return np.abs(array) if np.iscomplexobj(array) else array


def _strength(array: Array) -> NDArray[np.float64]:
    flat = array.reshape(len(array), -1)
    size = np.abs(flat.astype(np.float64 if flat.dtype.itemsize > 4 else np.float32))
    finite = np.isfinite(size)
    if not finite.all():
        size = np.where(finite, size, 0)
    # Divided before they are summed: the sum of huge values would be infinite.
    shares = size / np.maximum(finite.sum(axis=1), 1).astype(size.dtype)[:, None]
    return np.asarray(shares.sum(axis=1, dtype=np.float64))


def _scales(array: Array, channels: Sequence[int], scale: Scale, scope: Scope) -> list[Scale]:
    if scope == "layer" or scale.scope == "fixed":
        return [scale] * len(channels)
    # The sign is the layer's: a channel that happens to have no negative value keeps
    # the colours of its neighbours.
    return [choose_scale(array[channel], map=scale.map, scope="channel") for channel in channels]


def _caption(array: Array, channel: int, scale: Scale) -> tuple[str, ...]:
    if scale.scope != "channel":
        return (str(channel),)
    if scale.low == scale.high:
        return str(channel), tally(array[channel]).span
    if scale.diverging:
        return str(channel), f"±{tell(scale.high)}"
    return str(channel), tell_range(scale.low, scale.high)


def _fit(shape: tuple[int, ...], count: int, zoom: int | None) -> Fit:
    if zoom is not None:
        return Fit(zoom, 1)
    cell = min(int((_AREA / count) ** 0.5) - _GAP, _LARGEST_TILE)
    if max(shape[1:]) > cell:
        return choose_fit(shape[1:], (_LARGEST_MAP, _LARGEST_MAP), most=1)
    return choose_fit(shape[1:], (cell, cell))


def _paint(
    array: Array, tiles: Sequence[Tile], fit: Fit, cell: tuple[int, int], columns: int
) -> NDArray[np.uint8]:
    """The tiles on paper, each in a hairline, ``columns`` of them in a row.

    Pixels of four bytes, written through one view of the grid, are several times faster than
    a loop over tiles of three.
    """
    rows = -(-len(tiles) // columns)
    width = cell[1] * columns - _GAP + 2
    check_size(width, cell[0] * rows)
    sheet = np.full((rows * cell[0], columns * cell[1]), _packed(PAPER), np.uint32)
    grid = sheet.reshape(rows, cell[0], columns, cell[1]).swapaxes(1, 2)
    colours = _packed(_colours(fit.sample(array), tiles))
    _, high, wide = colours.shape
    zoom = fit.zoom
    for row in range(rows):
        own = colours[row * columns : (row + 1) * columns]
        places = grid[row, : len(own)]
        places[:, : high * zoom + 2, : wide * zoom + 2] = _packed(LINE)
        squares = places[:, 1 : high * zoom + 1, 1 : wide * zoom + 1]
        squares[...] = own.repeat(zoom, axis=2).repeat(zoom, axis=1)
    packed = sheet.view(np.uint8).reshape(*sheet.shape, 4)
    pixels = np.empty((len(sheet), width, 3), np.uint8)
    for part in range(3):  # one copy of all three is five times slower
        pixels[..., part] = packed[:, :width, part]
    return pixels


def _colours(drawn: Array, tiles: Sequence[Tile]) -> NDArray[np.uint8]:
    """The colours of every tile's numbers, (tiles, h, w, 3)."""
    shared = tiles[0].scale
    if shared.scope == "channel":
        return np.stack([colourise(drawn[one.channel], one.scale) for one in tiles])
    return colourise(drawn[[one.channel for one in tiles]], shared)


def _packed(colours: NDArray[np.uint8] | Colour) -> NDArray[np.uint32]:
    """Colours (..., 3) as one number each, whose bytes are red, green, blue and none."""
    bytes_ = np.zeros((*np.shape(colours)[:-1], 4), np.uint8)
    bytes_[..., :3] = colours
    return bytes_.view(np.uint32)[..., 0]
