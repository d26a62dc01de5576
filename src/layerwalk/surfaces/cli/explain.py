"""``layerwalk explain``: how one number of a walk was made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from layerwalk.errors import FileError, NotFoundError
from layerwalk.recipes.explain import explain as explain_number
from layerwalk.recipes.explanation import Explanation
from layerwalk.recipes.walk_back import Path as WalkedBack
from layerwalk.recipes.walk_back import walk_back
from layerwalk.record import Trace
from layerwalk.render.accounts import tell_position
from layerwalk.render.weights import titled
from layerwalk.surfaces.cli.account import account
from layerwalk.surfaces.cli.encoded import encode
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.source import is_trace_file, open_or_walk
from layerwalk.surfaces.cli.terminal import Job, Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete

__all__ = ["explain", "parse_position"]

_FIGURES = (".png", ".svg", ".pdf")
_ANIMATIONS = (".gif", ".mp4")


def explain(
    source: str,
    choice: ModelChoice,
    terminal: Terminal,
    *,
    op: str,
    at: str,
    output: int,
    most: int | None,
    channel: int | None,
    figure: Path | None,
    animation: Path | None,
    back: bool,
    json: bool,
) -> None:
    """Print the account of one number; draw it, and write it as JSON, if asked.

    Raises
    ------
    LayerwalkError
        Something that was given cannot be used: the position, the op, a file's name.
    """
    choice.check()
    index = parse_position(at)
    check_file(figure, "--figure", _FIGURES)
    check_file(animation, "--animation", _ANIMATIONS)
    if animation is not None and animation.suffix.lower() == ".mp4":
        from layerwalk.render.animation import film_maker

        film_maker(animation)
    with terminal.job() as job:
        trace = open_or_walk(source, choice, terminal, job)
        found = explain_number(trace, op, index, output=output)
        path = walk_back(trace, op, index, output=output) if back else None
        written = _draw(trace, found, job, channel=channel, figure=figure, animation=animation)
        if path is not None and figure is not None:
            written.append(_draw_path(trace, path, figure))
    if json:
        terminal.say(encode(found, path))
    else:
        terminal.say(*account(found, terminal.room, most=most))
        if path is not None:
            terminal.say("", "Walked back, by the term that adds most:", *_told(path))
        if written:
            terminal.say("", "Written:", *paired(written, terminal.room))
    detail = trace.provenance.get("detail", "exact")
    if detail != "exact":
        terminal.note(
            f"this file has not every bit ({detail}): what is called recorded here, and the "
            "numbers that were read, are the file's rounded ones."
        )
    if not is_trace_file(source):
        complain_if_incomplete(trace, choice)


def _draw(
    trace: Trace,
    found: Explanation,
    job: Job,
    *,
    channel: int | None,
    figure: Path | None,
    animation: Path | None,
) -> list[tuple[str, str]]:
    written = []
    if figure is not None:
        job.stage("drawing")
        from layerwalk.render.figures import explanation_figure
        from layerwalk.render.files import save_figure

        title = titled(f"{found.op.name} at {tell_position(found.index)}", trace)
        save_figure(explanation_figure(found, channel=channel, title=title), figure)
        written.append((str(figure), "how this number was made"))
    if animation is not None:
        from layerwalk.render.animation import save_animation
        from layerwalk.render.sliding_window import sliding_window

        moving = sliding_window(trace, found.op, found.index, output=found.output, channel=channel)
        job.stage("filming", len(moving))
        save_animation(moving, animation, done=job.step)
        written.append((str(animation), "the window sliding, and the output filling"))
    return written


def _draw_path(trace: Trace, path: WalkedBack, figure: Path) -> tuple[str, str]:
    from layerwalk.render.figures import walk_back_figure
    from layerwalk.render.files import save_figure

    file = figure.with_name(f"{figure.stem}-back{figure.suffix}")
    first = path[0]
    title = titled(f"{first.op.name} at {tell_position(first.index)}, walked back", trace)
    save_figure(walk_back_figure(path, title=title), file)
    return str(file), "the way back to the input"


def _told(path: WalkedBack) -> Iterator[Text]:
    """The steps, numbers in bold and what is said of each below it."""
    for line in str(path).splitlines():
        yield Text(f"  {line}", "" if line.startswith(" ") else "bold")


def parse_position(text: str) -> tuple[int, ...]:
    """The position in the text of ``--at``.

    >>> parse_position("0,3,10,12"), parse_position("(0, 3)"), parse_position("")
    ((0, 3, 10, 12), (0, 3), ())

    Raises
    ------
    NotFoundError
        The text is no position.
    """
    bare = text.strip()
    for opening, closing in ("()", "[]"):
        if bare.startswith(opening) and bare.endswith(closing):
            bare = bare[1:-1].strip()
    if not bare:
        return ()
    if not re.fullmatch(r"[-+]?[0-9]{1,15}(\s*,\s*[-+]?[0-9]{1,15})*\s*,?", bare):
        raise NotFoundError(
            f"{text!r} is no position",
            where="--at",
            mend="give a whole number for each dimension, from 0: 0,3,10,12",
        )
    return tuple(int(part) for part in bare.rstrip(", ").split(","))


def check_file(path: Path | None, option: str, endings: tuple[str, ...]) -> None:
    """Say before a long job that a file of this name cannot be written.

    Raises
    ------
    FileError
        Its name has another ending, or there is no such folder.
    """
    if path is None:
        return
    if path.suffix.lower() not in endings:
        raise FileError(
            f"{option} writes no {path.suffix or 'file without an ending'}",
            where=str(path),
            mend=f"end its name in {' or '.join(endings)}",
        )
    if not path.parent.is_dir():
        raise FileError(f"there is no folder {path.parent}", where=str(path), mend="make it first")
    if path.is_dir():
        raise FileError("this is a folder", where=str(path), mend="give another name")
