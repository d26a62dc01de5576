"""The whole walk on one sheet: a row for each op."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.axes import channel_axes
from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Op, Photo, Trace
from layerwalk.render.board import Board
from layerwalk.render.colour import Scale, choose_scale, colourise
from layerwalk.render.fit import choose_fit, choose_plane_fit
from layerwalk.render.lettering import shorten
from layerwalk.render.lettering import width as text_width
from layerwalk.render.mosaic import rank
from layerwalk.render.numerals import tell_chance, tell_count, tell_shape
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
)
from layerwalk.render.planes import Planes, planes_of
from layerwalk.render.strip import fold_vector
from layerwalk.render.surface import draw_scale
from layerwalk.render.weights import titled

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["walk_overview"]

_WORDS = 640  # width of the column of names
_NUMBER = 64  # of which the op's index takes
_GAP = 18
_SHORT = 12  # ops at most for tiles larger than 112
_WIDE = 1400
_BELOW = 60  # from the foot of a row's tiles to the next row's


@dataclass(frozen=True, slots=True)
class _Look:
    """How rows are drawn: tiles of at most ``tile`` pixels, ``channels`` of them."""

    tile: int
    channels: int
    sample: int
    axes: tuple[int, ...]

    @property
    def room(self) -> int:
        """How wide the pictures of a row may be."""
        return max(self.channels * (self.tile + _GAP) - _GAP, 600)

    def height(self, op: Op) -> int:
        """How high the op's row is: that of its maps where they are flatter than a tile."""
        tall = self.tile
        if len(op.shape) == 4 and op.outputs[0].size:
            shape = op.shape[2:] if self.axes[op.index] == 1 else op.shape[1:3]
            tall = choose_fit(shape, (self.tile, self.tile)).length(shape[0])
        return max(tall, 120) + _BELOW


def walk_overview(
    trace: Trace,
    *,
    ops: Sequence[str | int | Op] | None = None,
    kinds: Sequence[str] | None = None,
    every: int = 1,
    channels: int = 8,
    tile: int | None = None,
    sample: int = 0,
) -> Image:
    """The whole walk, one row an op, from the photo down to the scores: a Pillow image.

    A row tells the op's index, name, kind, shape, range and scale, all of the whole value,
    and shows its strongest channels (greatest mean absolute value) on one scale for the op.
    Maps that are larger than ``tile`` have rows and columns left out evenly; where channels
    are not axis 1 (see :func:`layerwalk.axes.channel_axes`), or a slice is drawn, the
    row says so.

    Parameters
    ----------
    trace
        The walk; an incomplete one is drawn as far as it came, with the reason.
    ops
        Only these ops, by name, index or themselves; a module's path gives its last op.
    kinds
        Only ops of these kinds, such as ``("conv2d", "max_pool2d")``.
    every
        Only every so-manieth of what is left; the last op is always there.
    channels, tile
        How many channels a row, and their largest size in pixels: by default 112, and
        up to 336 where there are few ops.
    sample
        Which sample of the batch.

    Raises
    ------
    NotFoundError
        No op is left to draw, or an op or sample is not there.
    LayerwalkError
        An option makes no sense, or the sheet would be too large.

    Examples
    --------
    >>> walk_overview(trace, kinds=["conv2d"]).save("walk.png")    # doctest: +SKIP
    """
    if min(every, channels) < 1 or (tile is not None and tile < 16):
        raise LayerwalkError(
            f"every={every}, channels={channels}, tile={tile} draws nothing",
            where="overview",
            mend="give at least every=1, channels=1 and tile=16",
        )
    chosen = _choose(trace, ops, kinds, every)
    axes = channel_axes(trace)
    channels = max(
        min(channels, op.shape[axes[op.index]]) if len(op.shape) >= 4 else 1 for op in chosen
    )
    look = _Look(tile or _tile(chosen, channels), channels, sample, axes)
    head = _head_height(trace.photo)
    tops = list(itertools.accumulate((look.height(op) for op in chosen), initial=head))
    high = tops[-1] + MARGIN + 60 * (trace.failure is not None)
    board = Board(2 * MARGIN + _WORDS + look.room, high)
    _draw_head(board, trace, len(chosen), look)
    for op, top in zip(chosen, tops, strict=False):
        _draw_row(board, op, top, look)
    if trace.failure is not None:
        text = f"stopped in {trace.failure.where}: {trace.failure.message}"
        room = board.image.width - 2 * MARGIN
        board.text(MARGIN, high - MARGIN, shorten(text, BODY, room), size=BODY, colour=ACCENT)
    return board.image


def _choose(
    trace: Trace,
    ops: Sequence[str | int | Op] | None,
    kinds: Sequence[str] | None,
    every: int,
) -> list[Op]:
    found = list(trace.ops) if ops is None else [trace[op] for op in ops]
    if kinds is not None:
        found = [op for op in found if op.kind in kinds]
    if not found:
        there = ", ".join(sorted({op.kind for op in trace.ops})) or "none"
        raise NotFoundError(
            "no op is left to draw", where=trace.name, mend=f"the kinds of its ops are: {there}"
        )
    kept = found[::every]
    return kept if kept[-1] is found[-1] else [*kept, found[-1]]


