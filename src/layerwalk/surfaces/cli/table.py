"""The table of a walk's ops: one line an op where that fits, else two."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.text import Text

from layerwalk.surfaces.spelling import spell_number, spell_outputs, spell_settings, spell_share
from layerwalk.surfaces.summary import OpSummary

__all__ = ["WIDE", "op_lines"]

WIDE = 110  # columns from which long settings go on below, so that an op stays on one line
_GAP = 2
_LEAST = 20  # columns for kind and settings below which one line is no longer readable
_NARROWEST = 8  # columns for them on two lines: with it, 60 columns are always enough
_NAMES = ("parameters", "low", "high", "zeros")


@dataclass(frozen=True, slots=True)
class _Row:
    """What is printed of one op, as text."""

    index: str
    name: str
    words: tuple[str, ...]
    flaws: str
    output: str
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, summary: OpSummary) -> _Row:
        """The row of an op."""
        op = summary.op
        flaws = ((summary.nan, "NaN"), (summary.infinite, "infinite"))
        some = not math.isnan(summary.low)
        return cls(
            index=str(op.index),
            name=op.name,
            words=(op.kind, *spell_settings(op)),
            flaws=", ".join(f"{count:,} {what}" for count, what in flaws if count),
            output=spell_outputs(op),
            numbers=(
                f"{summary.parameters:,}" if summary.parameters else "",
                spell_number(summary.low) if some else "",
                spell_number(summary.high) if some else "",
                spell_share(summary.zero_share),
            ),
        )

    def told(self, room: int) -> list[Text]:
        """Kind, settings and flaws in lines of at most ``room`` columns."""
        pieces = [(word, "dim" if at else "") for at, word in enumerate(self.words)]
        pieces += [(self.flaws, "bold red")] if self.flaws else []
        lines, line = [], Text()
        for word, style in pieces:
            for at, part in enumerate(chop_cells(word, room)):
                if line and (at or line.cell_len + 1 + cell_len(part) > room):
                    lines.append(line)
                    line = Text()
                line.append((" " if line else "") + part, style)
        return [*lines, line]


def op_lines(summaries: Sequence[OpSummary], room: int | None) -> Iterator[Text]:
    """The lines of the table, its heading first.

    Parameters
    ----------
    summaries
        One for each op.
    room
        Columns of the terminal; ``None`` where a line may be as long as it needs, as in a
        pipe, so that each op is one line to ``grep``.
    """
    rows = [_Row.of(summary) for summary in summaries]
    numbers = tuple(
        max([cell_len(title), *(cell_len(row.numbers[at]) for row in rows)])
        for at, title in enumerate(_NAMES)
    )
    index = max(2, *(len(row.index) for row in rows)) if rows else 2
    name = max([2, *(cell_len(row.name) for row in rows)])
    output = max([6, *(cell_len(row.output) for row in rows)])
    wide = _Wide(index, name, output, numbers)
    told = max([17, *(line.cell_len for row in rows for line in row.told(10_000))])
    if room is None:
        yield from wide.lines(rows, told)
        return
    left = min(room - wide.fixed, told)
    if left == told or (room >= WIDE and left >= _LEAST):
        yield from wide.lines(rows, left)
    else:
        yield from _narrow_lines(rows, room, index, numbers)


@dataclass(frozen=True, slots=True)
class _Wide:
    """Widths of the columns of the one-line table."""

    index: int
    name: int
    output: int
    numbers: tuple[int, ...]

    @property
    def fixed(self) -> int:
        """How many columns it takes beside kind and settings."""
        return self.index + self.name + self.output + sum(self.numbers) + 7 * _GAP

    def lines(self, rows: Sequence[_Row], told: int) -> Iterator[Text]:
        """The heading, and a line for each op; more where its settings need them."""
        heading = "#".rjust(self.index) + _space(_GAP)
        heading += _left("op", self.name) + _left("kind and settings", told)
        heading += _left("output", self.output) + _numbers(_NAMES, self.numbers)
        yield Text(heading, "dim")
        for row in rows:
            first, *rest = row.told(told)
            line = Text().append(row.index.rjust(self.index) + _space(_GAP), "dim")
            line.append(_left(row.name, self.name), "bold").append_text(first)
            line.append(_space(told - first.cell_len + _GAP) + _left(row.output, self.output))
            line.append(_numbers(row.numbers, self.numbers))
            yield line
            for more in rest:
                yield Text(_space(self.index + self.name + 2 * _GAP)).append_text(more)


def _narrow_lines(
    rows: Sequence[_Row], room: int, index: int, numbers: tuple[int, ...]
) -> Iterator[Text]:
    margin = index + _GAP
    told = max(room - margin - sum(numbers) - 4 * _GAP, _NARROWEST)
    yield Text("#".rjust(index) + _space(_GAP) + _apart("op", "output", room - margin), "dim")
    heading = _left("kind and settings", told) + _numbers(_NAMES, numbers)
    yield Text(_space(margin) + heading, "dim")
    for row in rows:
        yield from _named(row, room, index)
        for at, line in enumerate(row.told(told)):
            text = Text(_space(margin)).append_text(line)
            if at == 0:
                text.append(_space(told - line.cell_len + _GAP) + _numbers(row.numbers, numbers))
            yield text


def _named(row: _Row, room: int, index: int) -> Iterator[Text]:
    """Index, name and output; a name that is too long goes on below, whole."""
    margin = index + _GAP
    parts = chop_cells(row.name, room - margin)
    beside = cell_len(parts[-1]) + _GAP + cell_len(row.output) <= room - margin
    for at, part in enumerate(parts):
        line = Text().append((row.index if at == 0 else "").rjust(index) + _space(_GAP), "dim")
        line.append(part, "bold")
        if beside and at == len(parts) - 1:
            free = room - margin - cell_len(part) - cell_len(row.output)
            line.append(_space(free) + row.output)
        yield line
    if not beside:
        yield Text(row.output.rjust(room))


def _numbers(texts: Sequence[str], widths: Sequence[int]) -> str:
    parts = (text.rjust(width) for text, width in zip(texts, widths, strict=True))
    return _space(_GAP).join(parts)


def _left(text: str, width: int) -> str:
    return text + _space(width - cell_len(text) + _GAP)


def _apart(left: str, right: str, room: int) -> str:
    return left + _space(room - cell_len(left) - cell_len(right)) + right


def _space(width: int) -> str:
    return " " * max(width, 0)
