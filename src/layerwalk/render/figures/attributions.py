"""What mattered, on the picture: heat maps on their own grid, and laid over the photo."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array, Photo
from layerwalk.render.colour import Scale, colourise
from layerwalk.render.figures.contributions import Contribution, Contributions
from layerwalk.render.figures.page import Page
from layerwalk.render.fit import Fit, choose_fit
from layerwalk.render.header import Header
from layerwalk.render.lettering import shorten, width
from layerwalk.render.numerals import tell_shape
from layerwalk.render.outliers import reach, tell_beyond
from layerwalk.render.paper import CAPTION, MARGIN, SOFT, TINY
from layerwalk.render.surface import draw_scale, scale_width
from layerwalk.render.tables import colour_table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["HeatMap", "attribution_figure", "channel_bars", "overlay"]

_NAME = 34
_BELOW, _SAID = 60, 30
_GAP = 16
_APART = 44
_FEW = 6
_RAMP = 128
_MOST = 0.85  # of a colour over the photo, so that the photo is never gone
# The photo's greys below a map: pale, for the colours of fine maps sink into dark ones.
_PALE, _CONTRAST = 190, 0.25


@dataclass(frozen=True, eq=False)
class HeatMap:
    """One map of what mattered.

    Attributes
    ----------
    name, facts
        Above it, bold and beside that.
    heat
        (h, w) on its own grid, as coarse as that is.
    signed
        Whether it says for (above zero) and against (below).
    said
        Below it: its sum, and what that should be.
    """

    name: str
    heat: Array
    signed: bool = True
    facts: str = ""
    said: str = ""

    @property
    def scale(self) -> Scale:
        """From zero, or about it, to the largest size; of many, to where all but 0.5 % lie."""
        most = reach(self.heat)
        return (
            Scale(-most, most, "bluered", "fixed")
            if self.signed
            else Scale(0.0, most, "viridis", "fixed")
        )

    @property
    def beyond(self) -> str:
        """What the scale leaves out, in words; ``""`` where nothing."""
        return tell_beyond(self.heat, self.scale.high)


def attribution_figure(
    photo: Photo | None,
    maps: Sequence[HeatMap],
    *,
    title: str,
    facts: Sequence[str] = (),
) -> Figure:
    """Heat maps beside the photo, each on its own grid and laid over it: a matplotlib figure.

    A cell of a map is drawn as a block of one colour over its share of the picture: nothing is
    blended from cell to cell. Every map has a scale of its own, with its ends printed; on a
    diverging one zero is white. Over the photo the map's largest sizes hide it, and zero
    leaves it as it is: in pale grey, as it stands beside the photo.

    Parameters
    ----------
    photo
        The picture that was walked; ``None`` draws the maps alone.
    maps
        One map large, or several side by side.
    title, facts
        Above, on the first and the second line.

    Raises
    ------
    LayerwalkError
        There is no map, or one that is not (h, w).

    Examples
    --------
    >>> import numpy as np
    >>> figure = attribution_figure(None, [HeatMap("a", np.eye(4))], title="An attribution")
    """
    if not maps or any(each.heat.ndim != 2 or not each.heat.size for each in maps):
        raise LayerwalkError("there is no map of (h, w) to draw", where="figure")
    alone = len(maps) == 1
    shape = maps[0].heat.shape if photo is None else photo.pixels.shape
    fit = choose_fit(shape, (576, 640) if alone else (480, 480))
    below = _BELOW + _SAID * any(each.said for each in maps)
    cards = [_Card(each, photo, shape, fit, below) for each in maps]
    if photo is not None and not alone:
        cards.insert(0, _Card(None, photo, shape, fit, below))
    header = Header(title, tuple(facts), None, tuple(_notes(maps, fit)), "")
    columns = _columns(len(cards))
    wide, high = max(card.width for card in cards) + _APART, cards[0].height + _APART
    lead = fit.length(shape[1]) + _GAP if alone and photo is not None else 0
    room = max(columns * wide - _APART + lead, header.room)
    rows = -(-len(cards) // columns)
    page = Page(room + 2 * MARGIN, header.height + rows * high - _APART + MARGIN)
    header.draw(page, room)
    if lead:
        _Card(None, photo, shape, fit, below, alone=True).draw(page, MARGIN, header.height)
    for at, card in enumerate(cards):
        row, column = divmod(at, columns)
        card.draw(page, MARGIN + lead + column * wide, header.height + row * high)
    return page.figure


def channel_bars(
    rows: Sequence[tuple[str, float]], *, title: str, facts: Sequence[str] = (), most: int = 32
) -> Figure:
    """What each channel counts for, as bars from zero: a matplotlib figure.

    Parameters
    ----------
    rows
        Names and numbers, in the order in which they are to stand.
    title, facts
        Above, on the first and the second line.
    most
        So many are drawn.

    Examples
    --------
    >>> figure = channel_bars([("channel 2", 1.5), ("channel 0", -0.5)], title="Channels")
    """
    drawn = [Contribution(name, value) for name, value in rows[:most]]
    said = f"the {len(drawn)} that count most, of {len(rows)}" if len(rows) > most else "all"
    bars = Contributions("channels", said, drawn)
    header = Header(title, tuple(facts), None, ("red speaks for the score, blue against it",), "")
    room = max(bars.width, header.room)
    page = Page(room + 2 * MARGIN, header.height + bars.height + MARGIN)
    header.draw(page, room)
    bars.draw(page, MARGIN, header.height)
    return page.figure


def overlay(photo: NDArray[np.uint8], heat: Array, scale: Scale) -> NDArray[np.uint8]:
    """The photo in pale grey, and over it red or blue, the stronger the larger the number.

    ``photo`` is (H, W, 3) or (H, W, 1), ``heat`` (H, W); where it is zero the photo is alone.

    Examples
    --------
    >>> import numpy as np
    >>> photo, scale = np.full((1, 3, 1), 200, np.uint8), Scale(-1, 1, "bluered")
    >>> overlay(photo, np.array([[-9.0, 0, 1]]), scale)[0, 1]
    array([240, 240, 240], dtype=uint8)
    """
    grey = _PALE + _CONTRAST * photo.mean(2, keepdims=True)
    strength = np.clip(np.abs(np.nan_to_num(heat)) / (scale.high or 1.0), 0, 1)[..., None]
    ends = colour_table("bluered")[[36, 218]].astype(np.float64)
    colours = np.where((heat > 0)[..., None], ends[1], ends[0])
    mixed: NDArray[np.uint8] = np.round(grey + (colours - grey) * strength * _MOST).astype(np.uint8)
    return mixed


def _notes(maps: Sequence[HeatMap], fit: Fit) -> Iterator[str]:
    if any(each.signed for each in maps):
        yield "red speaks for the score, blue against it"
    if not all(each.signed for each in maps):
        yield "on a scale from 0 red is only how much"
    if len(maps) > 1:
        yield "every map its own scale"
    if fit.note:
        yield fit.note


def _columns(cards: int) -> int:
    """How many stand side by side: of two and three the number that leaves fewer places empty."""
    few = min(cards, 2)
    return few if cards <= _FEW and -cards % few <= -cards % 3 else min(cards, 3)


def stretched(heat: Array, shape: Sequence[int]) -> Array:
    """The map at the picture's size: each cell repeated over its share of it.

    >>> stretched(np.array([[1, 2]]), (2, 5))
    array([[1, 1, 1, 2, 2],
           [1, 1, 1, 2, 2]])
    """
    down, across = (np.arange(n) * m // n for n, m in zip(shape, heat.shape, strict=False))
    return np.asarray(heat[down][:, across])


@dataclass(frozen=True, eq=False)
class _Card:
    """A map, and the map over the photo; or the photo itself."""

    map: HeatMap | None
    photo: Photo | None
    shape: Sequence[int]
    fit: Fit
    below: int
    alone: bool = False

    @property
    def width(self) -> int:
        one = self.fit.length(self.shape[1])
        both = 2 * one + _GAP if self.photo is not None else one
        if self.map is None:
            return both
        bar = scale_width(self.map.scale, length=_RAMP, size=TINY) + 16
        said = (bar + width(self.map.beyond, TINY), width(self.map.said, TINY))
        return max(both, *(round(each) for each in said))

    @property
    def height(self) -> int:
        return _NAME + self.fit.length(self.shape[0]) + self.below

    def draw(self, page: Page, left: int, top: int) -> None:
        wide, high = self.fit.length(self.shape[1]), self.fit.length(self.shape[0])
        if self.map is None:
            assert self.photo is not None  # noqa: S101 - a card has one of them
            name = shorten(self.photo.name, CAPTION, wide, bold=True)
            page.text(left, top + 18, name, size=CAPTION, bold=True)
            page.picture(self._drawn(_coloured(self.photo)), left, top + _NAME)
            said = tell_shape(self.shape[:2])
            page.text(left, top + _NAME + high + 30, said, size=TINY, colour=SOFT)
            if not self.alone:
                bare = overlay(self.photo.pixels, np.zeros(self.shape[:2]), Scale(0, 1, "grey"))
                page.picture(self._drawn(bare), left + wide + _GAP, top + _NAME)
                said = "as it lies below the maps"
                at = left + wide + _GAP
                page.text(at, top + _NAME + high + 30, said, size=TINY, colour=SOFT)
            return
        found = self.map
        page.text(left, top + 18, found.name, size=CAPTION, bold=True)
        beside = left + round(width(found.name, CAPTION, bold=True)) + 12
        facts = "  ·  ".join(part for part in (tell_shape(found.heat.shape), found.facts) if part)
        rest = left + self.width - beside
        page.text(beside, top + 18, shorten(facts, TINY, rest), size=TINY, colour=SOFT)
        top += _NAME
        heat = stretched(found.heat, self.shape)
        page.picture(self._drawn(colourise(heat, found.scale)), left, top)
        if self.photo is not None:
            laid = overlay(self.photo.pixels, heat, found.scale)
            page.picture(self._drawn(laid), left + wide + _GAP, top)
        below = top + high + 30
        end = draw_scale(page, found.scale, left, below, length=_RAMP, size=TINY)
        page.text(end + 16, below, found.beyond, size=TINY, colour=SOFT)
        page.text(left, below + 44, found.said, size=TINY)

    def _drawn(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        step = self.fit.step
        return self.fit.enlarge(np.ascontiguousarray(pixels[::step, ::step]))


def _coloured(photo: Photo) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.broadcast_to(photo.pixels, (*photo.pixels.shape[:2], 3)))
