"""A look into a data set: some of its pictures, with their labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import Scale, colourise
from layerwalk.render.figures.page import Page
from layerwalk.render.fit import Fit, choose_fit
from layerwalk.render.header import Header
from layerwalk.render.lettering import shorten
from layerwalk.render.paper import CAPTION, MARGIN, SOFT, TINY

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["example_pictures"]

_GAP = 18
_CAPTIONS = 66
_CELL = 170


def example_pictures(
    pictures: Sequence[Array],
    labels: Sequence[str],
    *,
    title: str = "Pictures with their labels",
    numbers: Sequence[str] = (),
    facts: Sequence[str] = (),
    notes: Sequence[str] = (),
    white: float = 255,
    columns: int = 10,
) -> Figure:
    """Pictures side by side, each with its label below, as a matplotlib figure.

    Every pixel is drawn as a square of whole pixels; of a picture that is too large, rows and
    columns are left out evenly, and the header says so. Nothing is smoothed.

    Parameters
    ----------
    pictures
        Levels of 0 to ``white``, each (H, W), (H, W, 1) or uint8 (H, W, 3).
    labels
        What stands below each.
    title
        Printed above.
    numbers
        What stands below each label, smaller: the picture's number, or how many it is the
        mean of.
    facts, notes
        Short sentences for the header.
    white
        The level that is drawn white; 0 is black.
    columns
        How many stand side by side.

    Raises
    ------
    LayerwalkError
        There is no picture, an array is none, or not every one has a label.

    Examples
    --------
    >>> import numpy as np
    >>> figure = example_pictures([np.eye(8) * 255] * 20, ["an eye"] * 20)
    """
    if not pictures or columns < 1:
        raise LayerwalkError("there is no picture to draw", where=title, mend="give one or more")
    if len(labels) != len(pictures) or (numbers and len(numbers) != len(pictures)):
        raise LayerwalkError(
            f"{len(pictures)} pictures have {len(labels)} labels", where=title, mend="give one each"
        )
    drawn = [_coloured(one, white, title) for one in pictures]
    fits = [choose_fit(one.shape, (_CELL, _CELL)) for one in drawn]
    across = min(columns, len(drawn))
    down = math.ceil(len(drawn) / across)
    high = max(_height(one, fit) for one, fit in zip(drawn, fits, strict=True))
    scale = None
    if all(np.ndim(one) == 2 or np.shape(one)[2] == 1 for one in pictures):
        scale = Scale(0, white, "grey", "fixed")
    said = [*notes, *_left_out(fits)]
    header = Header(title, tuple(facts), scale, tuple(said), "")
    room = max(across * (_CELL + _GAP) - _GAP, header.room)
    pitch = high + _CAPTIONS + (TINY if numbers else 0)
    page = Page(room + 2 * MARGIN, header.height + down * pitch + MARGIN - 30)
    header.draw(page, room)
    for at, (one, fit) in enumerate(zip(drawn, fits, strict=True)):
        left = MARGIN + at % across * (_CELL + _GAP)
        top = header.height + at // across * pitch
        sampled = one[:: fit.step, :: fit.step]
        page.picture(fit.enlarge(sampled), left, top)
        text = shorten(labels[at], CAPTION, _CELL, bold=True, keep_end=False)
        page.text(left, top + high + 26, text, size=CAPTION, bold=True)
        if numbers:
            page.text(left, top + high + 48, numbers[at], size=TINY, colour=SOFT)
    return page.figure


def _coloured(picture: Array, white: float, title: str) -> NDArray[np.uint8]:
    picture = np.asarray(picture)
    grey = picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 1)
    if not picture.size or not (
        grey or (picture.ndim == 3 and picture.shape[2] == 3 and picture.dtype == np.uint8)
    ):
        raise LayerwalkError(
            f"an array of shape {picture.shape} and type {picture.dtype} is no picture",
            where=title,
            mend="pass (height, width), or uint8 (height, width, 3)",
        )
    if not grey:
        return picture
    return colourise(picture.reshape(picture.shape[:2]), Scale(0, white, "grey", "fixed"))


def _height(picture: NDArray[np.uint8], fit: Fit) -> int:
    return fit.length(picture.shape[0])


def _left_out(fits: Sequence[Fit]) -> list[str]:
    steps = sorted({fit.step for fit in fits})
    if steps == [1]:
        return []
    if len(steps) == 1:
        return [fits[0].note]
    larger = [step for step in steps if step > 1]
    least, most = larger[0], larger[-1]
    share = f"1 of {least}" if least == most else f"1 of {least} to 1 of {most}"
    return [f"large pictures: {share} rows and columns drawn"]
