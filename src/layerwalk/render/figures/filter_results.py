"""Filters on a photo: a row each, with the photo, the filter's numbers and the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.filters import Filter
from layerwalk.record import Array
from layerwalk.render.colour import Scale, choose_scale
from layerwalk.render.figures.grid import Grid
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.panel import Panel
from layerwalk.render.fit import PlaneFit, choose_fit
from layerwalk.render.header import Header
from layerwalk.render.lettering import width
from layerwalk.render.numerals import tell_chance, tell_shape
from layerwalk.render.outliers import reach, tell_beyond
from layerwalk.render.paper import BODY, CAPTION, INK, LINE, MARGIN, SOFT, TINY
from layerwalk.render.tally import tally

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FilterResult", "filter_results", "result_scale"]

_SIGN = 72
_NAME = 52  # from the top of a row to its panels
_GAP = 40
_CUT = 26
_TIMES, _ARROW = "\N{ASTERISK OPERATOR}", "\N{RIGHTWARDS ARROW}"


@dataclass(frozen=True, eq=False)
class FilterResult:
    """A filter and what it made of the photo.

    Attributes
    ----------
    filter
        The filter.
    result
        (H', W').
    """

    filter: Filter
    result: Array = field(repr=False)


def filter_results(
    photo: Array,
    results: Sequence[FilterResult],
    *,
    title: str = "Filters on a photo",
    notes: Sequence[str] = (),
) -> Figure:
    """A row for each filter: the photo, the numbers and the result, a matplotlib figure.

    Photo and results are drawn to the same scale of pixels. A result keeps the photo's
    greys where the filter about keeps the brightness (its numbers add up to something from
    0.5 to 2): from 0, black, to 255, white, with what lies beyond told below it. Any other
    has a scale of its own, diverging about zero where it is negative; that ends where all
    but 0.5 % of many values lie, so that a few steep edges do not make all else white, and
    what lies beyond is told. A filter that
    divides shows whole numbers and what all of them are divided by.

    Parameters
    ----------
    photo
        Grey levels, uint8 (H, W).
    results
        The filters and what they made of it. Nothing is computed here.
    title
        Printed above.
    notes
        Short sentences for the header.

    Raises
    ------
    LayerwalkError
        There is no result, or an array has another shape or is empty.

    Examples
    --------
    >>> from layerwalk.filters import apply_filter, find_filter
    >>> photo, sobel = np.eye(32, dtype=np.uint8), find_filter("sobel-x")
    >>> figure = filter_results(photo, [FilterResult(sobel, apply_filter(photo, sobel))])
    """
    photo = np.asarray(photo)
    _check(photo, results)
    larger = np.max([photo.shape, *(np.shape(one.result) for one in results)], axis=0)
    # One row may fill the sheet; several are to be compared at a glance.
    square = choose_fit(tuple(larger.tolist()), (900, 1000) if len(results) == 1 else (540, 740))
    fit = PlaneFit(square, square)
    rows = [_Row.of(photo, one, fit) for one in results]
    middle = max(row.kernel.width for row in rows)
    said = ("grey levels 0 to 255", f"this photo {tally(photo).span}")
    header = Header(title, said, None, (*notes, *([fit.note] if fit.note else [])), "")
    room = max(*(row.width(middle) for row in rows), header.room)
    high = sum(row.height for row in rows) + _GAP * (len(rows) - 1)
    page = Page(room + 2 * MARGIN, header.height + high + MARGIN)
    header.draw(page, room)
    top = header.height
    for at, row in enumerate(rows):
        if at:
            page.box(MARGIN, top - _GAP // 2, room, 2, LINE)
        row.draw(page, top, middle)
        top += row.height + _GAP
    return page.figure


def result_scale(filter: Filter, result: Array) -> Scale:  # noqa: A002 - the field's word
    """The colours of what a filter made of levels of 0 to 255.

    Examples
    --------
    >>> from layerwalk.filters import find_filter
    >>> result_scale(find_filter("sharpen"), np.array([[-80.0, 300.0]]))
    Scale(low=0.0, high=255.0, map='grey', scope='fixed')

    One of its own, about zero, leaves the few largest of many beyond its ends:

    >>> result_scale(find_filter("sobel-x"), np.array([[-80.0, 300.0]]))
    Scale(low=-300.0, high=300.0, map='bluered', scope='layer')
    """
    if 0.5 <= filter.total <= 2:
        return choose_scale(result, map="grey", limits=(0, 255))
    count = tally(result)
    if not count.low < 0:
        return choose_scale(result, map="grey", count=count)
    most = reach(result)
    return Scale(-most, most, "bluered", "layer")


@dataclass(frozen=True, eq=False)
class _Row:
    """One filter's row."""

    filter: Filter
    before: Panel
    kernel: Grid
    after: Panel
    cut: str

    @classmethod
    def of(cls, photo: Array, one: FilterResult, fit: PlaneFit) -> _Row:
        result = np.asarray(one.result)
        scale = result_scale(one.filter, result)
        before = Panel(photo, "photo", fit, Scale(0, 255, "grey", "fixed"))
        facts = f"{tell_shape(result.shape)}  ·  {tally(result).span}"
        beyond = tell_beyond(result, scale.high) if scale.diverging else ""
        after = Panel(result, "result", fit, scale, facts=facts, beyond=beyond)
        return cls(one.filter, before, _kernel(one.filter), after, _cut(result, scale))

    @property
    def _panels(self) -> int:
        return max(self.before.height, self.kernel.height, self.after.height)

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return _NAME + self._panels + _CUT * bool(self.cut)

    def width(self, middle: int) -> int:
        """Its width in pixels, with a column of that width for the filter's numbers."""
        after = max(self.after.width, round(width(self.cut, TINY)))
        named = width(self.filter.name, BODY, bold=True) + 16 + width(self.filter.about, CAPTION)
        return max(self.before.width + middle + after + 2 * _SIGN, round(named))

    def draw(self, page: Page, top: int, middle: int) -> None:
        """Draw it from the sheet's left margin."""
        page.text(MARGIN, top + 22, self.filter.name, size=BODY, bold=True)
        beside = MARGIN + width(self.filter.name, BODY, bold=True) + 16
        page.text(beside, top + 22, self.filter.about, size=CAPTION, colour=SOFT)
        top += _NAME
        centre, left = top + self._panels // 2, MARGIN
        self.before.draw(page, left, centre - self.before.height // 2)
        left += self.before.width
        for sign, beyond in ((_TIMES, middle), (_ARROW, 0)):
            at = left + _SIGN // 2
            page.text(at, centre + 12, sign, size=2 * BODY, colour=SOFT, align="center")
            left += _SIGN
            if beyond:
                off = (middle - self.kernel.width) // 2
                self.kernel.draw(page, left + off, centre - self.kernel.height // 2)
            left += beyond
        place = centre - self.after.height // 2
        self.after.draw(page, left, place)
        if self.cut:
            page.text(left, place + self.after.height + 12, self.cut, size=TINY, colour=INK)


def _kernel(filter: Filter) -> Grid:  # noqa: A002 - the field's word
    numbers, divisor = filter.printed
    facts = tell_shape(filter.shape) + (
        f", each \N{DIVISION SIGN} {divisor}" if divisor > 1 else ""
    )
    longest = max(filter.shape)
    cell = max(40, min(84, 300 // longest))
    return Grid(numbers, "filter", facts, choose_scale(numbers, map="bluered"), cell)


def _cut(result: NDArray[np.float64], scale: Scale) -> str:
    """What lies beyond a fixed scale, in words; ``""`` where nothing does."""
    if scale.scope != "fixed":
        return ""
    shares = (
        (np.count_nonzero(result < scale.low), "below 0, drawn black"),
        (np.count_nonzero(result > scale.high), "above 255, drawn white"),
    )
    said = [f"{tell_chance(count / result.size)} {where}" for count, where in shares if count]
    return "; ".join(said)


def _check(photo: Array, results: Sequence[FilterResult]) -> None:
    if not results:
        raise LayerwalkError("there is no result to draw", where="results", mend="give one")
    if photo.ndim != 2 or photo.dtype != np.uint8 or not photo.size:
        raise LayerwalkError(
            f"an array of type {photo.dtype} and shape {photo.shape} is no grey photo",
            where="photo",
            mend="pass uint8 (height, width), as load_image(...).grey() gives it",
        )
    for one in results:
        shape = np.shape(one.result)
        if len(shape) != 2 or 0 in shape:
            raise LayerwalkError(
                f"an array of shape {shape} cannot be drawn as one picture",
                where=f"result of {one.filter.name}",
                mend="pass (height, width)",
            )
