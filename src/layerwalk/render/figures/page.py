"""A sheet drawn by matplotlib, measured in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.render.lettering import font_path
from layerwalk.render.paper import DPI, PAPER, Colour, hexadecimal
from layerwalk.render.surface import Surface, Type

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Page"]

_LONGEST = 60_000  # Agg draws at most 65,536 pixels each way


class Page(Surface):
    """A figure of ``width`` by ``height`` pixels at 200 dots an inch.

    Every choice that matplotlib would otherwise take from the user's settings is made
    here, so a figure looks the same everywhere and no setting is touched.

    Attributes
    ----------
    figure
        The matplotlib figure; it belongs to no window and to no ``pyplot``.

    Raises
    ------
    LayerwalkError
        The figure would be larger than matplotlib can draw.
    """

    def __init__(self, width: int, height: int) -> None:
        from matplotlib.figure import Figure

        if max(width, height) > _LONGEST:
            raise LayerwalkError(
                f"the figure would be {width} x {height} pixels",
                where="figure",
                mend="show fewer channels, or a part of the array",
            )
        self._width, self._height = width, height
        self.figure: Figure = Figure(
            # A hair more than asked: Agg cuts the size to whole pixels, and 57 / 200 * 200
            # may come out just below 57.
            figsize=((width + 1e-4) / DPI, (height + 1e-4) / DPI),
            dpi=DPI,
            facecolor=hexadecimal(PAPER),
            edgecolor="none",
            linewidth=0.0,
            frameon=True,
        )
        self.figure.set_layout_engine("none")

    def box(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle with one colour, behind everything."""
        from matplotlib.patches import Rectangle

        x, y, wide, high = self._place(left, top, width, height)
        self.figure.add_artist(
            Rectangle(
                (x, y),
                wide,
                high,
                transform=self.figure.transFigure,
                facecolor=hexadecimal(colour),
                linewidth=0,
                antialiased=False,
                zorder=-1,
            )
        )

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Bare axes of that place and size: no ticks, no frame, no grid."""
        axes = self.figure.add_axes(self._place(left, top, width, height), facecolor="none")
        axes.grid(visible=False)
        axes.set_xticks([])
        axes.set_yticks([])
        for side in axes.spines.values():
            side.set_visible(False)
        return axes

    def _write(self, left: float, baseline: float, text: str, how: Type) -> None:
        from matplotlib.font_manager import FontProperties

        self.figure.text(
            left / self._width,
            1 - baseline / self._height,
            text,
            fontproperties=FontProperties(fname=font_path(bold=how.bold), size=how.size * 72 / DPI),
            color=hexadecimal(how.colour),
            horizontalalignment=how.align,
            verticalalignment="baseline",
            # Names of ops and labels are text, never markup.
            parse_math=False,
            usetex=False,
        )

    def _paste(self, pixels: NDArray[np.uint8], left: int, top: int) -> None:
        from matplotlib.image import BboxImage
        from matplotlib.transforms import Bbox, TransformedBbox

        # Axes would do as well, but making them takes longer than all the rest of a figure.
        height, width = pixels.shape[:2]
        place = Bbox.from_bounds(*self._place(left, top, width, height))
        bounds = TransformedBbox(place, self.figure.transFigure)
        image = BboxImage(bounds, interpolation="nearest", origin="upper")
        image.set_data(pixels)
        self.figure.add_artist(image)

    def _place(
        self, left: float, top: float, width: float, height: float
    ) -> tuple[float, float, float, float]:
        """A rectangle as matplotlib has it: from the bottom, in shares of the figure."""
        across, down = self._width, self._height
        return left / across, 1 - (top + height) / down, width / across, height / down
