"""Blocks of a figure: what has a width and a height, side by side, and lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from layerwalk.render.lettering import width as text_width
from layerwalk.render.paper import BODY, CAPTION, INK, SOFT
from layerwalk.render.surface import Surface

__all__ = ["Block", "Lines", "Row"]

_GAP = 36
_SIGN = 64


class Block(Protocol):
    """Something with a size that can be drawn."""

    @property
    def width(self) -> int:
        """Its width in pixels."""
        ...

    @property
    def height(self) -> int:
        """Its height in pixels."""
        ...

    def draw(self, surface: Surface, left: int, top: int, /) -> None:
        """Draw it with its top left corner there."""
        ...


@dataclass(frozen=True, eq=False)
class Row:
    """Blocks side by side, with a sign between each and the next."""

    blocks: Sequence[Block]
    signs: Sequence[str] = ()

    @property
    def _between(self) -> int:
        return _SIGN if self.signs else _GAP

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return sum(block.width for block in self.blocks) + self._between * (len(self.blocks) - 1)

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return max(block.height for block in self.blocks)

    def draw(self, surface: Surface, left: int, top: int) -> None:
        """Draw it with its top left corner there."""
        for at, block in enumerate(self.blocks):
            sunk = (self.height - block.height) // 2 if self.signs else 0
            block.draw(surface, left, top + sunk)
            left += block.width
            if at < len(self.signs):
                middle = left + self._between / 2, top + self.height / 2 + 8
                surface.text(*middle, self.signs[at], size=2 * BODY, colour=SOFT, align="center")
            left += self._between


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of text; the first words of each in soft ink, in a column of their own."""

    lines: Sequence[tuple[str, str]]

    @property
    def _column(self) -> int:
        return round(max(text_width(name, CAPTION) for name, _ in self.lines)) + 20

    @property
    def width(self) -> int:
        """Its width in pixels."""
        said = max(text_width(said, CAPTION) for _, said in self.lines)
        return self._column + round(said)

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return 32 * len(self.lines)

    def draw(self, surface: Surface, left: int, top: int) -> None:
        """Draw it with its top left corner there."""
        for at, (name, said) in enumerate(self.lines):
            baseline = top + 32 * at + 22
            surface.text(left, baseline, name, size=CAPTION, colour=SOFT)
            surface.text(left + self._column, baseline, said, size=CAPTION, colour=INK)
