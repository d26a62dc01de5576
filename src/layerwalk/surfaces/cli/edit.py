"""``layerwalk edit``: something changed, and what becomes of the scores."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from layerwalk.errors import EditError, FileError
from layerwalk.record import Trace
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.cli.lines import about, paired
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.source import open_or_walk
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.folder import check_folder
from layerwalk.surfaces.ranking import RankedClass, rank_classes
from layerwalk.surfaces.spelling import spell_bytes, spell_chance

if TYPE_CHECKING:
    from layerwalk.edits import Edits

__all__ = ["edit"]

_COLUMN = 9


def edit(
    source: str,
    choice: ModelChoice,
    terminal: Terminal,
    *,
    words: Sequence[str],
    saved: Path | None,
    out: Path | None,
    save: Path | None,
    top: int,
) -> None:
    """Walk, change, compute again what lies behind, and print the scores before and after.

    Raises
    ------
    LayerwalkError
        Words say no edit, an edit does not fit, or a file cannot be read or written.
    """
    choice.check()
    for file, ending, option in ((out, ".safetensors", "--out"), (save, ".json", "--save-edits")):
        if file is not None:
            _check(file, ending, option)
    with terminal.job() as job:
        job.stage("loading PyTorch")
        edits = _collected(words, saved)
        trace = open_or_walk(source, choice, terminal, job)
        job.stage("computing again what changes")
        edited = trace.rerun(edits)
        if out is not None:
            job.stage("saving the trace")
            edited.save(out)
    if save is not None:
        edits.save(save)
    terminal.say(*about(trace, terminal.room), "", *_listed(edits, trace, terminal.room), "")
    again = sum(old is not new for old, new in zip(trace, edited, strict=True))
    other = sum(old.made != new.made for old, new in zip(trace, edited, strict=True))
    terminal.say(
        f"{again:,} of {tell_count(len(trace), 'op')} read something that changed; "
        f"{other:,} gave other numbers.",
        "",
        *_scores(trace, edited, top, terminal.room),
    )
    if "rerun" in edited.provenance:
        terminal.note(
            f"this file has not every bit ({_detail(trace)}): what was computed again began with "
            "its rounded numbers, and is not bit for bit what the network gives."
        )
    written = [(str(save), "the edits")] if save is not None else []
    if out is not None:
        written.append((str(out), f"the edited walk, {spell_bytes(out.stat().st_size)}"))
    if written:
        terminal.say("", "Written:", *paired(written, terminal.room))


def _detail(trace: Trace) -> str:
    return trace.provenance.get("detail", "rounded").partition(":")[0]


def _check(file: Path, ending: str, option: str) -> None:
    if file.suffix.lower() != ending:
        raise FileError(f"it is to be a {ending} file", where=str(file), mend="end its name so")
    if not file.parent.is_dir():
        raise FileError(f"there is no folder {file.parent}", where=str(file), mend="make it first")
    try:
        check_folder(file.parent, files=(file.name,))
    except FileError as error:
        mend = f"name another place with {option}"
        raise FileError(error.what, where=error.where, mend=mend) from error


def _collected(words: Sequence[str], saved: Path | None) -> Edits:
    from layerwalk.edits import Edits, load_edits

    edits = Edits() if saved is None else load_edits(saved)
    edits = edits.and_then(*words)
    if not edits:
        raise EditError(
            "nothing is to be changed",
            where="edit",
            mend="say what: --edit 'silence channel 2 of relu', or --edits FILE",
        )
    return edits


def _listed(edits: Edits, trace: Trace, room: int | None) -> Iterator[Text]:
    width = len(str(len(edits)))
    for number, step in enumerate(edits, start=1):
        said = _wrapped(str(step), room, width)
        yield Text(f"  {number:>{width}}  ").append(said[0], "bold")
        for line in said[1:]:
            yield Text(" " * (width + 4)).append(line, "bold")
        if remark := step.remark(trace):
            for line in _wrapped(remark, room, width):
                yield Text(" " * (width + 4)).append(line, "dim")


def _wrapped(text: str, room: int | None, width: int) -> list[str]:
    return [text] if room is None else textwrap.wrap(text, max(room - width - 6, 20)) or [""]


def _scores(trace: Trace, edited: Trace, count: int, room: int | None) -> Iterator[Text]:
    """The best classes of both, with their probability before and after."""
    before = {one.number: one for one in rank_classes(trace, len(trace.labels or ()) or 10**6)}
    after = {one.number: one for one in rank_classes(edited, len(trace.labels or ()) or 10**6)}
    if not before or not after:
        yield Text("  No class scores to compare.")
        return
    shown = list(dict.fromkeys([*list(before)[:count], *list(after)[:count]]))
    changes = {k: 100 * (after[k].probability - before[k].probability) for k in shown}
    # One decimal for all, unless that would make nothing of one of them.
    decimals = 2 if any(0 < abs(change) < 0.05 for change in changes.values()) else 1
    name = max((room or 100) - 3 * _COLUMN - 4, 20)
    yield Text(f"  {'before':>{_COLUMN - 2}}{'after':>{_COLUMN}}{'change':>{_COLUMN + 1}}", "dim")
    for number in shown:
        old, new = before[number], after[number]
        told = _told(changes[number], decimals)
        yield from _score(old, new, told, name, best=number == next(iter(after)))


def _told(change: float, decimals: int) -> str:
    """A change in percentage points, never rounded to none."""
    if not change:
        return "="
    return "<0.01 pt" if abs(change) < 0.005 else f"{change:+.{decimals}f} pt"


def _score(
    old: RankedClass, new: RankedClass, told: str, room: int, *, best: bool
) -> Iterator[Text]:
    change = new.probability - old.probability
    line = Text(f"  {spell_chance(old.probability):>{_COLUMN - 2}}")
    line.append(f"{spell_chance(new.probability):>{_COLUMN}}", "bold" if best else "")
    line.append(f"{told:>{_COLUMN + 1}}  ", "red" if change < 0 else "green" if change > 0 else "")
    said = new.label if new.label == f"class {new.number}" else f"{new.label} ({new.number})"
    names = textwrap.wrap(said, room) or [""]
    yield line.append(names[0], "bold" if best else "")
    for more in names[1:]:
        yield Text(" " * (cell_len(line.plain) - cell_len(names[0]))).append(more)
