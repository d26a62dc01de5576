"""``layerwalk compare``: where two saved walks part."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import typer
from rich.cells import cell_len
from rich.text import Text

from layerwalk.comparison.compare import NAME_THEM
from layerwalk.comparison.compare import compare as compare_walks
from layerwalk.comparison.comparison import Comparison
from layerwalk.comparison.difference import OpDifference
from layerwalk.errors import FileError, NotFoundError
from layerwalk.record import Trace
from layerwalk.render.numerals import tell_count
from layerwalk.store import load
from layerwalk.surfaces.cli.compared import encode
from layerwalk.surfaces.cli.explain import check_file
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.source import is_trace_file
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.spelling import spell_chance

__all__ = ["compare"]

_FIGURES = (".png", ".svg", ".pdf")
_TITLES = ("op", "max err", "mean err", "relative", "cosine", "SNR dB")
_LEAST = 16
_SHOWN = 3


def compare(
    reference: str,
    other: str,
    terminal: Terminal,
    *,
    tolerance: float | None,
    same: Sequence[str],
    figure: Path | None,
    json: bool,
) -> None:
    """Print the errors of every op and where the walks part; draw them if asked.

    Raises
    ------
    LayerwalkError
        A file is no trace, or the walks have nothing in common.
    typer.Exit
        With status 1: they depart from each other beyond the tolerance.
    """
    check_file(figure, "--figure", _FIGURES)
    names = dict(_pair(text) for text in same)
    with terminal.job() as job:
        traces = []
        for file in (reference, other):
            job.stage(f"opening {file}")
            traces.append(_open(file))
        job.stage("comparing")
        found = _compared(traces, tolerance, names)
        if figure is not None:
            job.stage("drawing")
            _draw(found, figure, (reference, other))
    if json:
        terminal.say(encode(found))
    else:
        _print(found, (reference, other), terminal)
        if figure is not None:
            said = [(str(figure), "the errors along the network")]
            terminal.say("", "Written:", *paired(said, terminal.room))
    if not found:
        raise typer.Exit(1)


def _open(file: str) -> Trace:
    if not is_trace_file(file):
        raise FileError(
            "this is no saved walk",
            where=file,
            mend="give .safetensors files, as layerwalk trace -o writes them",
        )
    return load(file)


def _compared(
    traces: Sequence[Trace], tolerance: float | None, names: Mapping[str, str]
) -> Comparison:
    try:
        return compare_walks(*traces, tolerance=tolerance, names=names)
    except NotFoundError as error:
        if error.mend != NAME_THEM:
            raise
        mend = "name those that belong together: --same conv1=stem.conv"
        raise NotFoundError(error.what, where=error.where, mend=mend) from error


def _pair(text: str) -> tuple[str, str]:
    one, sign, two = text.partition("=")
    if not (one and sign and two):
        raise NotFoundError(
            f"{text!r} names no two ops", where="--same", mend="say conv1=stem.conv"
        )
    return one.strip(), two.strip()


def _draw(found: Comparison, figure: Path, files: tuple[str, str]) -> None:
    from layerwalk.render.figures import comparison_figure
    from layerwalk.render.files import save_figure

    names = [Path(file).stem for file in files]
    if names[0] == names[1] and files[0] != files[1]:  # of two folders
        names = list(files)
    save_figure(comparison_figure(found, names=(names[0], names[1])), figure)


def _print(found: Comparison, files: tuple[str, str], terminal: Terminal) -> None:
    room = terminal.room
    walks = zip(("A", "B"), files, (found.reference, found.other), strict=True)
    terminal.say(*paired([(side, _told(file, trace)) for side, file, trace in walks], room), "")
    terminal.say(*_lines(found, room), "", *paired(_ends(found), room))
    if found.unmatched:
        terminal.say("", f"{tell_count(len(found.unmatched), 'op')} not matched:")
        terminal.say(*paired(_unmatched(found), room))


def _told(file: str, trace: Trace) -> str:
    photo = f", {trace.photo.name}" if trace.photo is not None else ""
    detail = trace.provenance.get("detail", "exact")
    rounded = f" ({detail})" if detail != "exact" else ""
    return f"{file}: {trace.name}{photo}, {tell_count(len(trace), 'op')}{rounded}"


def _lines(found: Comparison, room: int | None) -> Iterator[Text]:
    rows = [_cells(one) for one in found]
    widths = [max([cell_len(title), *(cell_len(row[k]) for row in rows)])
              for k, title in enumerate(_TITLES)]  # fmt: skip
    if room is not None:
        beyond = 4 + sum(widths) + 2 * (len(widths) - 1) - room
        widths[0] = max(widths[0] - max(beyond, 0), min(widths[0], _LEAST))
    yield Text("    " + _line(_TITLES, widths), "dim")
    first = found.first
    for one, row in zip(found, rows, strict=True):
        mark = ">>" if one is first else " *" if one.departs else "  "
        style = "bold red" if one is first else "red" if one.departs else ""
        yield Text(f"{mark}  {_line(row, widths)}", style)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        _shortened(cell, wide).ljust(wide) if k == 0 else cell.rjust(wide)
        for k, (cell, wide) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *rest])


def _shortened(text: str, wide: int) -> str:
    return text if cell_len(text) <= wide else f"...{text[len(text) - wide + 3 :]}"


def _cells(one: OpDifference) -> tuple[str, ...]:
    found = one.measure
    if found.unequal == 0:
        return one.name, "0", "0", "0", "1", "inf"
    relative = f"{found.relative_error:.1e}" if not found.flawed else f"{found.flawed:,} NaN/inf"
    cosine = f"{found.cosine:.4f}" if not math.isnan(found.cosine) else "-"
    cosine = ">.9999" if cosine == "1.0000" and found.cosine < 1 else cosine
    return (
        one.name, f"{found.max_error:.1e}", f"{found.mean_error:.1e}", relative, cosine,
        f"{found.snr:.1f}",
    )  # fmt: skip


def _ends(found: Comparison) -> list[tuple[str, str]]:
    """What it comes to."""
    pairs = [("compared", f"{tell_count(len(found), 'op')}, {_tolerances(found)}")]
    pairs += [("note", note) for note in found.notes]
    first = found.first
    if first is None:
        pairs.append(("result", "equal within tolerance" if found else "the outputs depart"))
    else:
        kind = first.reference.kind
        pairs.append(("departs", f"first at {first.name} ({kind}): {first.extent}"))
        pairs += [("because", reason) for reason in found.reasons]
        channels = first.channels()
        if len(channels.order) > 1:
            shown = (
                f"{channel} ({_spelled(channels.relative_error[channel])})"
                for channel in channels.order[:_SHOWN]
                if channels.relative_error[channel] != 0
            )
            pairs.append(("channels", f"most in {', '.join(shown)} of {len(channels.order):,}"))
        if first.measure.worst is not None:
            place = ",".join(map(str, first.measure.worst))
            pairs.append(("largest", f"{first.measure.max_error:.3g}, at {place}"))
        more = len(found.departing) - 1
        pairs.append(("after it", tell_count(more, "op departs", "ops depart")))
    for one in found.predictions[:_SHOWN]:
        verb = "changed: " if one.changed else ""
        was, now = (_class(*tops[0]) for tops in (one.before, one.after))
        pairs.append(("class", f"{verb}{was} -> {now}"))
    return pairs


def _class(label: str, chance: float) -> str:
    return "NaN, no class" if math.isnan(chance) else f"{label} {spell_chance(chance)}"


def _spelled(error: float) -> str:
    return "NaN or infinite" if math.isnan(error) else f"{error:.2g}"


def _tolerances(found: Comparison) -> str:
    if len({one.grain for one in found}) > len({one.tolerance for one in found}):
        return f"relative error allowed: {found.ops[0].tolerance:.2g}"
    allowed = sorted({one.tolerance for one in found})
    told = " to ".join(f"{number:.2g}" for number in dict.fromkeys((allowed[0], allowed[-1])))
    grains = ", ".join(dict.fromkeys(one.precision for one in found))
    return f"relative error allowed: {told} ({grains})"


def _unmatched(found: Comparison) -> list[tuple[str, str]]:
    sides = {"reference": "A", "other": "B"}
    groups = Counter((sides[one.side], one.reason) for one in found.unmatched)
    pairs = []
    for (side, reason), count in groups.items():
        ops = [one.op for one in found.unmatched
               if (sides[one.side], one.reason) == (side, reason)]  # fmt: skip
        more = f" and {count - 1:,} more" if count > 1 else ""
        pairs.append((side, f"{ops[0].name}{more}: {reason}"))
    return pairs
