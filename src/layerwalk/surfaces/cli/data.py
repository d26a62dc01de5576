"""``layerwalk data``: what a data set holds, in numbers and pictures, and which there are."""

from __future__ import annotations

import contextlib
import json as json_format
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.text import Text

from layerwalk.data.sets import DataSet, Statistics, known_sets, load_data, measure
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.album import Picture
from layerwalk.surfaces.cli.lines import bar, paired
from layerwalk.surfaces.cli.show import tell_undrawn
from layerwalk.surfaces.cli.terminal import Job, Terminal
from layerwalk.surfaces.data_album import data_pictures
from layerwalk.surfaces.folder import Undrawn, check_folder, write_pictures
from layerwalk.surfaces.spelling import spell_shape, spell_share

__all__ = ["DataChoice", "data", "list_data", "show"]

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class DataChoice:
    """A data set as the user named and described it; see :func:`layerwalk.load_data`."""

    name: str
    split: str | None = None
    folder: Path | None = None
    full: bool = False
    image: str | None = None
    label: str | None = None
    rounded: bool = False

    def load(self) -> DataSet:
        """The data set.

        Raises
        ------
        LayerwalkError
            As :func:`layerwalk.load_data`.
        """
        return load_data(
            self.name,
            split=self.split,
            folder=self.folder,
            full=self.full,
            image=self.image,
            label=self.label,
            rounded=self.rounded,
        )


def data(
    choice: DataChoice,
    terminal: Terminal,
    *,
    count: int,
    seed: int,
    index: int,
    out: Path | None,
    json: bool,
) -> None:
    """Count what a data set holds, print it, and draw it into a folder.

    Raises
    ------
    LayerwalkError
        The data set, a picture of it or the folder cannot be used.
    """
    folder = out if out is not None or json else Path(f"data-{_stem(choice.name)}")
    if folder is not None:
        check_folder(folder)
    # Before the bars: what is downloaded has bars of its own.
    held = choice.load()
    held.number(index)
    with terminal.job() as job:
        job.stage("counting", len(held))
        found = measure(held, lambda number: _step(job, number))
        undrawn: tuple[Undrawn, ...] = ()
        pictures: list[Picture] = []
        if folder is not None:
            pictures = data_pictures(held, found, count=count, seed=seed, index=index)
            job.stage("drawing", len(pictures))
            undrawn = write_pictures(pictures, folder, job.step)
    if json:
        terminal.say(_encoded(held, found))
    else:
        terminal.say(*_about(held, found, terminal.room), "")
        terminal.say(*_balance(found, terminal.room, plain=terminal.ascii_only))
    tell_undrawn(undrawn, terminal)
    lost = {one.picture for one in undrawn}
    written = [(one.name, one.title) for one in pictures if one not in lost]
    if written and not json:
        terminal.say("", f"Written to {folder}:", *paired(written, terminal.room))


def show(choice: DataChoice, terminal: Terminal, *, port: int | None, browser: bool) -> None:
    """Serve the explorer of a data set until Ctrl-C; what is in it is counted meanwhile.

    Raises
    ------
    LayerwalkError
        The data set cannot be used, or nothing can be served.
    """
    from layerwalk.surfaces.cli.serve import serve_library
    from layerwalk.surfaces.library import Library
    from layerwalk.surfaces.server.address import LOOPBACK, bind

    address = bind(LOOPBACK, port)
    with contextlib.closing(address.socket):
        held = choice.load()
        library = Library()
        key = library.data.add(held)
        pairs = [
            ("data", held.name),
            ("from", held.about),
            ("pictures", f"{len(held):,}"),
            ("classes", f"{len(held.classes):,}"),
        ]
        terminal.say(*paired([pair for pair in pairs if pair[1]], terminal.room), "")
        serve_library(library, address, (), key, terminal, browser=browser)


