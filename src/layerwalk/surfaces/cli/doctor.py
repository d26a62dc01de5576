"""``layerwalk doctor``: what is wrong with a network."""

from __future__ import annotations

import json as json_format
import math
import textwrap
from collections.abc import Iterator, Sequence

import typer
from rich.text import Text

from layerwalk.data import load_image
from layerwalk.diagnosis.doctor import examine
from layerwalk.diagnosis.finding import Diagnosis, Finding
from layerwalk.errors import LayerwalkError
from layerwalk.record import Trace
from layerwalk.render.numerals import tell_count
from layerwalk.store import load
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.source import is_trace_file
from layerwalk.surfaces.cli.terminal import Job, Terminal
from layerwalk.surfaces.cli.walking import walk
from layerwalk.surfaces.spelling import spell_chance

__all__ = ["doctor"]

_PHOTOS = ("sample:dog", "sample:cat", "sample:red_panda")
_DIGITS = tuple(f"sample:digits/{number}" for number in range(10))
_SHOWN = 12
_FEW = 10
_WIDE = 78


def doctor(
    choice: ModelChoice, photos: Sequence[str], terminal: Terminal, *, every: bool, json: bool
) -> None:
    """Walk the photos, or open the walk, and print what was found.

    Raises
    ------
    LayerwalkError
        Something that was given cannot be used.
    typer.Exit
        With status 1: something serious was found.
    """
    choice.check()
    with terminal.job() as job:
        if is_trace_file(choice.name):
            if photos:
                raise LayerwalkError(
                    "a saved walk has its photo in it",
                    where=choice.name,
                    mend="give the network itself with photos",
                )
            job.stage(f"opening {choice.name}")
            found = examine([load(choice.name)])
        else:
            found = examine(_walks(choice, photos, terminal, job))
    if json:
        terminal.say(_encoded(found))
    else:
        terminal.say(*_about(found, terminal.room))
        terminal.say(*_lines(found, terminal.room or _WIDE, every=every))
    if not found:
        raise typer.Exit(1)


def _walks(
    choice: ModelChoice, photos: Sequence[str], terminal: Terminal, job: Job
) -> Iterator[Trace]:
    images = [load_image(photo) for photo in photos]
    job.stage("loading PyTorch")
    model = choice.load()
    if not images:
        preprocessing = model.preprocessing
        grey = preprocessing is not None and preprocessing.channels == 1
        images = [load_image(name) for name in (_DIGITS if grey else _PHOTOS)]
    for image in images:
        yield walk(choice, image, terminal, job, load=lambda: model)


def _about(found: Diagnosis, room: int | None) -> Iterator[Text | str]:
    shown = ", ".join(found.images[:4])
    more = f" and {len(found.images) - 4:,} more" if len(found.images) > 4 else ""
    seen = f"{tell_count(len(found.images), 'image')} ({shown}{more})"
    pairs = [("network", f"{found.name}, {tell_count(found.ops, 'op')}"), ("seen", seen)]
    if len(found.images) < _FEW:
        pairs.append(("", "few images prove little: give more of your own"))
    pairs += [("not seen", reason) for reason in found.unlooked]
    counts = f"{tell_count(len(found.serious), 'serious finding')}, {len(found):,} in all"
    pairs.append(("found", counts if found.findings else "nothing wrong"))
    yield from paired(pairs, room)


def _lines(found: Diagnosis, room: int, *, every: bool) -> Iterator[Text | str]:
    shown = found.findings if every else found.findings[: max(_SHOWN, len(found.serious))]
    for one in shown:
        yield ""
        yield _heading(one, room)
        for line in textwrap.wrap(one.sentence, room - 4, break_on_hyphens=False):
            yield Text(f"    {line}")
    if len(shown) < len(found):
        yield ""
        yield f"  and {len(found) - len(shown):,} more, none of them serious; --all prints them"


def _heading(one: Finding, room: int) -> Text:
    """What and where at the left, how sure at the right."""
    style = "bold red" if one.serious else "bold"
    mark = "!!" if one.serious else " -"
    sure = "a fact" if one.confidence == 1 else f"{spell_chance(one.confidence)} sure"
    text = Text(f"{mark}  ", style).append(one.disease, style)
    free = room - text.cell_len - len(sure) - 4
    where = one.op if len(one.op) <= free else f"...{one.op[len(one.op) - max(free - 3, 1) :]}"
    text.append(f"  {where}", "not bold")
    return text.append(" " * max(room - text.cell_len - len(sure), 2)).append(sure, "dim not bold")


def _encoded(found: Diagnosis) -> str:
    return json_format.dumps(
        {
            "network": found.name,
            "images": list(found.images),
            "ops": found.ops,
            "healthy": bool(found),
            "unlooked": list(found.unlooked),
            "findings": [
                {
                    "disease": one.disease,
                    "serious": one.serious,
                    "op": one.op,
                    "sentence": one.sentence,
                    "numbers": {
                        name: number if math.isfinite(number) else str(number)
                        for name, number in one.numbers
                    },
                    "channels": list(one.channels),
                    "images": list(one.images),
                    "confidence": one.confidence,
                }
                for one in found
            ],
        },
        allow_nan=False,
    )
