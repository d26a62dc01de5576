"""What the network says the picture is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.prediction import probabilities
from layerwalk.record import Photo, Trace
from layerwalk.render.figures.page import Page
from layerwalk.render.fit import choose_fit
from layerwalk.render.lettering import shorten
from layerwalk.render.numerals import tell, tell_chance, tell_count
from layerwalk.render.paper import ACCENT, BODY, CAPTION, INK, MARGIN, SOFT, TITLE, TRACK
from layerwalk.render.weights import titled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["class_scores"]

_LABELS, _BARS, _NUMBERS = 420, 640, 130
_PITCH = 54
_HEAD = 96

_Score: TypeAlias = tuple[str, float]


def class_scores(
    scores: Trace | Sequence[tuple[str, float]], *, count: int = 5, title: str | None = None
) -> Figure:
    """The most probable classes as horizontal bars, a matplotlib figure.

    The bars run from 0 to 1, so their lengths can be compared between figures; the
    photo that was walked stands beside them. Classes whose score is NaN or infinite have no
    bar: they are counted in the header, and named below the others.

    Parameters
    ----------
    scores
        A trace of a classifier, or (label, probability) pairs, best first.
    count
        How many classes are shown.
    title
        Printed above; by default what the network is called.

    Raises
    ------
    LayerwalkError
        There is no score, or a finite one is not a probability.
    NotFoundError
        The trace is of no classifier; see :meth:`layerwalk.record.Trace.top`.

    Examples
    --------
    >>> figure = class_scores([("German shepherd", 0.971), ("malinois", 0.004)])
    """
    if isinstance(scores, Trace):
        photo, name = scores.photo, titled(scores.name, scores)
        rows, flaws = _rows(scores, count)
    else:
        photo, name = None, "Prediction"
        rows = [(label, chance) for label, chance in scores if math.isfinite(chance)]
        flaws = [(label, chance) for label, chance in scores if not math.isfinite(chance)]
        rows = rows[: max(count, 0)]
    for label, chance in rows:
        if not 0 <= chance <= 1:
            raise LayerwalkError(
                f"a score of {chance} is not a probability", where=label, mend="give 0 to 1"
            )
    missing = flaws[: max(count - len(rows), 1)] if flaws and count > 0 else []
    rows = [*rows, *missing]
    if not rows:
        raise LayerwalkError("there is no score to draw", where=name, mend="show 1 class or more")
    high = max(_PITCH * len(rows), 224 if photo else 0)
    beside = _photo_width(photo, high)
    page = Page(
        2 * MARGIN + beside + _LABELS + _BARS + _NUMBERS, MARGIN + _HEAD + high + MARGIN - 12
    )
    page.text(MARGIN, MARGIN + 26, title or name, size=TITLE, bold=True)
    said = [photo.name] if photo else []
    said.append("probabilities, 0 to 100 %")
    if flaws:
        said.append(f"{tell_count(len(flaws), 'class', 'classes')} without a finite score")
    page.text(MARGIN, MARGIN + 64, "  ·  ".join(said), size=BODY, colour=SOFT)
    top = MARGIN + _HEAD
    if photo:
        fit = choose_fit(photo.pixels.shape, (high, 2 * high))
        pixels = fit.enlarge(photo.pixels[:: fit.step, :: fit.step])
        page.picture(np.broadcast_to(pixels, (*pixels.shape[:2], 3)), MARGIN, top)
    _draw_bars(page, rows, MARGIN + beside, top)
    return page.figure


def _rows(trace: Trace, count: int) -> tuple[list[_Score], list[_Score]]:
    """The most probable classes, and those whose score is not a finite number, with it.

    One such logit leaves no class a probability: a softmax divides by the sum of all.
    """
    with np.errstate(invalid="ignore"):
        chances = probabilities(trace)
        ranked = trace.top(len(chances))
    rows = [(label, chance) for label, chance in ranked if math.isfinite(chance)]
    if len(rows) == len(chances):
        return rows[: max(count, 0)], []
    given = np.asarray(trace.outputs[0].read(0), np.float64)
    labels = trace.labels if trace.labels and len(trace.labels) == len(given) else None
    flawed = np.flatnonzero(~np.isfinite(given))
    flaws = [(labels[at] if labels else f"class {at}", float(given[at])) for at in flawed]
    return rows[: max(count, 0)], flaws


def _photo_width(photo: Photo | None, high: int) -> int:
    if photo is None:
        return 0
    fit = choose_fit(photo.pixels.shape, (high, 2 * high))
    return fit.length(photo.pixels.shape[1]) + 44


def _draw_bars(page: Page, rows: Sequence[tuple[str, float]], left: int, top: int) -> None:
    start = left + _LABELS
    for at, (label, chance) in enumerate(rows):
        middle = top + _PITCH * at + 22
        page.text(
            start - 20,
            middle + 8,
            shorten(label, BODY, _LABELS - 30, keep_end=False),
            size=BODY,
            colour=SOFT if at else INK,
            align="right",
        )
        page.box(start, middle - 11, _BARS, 22, TRACK)
        finite = math.isfinite(chance)
        if finite and chance > 0:
            # What is possible is seen: a bar is never shorter than a pixel.
            page.box(start, middle - 11, max(_BARS * chance, 1), 22, ACCENT)
        page.text(
            start + _BARS + 20,
            middle + 8,
            tell_chance(chance) if finite else tell(chance),
            size=BODY if at == 0 else CAPTION + 2,
            colour=SOFT if at else INK,
            bold=at == 0,
        )