def list_data(terminal: Terminal) -> None:
    """Print the data sets that have a name, and how else one is named."""
    rows = [("name", "pictures", "size", "classes", "")]
    rows += [
        (
            one.name,
            f"{one.size:,}",
            spell_shape(one.shape[1::-1]) + (" colour" if one.shape[2] == 3 else " grey"),
            str(one.classes),
            one.at_hand,
        )
        for one in known_sets()
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    for at, row in enumerate(rows):
        line = Text("  ").append(row[0].ljust(widths[0]), "bold" if at else "dim")
        cells = (row[1].rjust(widths[1]), row[2].ljust(widths[2]), row[3].rjust(widths[3]), row[4])
        terminal.say(line.append("  " + "  ".join(cells), "" if at else "dim"))
    terminal.say(
        "",
        "And more:",
        *paired(
            [
                ("layerwalk data mnist --full", "all 70,000 digits, downloaded once"),
                ("layerwalk data photos/", "a folder for each class, or MNIST's own files"),
                ("layerwalk data set.npz", "arrays; also a .csv of paths, a .parquet"),
                ("layerwalk data hf:owner/name", "of the Hugging Face Hub"),
            ],
            terminal.room,
        ),
    )


def _step(job: Job, number: int) -> None:
    for _ in range(number):
        job.step()


def _stem(name: str) -> str:
    """What the folder is called after: the last part of a name or path, without its ending."""
    last = re.split(r"[/\\:]", name.rstrip("/\\"))[-1]
    return re.sub(r"[^\w-]", "-", Path(last).stem).strip("-") or "set"


def _about(held: DataSet, found: Statistics, room: int | None) -> Iterator[Text]:
    pairs = [
        ("data", held.name),
        ("from", held.about),
        ("pictures", f"{found.count:,}, {_sizes(found)}"),
        ("levels", f"0 to {found.white}"),
        ("mean", f"{_channels(found.mean)}   (on a scale where level {found.white} is 1)"),
        ("std", _channels(found.std)),
        ("classes", f"{len(found.classes):,}, {_range(found)}"),
    ]
    return paired([pair for pair in pairs if pair[1]], room)


def _sizes(found: Statistics) -> str:
    colours = "grey" if found.grey == found.count else "in colour"
    if 0 < found.grey < found.count:
        colours = f"{found.grey:,} grey and {found.count - found.grey:,} in colour"
    heights = [size[0] for size, _ in found.sizes]
    widths = [size[1] for size, _ in found.sizes]
    if len(found.sizes) == 1:
        return f"{widths[0]} x {heights[0]} pixels, {colours}"
    least, most = f"{min(widths)} x {min(heights)}", f"{max(widths)} x {max(heights)}"
    sizes = tell_count(len(found.sizes), "size")
    return f"{least} to {most} pixels ({sizes}), {colours}"


def _channels(numbers: tuple[float, ...]) -> str:
    return ", ".join(f"{number:.4f}" for number in numbers)


def _range(found: Statistics) -> str:
    least, most = min(found.counts), max(found.counts)
    if least == most:
        return f"{least:,} pictures each"
    return f"{least:,} to {most:,} pictures each"


def _balance(found: Statistics, room: int | None, *, plain: bool) -> Iterator[Text]:
    """A line for each class: name, number of pictures, share, and a bar of it."""
    most = max(found.counts)
    shown = range(len(found.classes)) if room is None else range(min(len(found.classes), _SHOWN))
    name = min(max(len("class"), *(len(found.classes[at]) for at in shown)), 32)
    yield Text(f"  {'class':<{name}}  pictures   share", "dim")
    for at in shown:
        count = found.counts[at]
        label = found.classes[at]
        label = label if len(label) <= name or room is None else f"{label[: name - 3]}..."
        line = Text("  ").append(f"{label:<{name}}", "bold")
        line.append(f"  {count:>8,}  {spell_share(count / found.count):>6}  ")
        yield line.append(bar(count / most, plain=plain).rstrip(), "cyan")
    if len(shown) < len(found.classes):
        yield Text(f"  and {len(found.classes) - len(shown):,} more; --json prints all", "dim")


def _encoded(held: DataSet, found: Statistics) -> str:
    return json_format.dumps(
        {
            "name": held.name,
            "about": held.about,
            "pictures": found.count,
            "grey": found.grey,
            "white": found.white,
            "sizes": [
                {"height": height, "width": width, "pictures": count}
                for (height, width), count in found.sizes
            ],
            "mean": list(found.mean),
            "std": list(found.std),
            "classes": [
                {"name": name, "pictures": count}
                for name, count in zip(found.classes, found.counts, strict=True)
            ],
        }
    )
