"""How many pictures each class of a data set has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from layerwalk.errors import LayerwalkError
from layerwalk.render.figures.page import Page
from layerwalk.render.lettering import shorten, width
from layerwalk.render.numerals import tell_chance, tell_count
from layerwalk.render.paper import ACCENT, BODY, CAPTION, MARGIN, SOFT, TITLE, TRACK

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["class_balance"]

_LABELS, _BARS, _COUNT, _NUMBERS = 380, 640, 104, 214
_PITCH = 42
_HEAD = 96


def class_balance(
    counts: Sequence[int],
    classes: Sequence[str],
    *,
    title: str = "How many pictures each class has",
    limit: int = 40,
) -> Figure:
    """A horizontal bar for each class, as long as it has pictures, a matplotlib figure.

    The bars begin at 0. A mark across them stands where every class would end if all had the
    same number.

    Parameters
    ----------
    counts
        How many pictures each class has.
    classes
        What the classes are called.
    title
        Printed above.
    limit
        Of more classes than that only the largest and the smallest are drawn.

    Raises
    ------
    LayerwalkError
        There is no picture, or the lengths differ.

    Examples
    --------
    >>> figure = class_balance([12, 40, 3], ["ant", "bee", "cicada"])
    """
    total = sum(counts)
    if not total or len(counts) != len(classes) or limit < 2:
        raise LayerwalkError(
            f"{tell_count(total, 'picture')} of {tell_count(len(classes), 'class', 'classes')} "
            "cannot be drawn",
            where=title,
            mend="give a count for each class, and a limit of 2 or more",
        )
    rows = _rows(counts, limit)
    said = _said(total, len(counts), len(rows), limit)
    names = min(max(round(width(classes[at], BODY)) for at in rows) + 24, _LABELS)
    lines = width(said, BODY), width(title, TITLE, bold=True)
    room = round(max(names + _BARS + _NUMBERS, *lines))
    page = Page(2 * MARGIN + room, MARGIN + _HEAD + _PITCH * len(rows) + MARGIN - 12)
    page.text(MARGIN, MARGIN + 26, title, size=TITLE, bold=True)
    page.text(MARGIN, MARGIN + 64, said, size=BODY, colour=SOFT)
    most, start, top = max(counts), MARGIN + names, MARGIN + _HEAD
    for at, label in enumerate(rows):
        middle = top + _PITCH * at + 18
        text = shorten(classes[label], BODY, names - 20, keep_end=False)
        page.text(start - 18, middle + 8, text, size=BODY, align="right")
        page.box(start, middle - 11, _BARS, 22, TRACK)
        if counts[label]:
            page.box(start, middle - 11, max(_BARS * counts[label] / most, 1), 22, ACCENT)
        number, share = f"{counts[label]:,}", tell_chance(counts[label] / total)
        page.text(start + _BARS + _COUNT, middle + 8, number, size=CAPTION, align="right")
        right = start + _BARS + _NUMBERS
        page.text(right, middle + 8, share, size=CAPTION, colour=SOFT, align="right")
    even = start + _BARS * total / len(classes) / most
    for at in range(len(rows)):
        page.box(even - 1, top + _PITCH * at + 3, 3, 30, SOFT)
    return page.figure


def _said(total: int, classes: int, shown: int, limit: int) -> str:
    parts = [
        tell_count(total, "picture"),
        tell_count(classes, "class", "classes"),
        f"the mark: {total / classes:,.6g} each",
    ]
    if shown < classes:
        parts.append(f"the {limit - limit // 2} largest and {limit // 2} smallest shown")
    return "  ·  ".join(parts)


def _rows(counts: Sequence[int], limit: int) -> list[int]:
    """The classes that are drawn: all in their order, or the largest and the smallest."""
    if len(counts) <= limit:
        return list(range(len(counts)))
    order = sorted(range(len(counts)), key=lambda label: (-counts[label], label))
    return order[: limit - limit // 2] + order[len(order) - limit // 2 :]
