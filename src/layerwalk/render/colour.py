"""From numbers to colours: the scale, and the picture it gives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.tables import EXTRA, MapName, colour_table
from layerwalk.render.tally import Tally, tally

__all__ = ["Scale", "Scope", "choose_scale", "colour_ramp", "colourise", "dark"]

Scope: TypeAlias = Literal["fixed", "layer", "channel"]


@dataclass(frozen=True, slots=True)
class Scale:
    """Which number gets which colour.

    Attributes
    ----------
    low, high
        The numbers at the two ends of the table. On a diverging scale ``low == -high``:
        zero stays in the middle and v and -v are equally far from it.
    map
        ``"viridis"``, ``"magma"``, ``"grey"`` or the diverging ``"bluered"``.
    scope
        ``"layer"``: chosen from all channels; ``"channel"``: from this channel alone;
        ``"fixed"``: not chosen from the values at all.

    Raises
    ------
    LayerwalkError
        The ends are not finite, in the wrong order, or not symmetric on a diverging scale.
    """

    low: float
    high: float
    map: MapName
    scope: Scope = "layer"

    def __post_init__(self) -> None:
        ends = f"a scale from {self.low} to {self.high}"
        if not (math.isfinite(self.low) and math.isfinite(self.high)) or self.low > self.high:
            raise LayerwalkError(
                "the ends must be finite and in order", where=ends, mend="give (low, high)"
            )
        if self.map not in EXTRA:
            raise LayerwalkError(
                f"there is no colour map {self.map!r}", where=ends, mend=f"use {', '.join(EXTRA)}"
            )
        if self.diverging and self.low != -self.high:
            raise LayerwalkError(
                "a diverging scale keeps zero in the middle",
                where=ends,
                mend="give limits of (-x, x), or a sequential map such as 'viridis'",
            )

    @property
    def diverging(self) -> bool:
        """Whether the scale runs both ways from zero."""
        return self.map == "bluered"

    @property
    def extra(self) -> tuple[int, int, int]:
        """The colour of NaN and infinity."""
        return EXTRA[self.map]

    @property
    def words(self) -> str:
        """What the scale was chosen from, in words."""
        return {
            "fixed": "fixed scale",
            "layer": "same scale for the whole layer",
            "channel": "each channel its own scale",
        }[self.scope]


def choose_scale(
    array: Array,
    *,
    map: MapName | None = None,  # noqa: A002 - the field's word
    scope: Scope = "layer",
    limits: tuple[float, float] | None = None,
    signed: bool | None = None,
    count: Tally | None = None,
) -> Scale:
    """A scale that fits the values: diverging about zero when some are negative.

    Values without a sign run from their least to their greatest on ``viridis``, booleans
    from 0 to 1 on ``grey``. NaN and infinity are left out of the choice. A constant above
    zero gets the scale from zero to it.

    Parameters
    ----------
    array
        Any shape, any real dtype.
    map
        Colour map to use whatever the values are; a sequential one on signed values runs
        from the least to the greatest.
    scope
        What ``array`` is: a whole ``"layer"`` or one ``"channel"``.
    limits
        Ends that are not to be chosen from the values; the scale is then ``"fixed"``.
    signed
        Whether negative values are possible, if the array is part of something larger.
    count
        The tally to choose from instead, if the array is part of something larger or was
        counted before.

    Examples
    --------
    >>> import numpy as np
    >>> choose_scale(np.array([-1.0, 4.0]))
    Scale(low=-4.0, high=4.0, map='bluered', scope='layer')
    >>> choose_scale(np.array([0, 255], dtype=np.uint8), map="grey")
    Scale(low=0.0, high=255.0, map='grey', scope='layer')
    """
    array = np.asarray(array)
    if limits is not None:
        low, high = (float(end) for end in limits)
        return Scale(low, high, map or ("bluered" if low < 0 else "viridis"), "fixed")
    if array.dtype == np.bool_:
        return Scale(0.0, 1.0, map or "grey", scope)
    count = count or tally(array)
    low, high = (0.0, 0.0) if math.isnan(count.low) else (count.low, count.high)
    if map == "bluered" or (map is None and (low < 0 if signed is None else signed)):
        most = max(-low, high)
        return Scale(-most, most, "bluered", scope)
    if low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    return Scale(low, high, map or "viridis", scope)


def colourise(array: Array, scale: Scale) -> NDArray[np.uint8]:
    """The colours of an array, uint8 of shape (*array.shape, 3).

    Each value picks one of the table's 256 colours (255 on a diverging scale, of which
    zero takes the middle one exactly); beyond the ends it takes the end's colour. NaN and
    infinity take ``scale.extra``. Nothing is smoothed.

    Examples
    --------
    >>> import numpy as np
    >>> colourise(np.array([[-1.0, 0.0, 1.0]]), Scale(-1, 1, "bluered"))[0, 1]
    array([255, 255, 255], dtype=uint8)
    """
    array = np.asarray(array)
    flawed = None if array.dtype.kind in "biu" else ~np.isfinite(array)
    if flawed is not None and not flawed.any():
        flawed = None
    entries = _entries(array if flawed is None else np.where(flawed, 0, array), scale)
    pixels: NDArray[np.uint8] = colour_table(scale.map)[entries]
    if flawed is not None:
        pixels[flawed] = scale.extra
    return pixels


def colour_ramp(scale: Scale, length: int) -> NDArray[np.uint8]:
    """The scale's own colours from low to high, uint8 of shape (length, 3)."""
    entries = 255 if scale.diverging else 256
    positions = (np.arange(length) + 0.5) * entries / length
    return colour_table(scale.map)[positions.astype(np.intp)]


def dark(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether white text reads better than ink on each colour, shape ``pixels.shape[:-1]``.

    By the contrast ratio of WCAG 2.2: the two are equal at a relative luminance of 0.20.
    """
    share = np.asarray(pixels, dtype=np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]) < 0.20)


def _entries(array: NDArray[Any], scale: Scale) -> NDArray[np.uint8]:
    """Index into the colour table of every (finite) value."""
    low, high, last = scale.low, scale.high, 255 - scale.diverging
    exponent = math.frexp(max(abs(low), abs(high)))[1]
    extreme = abs(exponent) > 60
    small = array.dtype.itemsize <= 2 or array.dtype == np.float32
    values: NDArray[Any] = np.array(array, np.float32 if small and not extreme else np.float64)
    if low == high:
        middle = 127 if scale.diverging else 0
        return np.where(values > high, last, np.where(values < low, 0, middle)).astype(np.uint8)
    values = np.clip(values, low, high, out=values)
    if extreme:
        # Near the ends of the format high - low overflows, or its inverse does: scaling
        # by a power of two changes no ratio.
        values = np.ldexp(values, -exponent)
        low, high = math.ldexp(low, -exponent), math.ldexp(high, -exponent)
    # In place: a layer may have millions of values.
    if scale.diverging:
        np.multiply(values, 127 / high, out=values)
        np.add(values, 127.5, out=values)
    else:
        np.subtract(values, low, out=values)
        np.multiply(values, 256 / (high - low), out=values)
    # The cast cuts towards zero, which is rounding to the nearest entry on a diverging
    # scale and 256 equal steps on a sequential one.
    entries: NDArray[np.uint8] = np.minimum(values, last, out=values).astype(np.uint8)
    return entries
