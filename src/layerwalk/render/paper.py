"""The paper that every picture is printed on: its colours and its type sizes.

Lengths are in pixels of a sheet of 200 dots an inch, so 25 px is about 9 pt in print.
"""

from __future__ import annotations

from typing import Final, TypeAlias

__all__ = [
    "ACCENT",
    "BODY",
    "CAPTION",
    "DPI",
    "INK",
    "LINE",
    "MARGIN",
    "PANEL",
    "PAPER",
    "SOFT",
    "TINY",
    "TITLE",
    "TRACK",
    "Colour",
    "hexadecimal",
]

Colour: TypeAlias = tuple[int, int, int]

PAPER: Final[Colour] = (251, 250, 248)
PANEL: Final[Colour] = (255, 255, 255)
INK: Final[Colour] = (28, 27, 25)
SOFT: Final[Colour] = (109, 106, 100)
LINE: Final[Colour] = (230, 226, 218)
TRACK: Final[Colour] = (240, 238, 233)
ACCENT: Final[Colour] = (11, 110, 105)

DPI: Final = 200
TITLE: Final = 32
BODY: Final = 24
CAPTION: Final = 20
TINY: Final = 17
MARGIN: Final = 44


def hexadecimal(colour: Colour) -> str:
    """The colour as matplotlib and the web spell it.

    >>> hexadecimal(ACCENT)
    '#0b6e69'
    """
    return "#{:02x}{:02x}{:02x}".format(*colour)
