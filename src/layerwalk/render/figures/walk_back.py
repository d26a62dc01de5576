"""The way back from one number to the input, as a strip of maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.recipes.explanation import Number
from layerwalk.recipes.walk_back import Path, Step
from layerwalk.record import Value
from layerwalk.render.accounts import tell_exactly, tell_position
from layerwalk.render.colour import choose_scale
from layerwalk.render.figures.grid import Grid
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.place import Place, place_on
from layerwalk.render.header import Header
from layerwalk.render.lettering import shorten
from layerwalk.render.numerals import tell_chance, tell_count
from layerwalk.render.paper import BODY, CAPTION, MARGIN, SOFT, TINY
from layerwalk.render.tally import tally

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["walk_back_figure"]

_MAP = 220
_CARD = 270
_ARROW = 56
_WIDEST = 2000
_TEXT = 128


@dataclass(frozen=True, eq=False)
class _Card:
    """One number on the way: where it lies, what it is, how it came about."""

    value: Value
    index: tuple[int, ...]
    number: Number
    said: str

    @property
    def picture(self) -> Place | Grid:
        if len(self.value.shape) >= 3:
            *lead, y, x = self.index
            place = place_on(self.value, tuple(lead), (y, x, y + 1, x + 1), size=(_MAP, _CARD))
            return replace(place, name="", facts="")
        shown = complex(self.number)
        scale = choose_scale(np.asarray(self.value.array()), count=tally(self.value.array()))
        array = np.array([[shown.real if not shown.imag else abs(shown)]])
        return Grid(array, "", "", scale, 110)

    def draw(self, page: Page, left: int, top: int) -> None:
        name = shorten(self.value.name, CAPTION, _CARD, bold=True)
        page.text(left, top + 20, name, size=CAPTION, bold=True)
        page.text(left, top + 46, tell_position(self.index), size=TINY, colour=SOFT)
        page.text(left, top + 80, tell_exactly(self.number, 6), size=BODY)
        for at, line in enumerate(_lines(self.said)):
            page.text(left, top + 106 + 22 * at, line, size=TINY, colour=SOFT)
        picture = self.picture
        # A map leaves room for its name, which stands above already.
        picture.draw(page, left, top + _TEXT + (10 if isinstance(picture, Grid) else -26))


def walk_back_figure(path: Path, *, title: str | None = None) -> Figure:
    """The steps of a walk back, side by side and row by row, as a matplotlib figure.

    Each step has the number, how much of it the next one gives, and the map on which it
    lies with a frame round its place; the last is the number of the input.

    Parameters
    ----------
    path
        From :func:`layerwalk.recipes.walk_back.walk_back`.
    title
        Printed above; by default the op and the position.

    Raises
    ------
    LayerwalkError
        The path has no step.

    Examples
    --------
    >>> figure = walk_back_figure(walk_back(trace, "pool", (0, 0, 10, 20)))  # doctest: +SKIP
    """
    if not path:
        raise LayerwalkError("the path has no step", where="walk back")
    cards = [_card(step) for step in path]
    if path.end is not None:
        cards.append(_Card(path.end.value, path.end.index, path.end.number, "given"))
    columns = min(len(cards), (_WIDEST + _ARROW) // (_CARD + _ARROW))
    rows = -(-len(cards) // columns)
    columns = -(-len(cards) // rows)
    first = path[0]
    name = title or f"{first.op.name} at {tell_position(first.index)}, walked back"
    facts = (f"{tell_count(len(path), 'step')}, each by the number that adds most",)
    notes = (path.stopped or "every map in the scale of its whole value",)
    header = Header(name, facts, None, notes, "")
    room = max(columns * (_CARD + _ARROW) - _ARROW * (rows == 1), header.room)
    heights = _heights(cards, columns)
    page = Page(room + 2 * MARGIN, header.height + sum(heights) + MARGIN)
    header.draw(page, room)
    top = header.height
    for row, high in enumerate(heights):
        for column, card in enumerate(cards[row * columns : (row + 1) * columns]):
            left = MARGIN + column * (_CARD + _ARROW)
            card.draw(page, left, top)
            if row * columns + column < len(cards) - 1:
                arrow = left + _CARD + _ARROW // 2
                page.text(
                    arrow,
                    top + 82,
                    "\N{RIGHTWARDS ARROW}",
                    size=1.4 * BODY,
                    colour=SOFT,
                    align="center",
                )
        top += high
    return page.figure


def _heights(cards: Sequence[_Card], columns: int) -> list[int]:
    return [
        _TEXT + max(card.picture.height for card in cards[at : at + columns]) + 20
        for at in range(0, len(cards), columns)
    ]


def _card(step: Step) -> _Card:
    found = step.explanation
    return _Card(found.op.made[found.output], found.index, found.recorded, _said(step))


def _said(step: Step) -> str:
    kind = step.op.kind
    if step.followed is None or step.terms < 2:
        return kind
    if step.explanation.combine in ("max", "min"):
        return f"{kind}: {step.explanation.combine} of {step.terms:,}"
    share = tell_chance(abs(step.share)) if 0 <= step.share <= 1 else f"{step.share:.2g} times"
    return f"{kind}: 1 of {step.terms:,}\ngives {share} of it"


def _lines(said: str) -> list[str]:
    return [shorten(line, TINY, _CARD, keep_end=False) for line in said.split("\n")]
