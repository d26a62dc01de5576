"""Before and after: a photo, a filter, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import Scale, choose_scale
from layerwalk.render.figures.cells import draw_cells, fit_numbers
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.panel import Panel
from layerwalk.render.fit import PlaneFit, choose_fit
from layerwalk.render.header import Header
from layerwalk.render.numerals import choose_decimals, tell, tell_shape
from layerwalk.render.paper import BODY, CAPTION, MARGIN, SOFT, TINY
from layerwalk.render.surface import draw_scale, scale_width
from layerwalk.render.tables import MapName
from layerwalk.render.tally import tally

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["filter_response"]

_SIGN = 72
_NAME = 36
_RAMP = 100
_BIAS = 40


def filter_response(
    photo: Array,
    kernel: Array,
    result: Array,
    *,
    title: str = "A filter on a photo",
    bias: float | None = None,
    notes: Sequence[str] = (),
    map: MapName | None = None,  # noqa: A002 - the field's word
) -> Figure:
    """A photo, the kernel with its numbers and the result side by side, a matplotlib figure.

    Photo and result are drawn to the same scale of pixels, so that what the kernel cuts
    off at the edges can be seen; each has its shape, its range and its colour bar.

    Parameters
    ----------
    photo
        (H, W) of any real dtype, or uint8 (H, W, 3) or (H, W, 1).
    kernel
        (kh, kw), or (channels, kh, kw) for one grid below the other; at most 11 x 11.
    result
        (H', W') as the network computed it. Nothing is computed here.
    title
        Printed above.
    bias
        What the convolution adds to every value of the result; printed below the kernel.
    notes
        Short sentences for the header.
    map
        Colour map of the result; by default diverging about zero where it is negative.

    Raises
    ------
    LayerwalkError
        An array has another shape, or is empty.

    Examples
    --------
    >>> import numpy as np
    >>> sobel = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
    >>> figure = filter_response(np.eye(32), sobel, np.zeros((30, 30)))
    """
    photo, grids, result = np.asarray(photo), _grids(kernel), np.asarray(result)
    if photo.ndim == 3 and photo.shape[2] == 1:
        photo = photo[..., 0]
    coloured = photo.ndim == 3 and photo.shape[2] == 3 and photo.dtype == np.uint8
    for name, array, fits in (
        ("photo", photo, photo.ndim == 2 or coloured),
        ("result", result, result.ndim == 2),
    ):
        if not fits or array.size == 0:
            raise LayerwalkError(
                f"an array of shape {array.shape} cannot be drawn as one picture",
                where=name,
                mend="pass (height, width), or uint8 (height, width, 3) for a photo",
            )
    larger = tuple(np.maximum(photo.shape[:2], result.shape).tolist())
    square = choose_fit(larger, (640, 640))
    fit = PlaneFit(square, square)
    limits = (0, 255) if photo.dtype == np.uint8 else None
    before = Panel(
        photo,
        "photo",
        fit,
        None if coloured else choose_scale(photo, map="grey", limits=limits),
    )
    after = Panel(result, "result", fit, choose_scale(result, map=map))
    said = (*notes, "every picture its own scale", *([fit.note] if fit.note else []))
    counts = [tally(array) for array in (photo, result)]
    header = Header(
        title,
        (f"photo {counts[0].span}", f"result {counts[1].span}"),
        None,
        said,
        counts[1].flaws,
    )
    kernel_panel = _Kernel.of(grids, before.height, bias)
    middle = kernel_panel.width
    room = max(before.width + after.width + middle + 2 * _SIGN, header.room)
    high = max(before.height, after.height, kernel_panel.height)
    page = Page(room + 2 * MARGIN, header.height + high + MARGIN)
    header.draw(page, room)
    left, centre = MARGIN, header.height + high // 2
    for panel, sign in (
        (before, "\N{ASTERISK OPERATOR}"),
        (kernel_panel, "\N{RIGHTWARDS ARROW}"),
        (after, ""),
    ):
        panel.draw(page, left, centre - panel.height // 2)
        left += panel.width
        page.text(left + _SIGN // 2, centre + 12, sign, size=2 * BODY, colour=SOFT, align="center")
        left += _SIGN
    return page.figure


def _grids(kernel: Array) -> Array:
    grids = np.asarray(kernel)
    grids = grids[None] if grids.ndim == 2 else grids
    if grids.ndim != 3 or grids.size == 0 or max(grids.shape[1:]) > 11 or len(grids) > 4:
        raise LayerwalkError(
            f"a kernel of shape {np.shape(kernel)} cannot be printed",
            where="kernel",
            mend="pass (height, width) of at most 11 x 11, or up to four such grids",
        )
    return grids


@dataclass(frozen=True, eq=False)
class _Kernel:
    """The kernel's grids, one below the other, with one scale."""

    grids: Array
    scale: Scale
    cell: int
    bias: float | None

    @classmethod
    def of(cls, grids: Array, room: int, bias: float | None) -> _Kernel:
        count, height, width = (int(length) for length in grids.shape)
        cell = max(38, min(80, 280 // width, (room - _NAME - 36 - 16 * count) // (count * height)))
        return cls(grids, choose_scale(grids, map="bluered"), cell, bias)

    @property
    def width(self) -> int:
        bar = scale_width(self.scale, length=_RAMP, size=TINY)
        return max(int(self.grids.shape[2]) * self.cell, bar, 170)

    @property
    def height(self) -> int:
        grids = len(self.grids) * (int(self.grids.shape[1]) * self.cell + 16)
        return _NAME + grids + 36 + _BIAS * (self.bias is not None)

    def draw(self, page: Page, left: int, top: int) -> None:
        page.text(left, top + 20, "filter", size=CAPTION, bold=True)
        shape = self.grids.shape[1:] if len(self.grids) == 1 else self.grids.shape
        page.text(left + 76, top + 20, tell_shape(shape), size=TINY, colour=SOFT)
        top += _NAME
        decimals = choose_decimals(self.grids)
        for grid in self.grids:
            draw_cells(
                page,
                grid,
                left,
                top,
                cell=self.cell,
                scale=self.scale,
                decimals=decimals,
                size=fit_numbers(self.grids, self.cell, decimals),
                ruled=True,
            )
            top += grid.shape[0] * self.cell + 16
        draw_scale(page, self.scale, left, top + 14, length=_RAMP, size=TINY)
        if self.bias is not None:
            page.text(left, top + 14 + _BIAS, f"plus the bias, {tell(self.bias)}", size=CAPTION)
