"""``layerwalk receptive-fields``: how much of the picture each op of a network sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from layerwalk.data import load_image
from layerwalk.recipes.receptive_fields import FieldRow, ReceptiveFields
from layerwalk.recipes.receptive_fields import receptive_fields as fields_of
from layerwalk.render.numerals import tell_count
from layerwalk.store import load
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.source import is_trace_file
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete, walk
from layerwalk.surfaces.spelling import spell_shape

__all__ = ["receptive_fields"]

# Which picture is walked changes no receptive field; only its size can.
_PICTURE = "sample:dog"
_TITLES = ("op", "kind", "size", "stride", "offset")
_LEAST = 12


def receptive_fields(choice: ModelChoice, terminal: Terminal) -> None:
    """Print the table of a network, or of a saved walk of one.

    Raises
    ------
    LayerwalkError
        The network cannot be loaded or does not run.
    """
    choice.check()
    with terminal.job() as job:
        if is_trace_file(choice.name):
            trace = load(choice.name)
        else:
            trace = walk(choice, load_image(_PICTURE), terminal, job)
        job.stage("working out receptive fields")
        table = fields_of(trace)
    room = terminal.room
    facts = [("network", trace.name), ("input", spell_shape(table.input.shape))]
    terminal.say(*paired(facts, room), "", *_lines(table, room))
    lacking = [row for row in table if row.missing]
    if lacking:
        said = f"{tell_count(len(lacking), 'op has', 'ops have')} no box; the first, "
        terminal.say("", f"{said}{lacking[0].op.name}: {lacking[0].missing}")
    if not is_trace_file(choice.name):
        complain_if_incomplete(trace, choice)


def _lines(table: ReceptiveFields, room: int | None) -> Iterator[Text]:
    rows = [_cells(row) for row in table]
    widths = [max([cell_len(title), *(cell_len(row[k]) for row in rows)])
              for k, title in enumerate(_TITLES)]  # fmt: skip
    if room is not None:
        # Names give way, first those of ops, then those of kinds.
        for k in (0, 1):
            beyond = 2 + sum(widths) + 2 * (len(widths) - 1) - room
            widths[k] = max(widths[k] - max(beyond, 0), min(widths[k], _LEAST))
    yield Text("  " + _line(_TITLES, widths), "dim")
    for row in rows:
        yield Text("  " + _line(row, widths))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    parts = [
        _shortened(cell, wide).ljust(wide) if k < 2 else cell.rjust(wide)
        for k, (cell, wide) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(parts)


def _shortened(text: str, wide: int) -> str:
    return text if cell_len(text) <= wide else f"...{text[len(text) - wide + 3 :]}"


def _cells(row: FieldRow) -> tuple[str, ...]:
    if row.missing:
        return row.op.name, row.op.kind, "not known", "", ""
    sizes = (row.size, row.stride, row.offset)
    return (row.op.name, row.op.kind, *(_joined(numbers) for numbers in sizes))


def _joined(numbers: Sequence[float | None]) -> str:
    """The numbers of both sides, once where they are equal."""
    if all(number is None for number in numbers):
        return ""
    return "x".join("-" if number is None else f"{number:g}" for number in numbers)
