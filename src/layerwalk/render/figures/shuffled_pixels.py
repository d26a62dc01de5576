"""Shuffled pixels: what a picture becomes, and what two networks make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import Scale, colourise
from layerwalk.render.figures.page import Page
from layerwalk.render.fit import choose_fit
from layerwalk.render.lettering import shorten
from layerwalk.render.numerals import tell_chance
from layerwalk.render.paper import ACCENT, BODY, CAPTION, MARGIN, SOFT, TITLE, TRACK, Colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ShuffledScore", "shuffled_pixels"]

_PICTURE = 308
_GAP = 36
_LABELS, _BARS, _NUMBERS = 190, 520, 130
_HEAD = 116
_PITCH = 46
_BLOCK = 3 * _PITCH + 16
_SHUFFLED: Colour = (144, 140, 132)


@dataclass(frozen=True)
class ShuffledScore:
    """A network's accuracies, 0 to 1: learned from pictures as they are, and shuffled."""

    name: str
    plain: float
    shuffled: float


def shuffled_pixels(
    picture: Array,
    shuffled: Array,
    scores: Sequence[ShuffledScore],
    *,
    title: str = "The same pictures with their pixels shuffled",
    notes: Sequence[str] = (),
) -> Figure:
    """A picture as it is and shuffled, and two bars for each network, a matplotlib figure.

    The bars run from 0 to 100 %.

    Parameters
    ----------
    picture, shuffled
        The same one: levels (H, W), or uint8 (H, W, 3).
    scores
        The accuracies of each network.
    title
        Printed above.
    notes
        Short sentences below it.

    Raises
    ------
    LayerwalkError
        There is no score, or the two pictures differ in shape.

    Examples
    --------
    >>> eye = np.eye(8) * 255
    >>> figure = shuffled_pixels(eye, eye[::-1], [ShuffledScore("mlp", 0.97, 0.97)])
    """
    if not scores or picture.shape != shuffled.shape:
        raise LayerwalkError(
            "there is nothing to compare", where=title, mend="give scores and two pictures"
        )
    high = max(_PICTURE + 40, _BLOCK * len(scores))
    wide = 2 * (_PICTURE + _GAP) + _GAP + _LABELS + _BARS + _NUMBERS
    page = Page(wide + 2 * MARGIN, MARGIN + _HEAD + high + MARGIN - 20)
    page.text(MARGIN, MARGIN + 26, title, size=TITLE, bold=True)
    page.text(MARGIN, MARGIN + 64, "  ·  ".join(notes), size=BODY, colour=SOFT)
    top = MARGIN + _HEAD
    for at, (one, said) in enumerate(((picture, "as it is"), (shuffled, "shuffled"))):
        left = MARGIN + at * (_PICTURE + _GAP)
        pixels = one if one.ndim == 3 else colourise(one, Scale(0, 255, "grey", "fixed"))
        fit = choose_fit(pixels.shape, (_PICTURE, _PICTURE))
        page.picture(fit.enlarge(pixels[:: fit.step, :: fit.step]), left, top)
        below = top + fit.length(pixels.shape[0]) + 30
        page.text(left, below, said, size=CAPTION, colour=SOFT)
    left = MARGIN + 2 * (_PICTURE + _GAP) + _GAP
    for at, score in enumerate(scores):
        _draw_score(page, score, left, top + at * _BLOCK)
    return page.figure


def _draw_score(page: Page, score: ShuffledScore, left: int, top: int) -> None:
    name = shorten(score.name, BODY, _LABELS + _BARS, bold=True)
    page.text(left, top + 24, name, size=BODY, bold=True)
    rows = (("as they are", score.plain, ACCENT), ("shuffled", score.shuffled, _SHUFFLED))
    for at, (said, level, colour) in enumerate(rows):
        middle = top + _PITCH * (at + 1) + 14
        start = left + _LABELS
        page.text(start - 18, middle + 7, said, size=CAPTION, colour=SOFT, align="right")
        page.box(start, middle - 11, _BARS, 22, TRACK)
        page.box(start, middle - 11, max(float(np.clip(level, 0, 1)) * _BARS, 1), 22, colour)
        page.text(start + _BARS + 18, middle + 8, tell_chance(level), size=CAPTION)
