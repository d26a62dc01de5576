"""A film of a network that learns: kernels, maps, scores and the loss, a picture a step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.record import Array
from layerwalk.render.board import Board
from layerwalk.render.colour import Scale, choose_scale
from layerwalk.render.curve import Curve, draw_curves
from layerwalk.render.fit import choose_fit
from layerwalk.render.lettering import shorten
from layerwalk.render.mosaic import lay_mosaic
from layerwalk.render.numerals import tell
from layerwalk.render.paper import ACCENT, BODY, CAPTION, INK, LINE, MARGIN, SOFT, TINY, TITLE
from layerwalk.render.surface import draw_scale
from layerwalk.render.tally import tally
from layerwalk.render.tiles import draw_mosaic

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LearningFilm", "Moment"]

_WIDTH, _HEIGHT = 1480, 930
_TOP = MARGIN + 112
_BOX = 470
_SCORES = 330
_CURVE = 200
_MOST, _MOST_LARGE, _LARGE = 36, 16, 12


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """The network after some updates.

    Attributes
    ----------
    step
        After how many.
    kernels
        (K, H, W): of each filter the weights on the first channel.
    maps
        (C, H, W): what an op answers to the probe.
    scores
        (classes,): probabilities of the probe.
    """

    step: int
    kernels: Array = field(repr=False)
    maps: Array = field(repr=False)
    scores: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, eq=False)
class LearningFilm:
    """A network that learns, picture by picture.

    Colours mean the same in every picture: both scales hold all of the film.

    Attributes
    ----------
    title
        What learns what.
    kernels, maps
        What the two groups of tiles are called.
    probe
        (H, W, C) uint8, the picture that is shown to the network; ``None`` where it is none.
    classes
        The class names, as many as there are scores.
    truth
        The probe's class by number, if known.
    moments
        At least one.
    curves
        The losses over the steps.
    """

    title: str
    kernels: str
    maps: str
    probe: NDArray[np.uint8] | None = field(repr=False)
    classes: Sequence[str] = field(repr=False)
    truth: int | None
    moments: Sequence[Moment] = field(repr=False)
    curves: Sequence[Curve] = field(repr=False)

    def __len__(self) -> int:
        return len(self.moments)

    def pictures(self) -> Iterator[Image]:
        """Every picture, in the order of the steps."""
        return (self.picture(k) for k in range(len(self)))

    def picture(self, k: int) -> Image:
        """Picture number ``k``, mode RGB."""
        moment = self.moments[k]
        board = Board(_WIDTH, _HEIGHT)
        board.text(MARGIN, MARGIN + 26, self.title, size=TITLE, bold=True)
        after = f"after {moment.step:,} of {self.moments[-1].step:,} updates"
        board.text(MARGIN, MARGIN + 62, after, size=BODY, colour=SOFT)
        kernels, maps = self._scales
        left = MARGIN
        self._tiles(board, moment.kernels, kernels, self.kernels, left)
        left += _BOX + 24
        self._tiles(board, moment.maps, maps, self.maps, left)
        left += _BOX + 24
        self._scores(board, moment, left)
        draw_curves(
            board,
            self.curves,
            (MARGIN, _HEIGHT - MARGIN - _CURVE, _WIDTH - 2 * MARGIN, _CURVE),
            at=moment.step,
            last=self.moments[-1].step,
        )
        return board.image

    @cached_property
    def _scales(self) -> tuple[Scale, Scale]:
        return tuple(  # type: ignore[return-value] # two of them
            _one_scale([getattr(moment, part) for moment in self.moments])
            for part in ("kernels", "maps")
        )

    def _tiles(self, board: Board, array: Array, scale: Scale, name: str, left: int) -> None:
        board.text(left, _TOP, shorten(name, CAPTION, _BOX), size=CAPTION, colour=INK)
        shown = array[: _MOST if max(array.shape[1:]) <= _LARGE else _MOST_LARGE]
        columns = math.ceil(math.sqrt(len(shown) * array.shape[1] / array.shape[2]))
        rows = -(-len(shown) // columns)
        room = (_BOX - 16) // rows - 36, _BOX // columns - 13
        fit = choose_fit(array.shape[1:], room)
        mosaic = lay_mosaic(
            fit.sample(shown),
            zoom=fit.zoom,
            columns=columns,
            map=scale.map,
            limits=(scale.low, scale.high),
        )
        draw_mosaic(board, mosaic, left, _TOP + 14)
        end = draw_scale(board, scale, left, _TOP + _BOX + 12, length=150, size=TINY)
        said = [f"{len(shown)} of {len(array)}"] if len(array) > len(shown) else []
        said += [fit.note] if fit.note else []
        if said:
            board.text(end + 20, _TOP + _BOX + 12, ", ".join(said), size=TINY, colour=SOFT)

    def _scores(self, board: Board, moment: Moment, left: int) -> None:
        top = _TOP
        board.text(left, top, "the probe, and what it is taken for", size=CAPTION)
        top += 14
        if self.probe is not None:
            fit = choose_fit(self.probe.shape, (140, 140), most=5)
            pixels = np.broadcast_to(self.probe, (*self.probe.shape[:2], 3))
            drawn = fit.enlarge(np.ascontiguousarray(pixels[:: fit.step, :: fit.step]))
            board.picture(drawn, left, top)
            top += drawn.shape[0] + 8
        order = np.argsort(-moment.scores, kind="stable")[:10]
        shown = sorted(order.tolist()) if len(moment.scores) <= 10 else order.tolist()
        best = int(order[0]) if len(order) else -1
        line = min(28, (_TOP + _BOX - top) // max(1, len(shown)))
        name = 96
        for row, number in enumerate(shown):
            y = top + line * (row + 1)
            score = float(moment.scores[number])
            told = self.truth == number
            label = shorten(self.classes[number], TINY, name - 22)
            board.text(left, y - 7, f"{label}{' *' if told else ''}", size=TINY, bold=told)
            room = _SCORES - name - 62
            long = score * room if math.isfinite(score) else 0.0
            board.box(left + name, y - line + 6, room, line - 8, LINE)
            board.box(left + name, y - line + 6, long, line - 8, ACCENT if number == best else SOFT)
            text = f"{score:.1%}" if math.isfinite(score) else tell(score)
            board.text(left + _SCORES, y - 7, text, size=TINY, align="right")
        if self.truth is not None:
            board.text(left, _TOP + _BOX + 12, "* what it is", size=TINY, colour=SOFT)


def _one_scale(arrays: Sequence[Array]) -> Scale:
    """One scale for all steps: diverging if any value is negative."""
    ends = [tally(array) for array in arrays]
    finite = [one for one in ends if math.isfinite(one.low) and math.isfinite(one.high)]
    low = min((one.low for one in finite), default=0.0)
    high = max((one.high for one in finite), default=0.0)
    return choose_scale(np.array([low, high]))