def _tile(chosen: Sequence[Op], channels: int) -> int:
    """Room for large tiles where a short walk has few channels."""
    if len(chosen) > _SHORT:
        return 112
    return min(max(_WIDE // max(channels, 1) - _GAP, 112), 336)


def _head_height(photo: Photo | None) -> int:
    return MARGIN + (224 if photo else 100) + 50


def _draw_head(board: Board, trace: Trace, shown: int, look: _Look) -> None:
    left = MARGIN
    if trace.photo is not None:
        pixels = trace.photo.pixels
        fit = choose_fit(pixels.shape, (224, _WORDS - 60))
        drawn = fit.enlarge(pixels[:: fit.step, :: fit.step])
        board.picture(np.broadcast_to(drawn, (*drawn.shape[:2], 3)), MARGIN, MARGIN)
        left += drawn.shape[1] + 36
    room = board.image.width - MARGIN - left
    total = len(trace)
    said = tell_count(total, "op")
    if shown < total:
        said = f"{shown} of {said} shown"
    photo = f"{trace.photo.name}  ·  " if trace.photo else ""
    board.text(
        left,
        MARGIN + 26,
        shorten(titled(trace.name, trace), TITLE, room, bold=True),
        size=TITLE,
        bold=True,
    )
    board.text(left, MARGIN + 64, shorten(photo + said, BODY, room), size=BODY, colour=SOFT)
    note = "each op's strongest channels (greatest mean absolute value); each op its own scale"
    board.text(left, MARGIN + 98, shorten(note, CAPTION, room), size=CAPTION, colour=SOFT)
    if trace.photo is None:
        return
    for at, (label, chance) in enumerate(_top(trace)):
        words = f"{tell_chance(chance)}   {label}"
        board.text(
            left,
            MARGIN + 146 + 34 * at,
            shorten(words, BODY, room, keep_end=False),
            size=BODY,
            colour=SOFT if at else INK,
            bold=at == 0,
        )


def _top(trace: Trace) -> list[tuple[str, float]]:
    try:
        with np.errstate(invalid="ignore"):
            ranked = trace.top(3)
    except NotFoundError:
        # Not a classifier, or it did not come to its end: there is nothing to say.
        return []
    return [(label, chance) for label, chance in ranked if math.isfinite(chance)]


def _draw_row(board: Board, op: Op, top: int, look: _Look) -> None:
    board.box(MARGIN, top - 24, board.image.width - 2 * MARGIN, 2, LINE)
    left, room = MARGIN + _NUMBER, _WORDS - _NUMBER - 40
    board.text(left - 18, top + 20, str(op.index), size=CAPTION, colour=SOFT, align="right")
    board.text(left, top + 20, shorten(op.name, BODY, room, bold=True), size=BODY, bold=True)
    made = tell_shape(op.shape) if op.made else "made no value"
    facts = f"{op.kind}  ·  {made}"
    board.text(left, top + 50, shorten(facts, CAPTION, room), size=CAPTION, colour=SOFT)
    if not op.made or op.outputs[0].size == 0:
        return
    try:
        planes = planes_of(op.outputs[0], sample=look.sample, channel_axis=look.axes[op.index])
    except NotFoundError as error:
        # A table or mask has no such sample; the rest of the walk has.
        board.text(left, top + 80, error.what, size=CAPTION)
        return
    count, scale = planes.count, choose_scale(planes.array, count=planes.count)
    said = "  ·  ".join(part for part in (count.span, count.share_of_zeros, count.flaws) if part)
    board.text(left, top + 80, shorten(said, CAPTION, room), size=CAPTION)
    right = draw_scale(board, scale, left, top + 114, length=120, size=TINY) + 16
    if planes.layout == "maps":
        notes = _draw_maps(board, planes, scale, top, look)
        rest = MARGIN + _WORDS - 24 - right
        if text_width(notes, TINY) > rest:
            notes = notes.replace("middle slice: ", "")
        board.text(right, top + 114, shorten(notes, TINY, rest), size=TINY, colour=SOFT)
    else:
        _draw_plane(board, planes, scale, top, look)


def _draw_maps(board: Board, planes: Planes, scale: Scale, top: int, look: _Look) -> str:
    """Draw the strongest channels; what was left out comes back in words."""
    fit = choose_fit(planes.array.shape[1:], (look.tile, look.tile))
    drawn = fit.sample(planes.array)
    for at, channel in enumerate(rank(planes.array, "strength", look.channels)):
        left = MARGIN + _WORDS + at * (look.tile + _GAP)
        pixels = fit.enlarge(colourise(drawn[channel], scale))
        board.picture(pixels, left, top)
        foot = top + pixels.shape[0] + 22
        board.text(left, foot, str(channel), size=TINY, colour=SOFT)
    return "; ".join(note for note in (fit.note, *planes.notes) if note)


def _draw_plane(board: Board, planes: Planes, scale: Scale, top: int, look: _Look) -> None:
    """Draw a plane or a vector, and below it how to read it."""
    left = MARGIN + _WORDS
    if planes.layout == "vector":
        strip = fold_vector(planes.array.reshape(-1), scale, (look.tile, look.room))
        pixels, note = strip.pixels, strip.note
    else:
        plane = planes.array[0]
        fit = choose_plane_fit(plane.shape, (look.tile, look.room))
        pixels, note = fit.enlarge(colourise(fit.sample(plane), scale)), fit.note
    board.picture(pixels, left, top)
    notes = "; ".join(part for part in (note, *planes.notes) if part)
    board.text(left, top + pixels.shape[0] + 22, notes, size=TINY, colour=SOFT)
