"""``layerwalk figures``: a walk as a folder of pictures to print or to teach with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from layerwalk.data import load_image
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.album import Format, Picture, layer_pictures
from layerwalk.surfaces.cli.lines import about, paired
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.show import tell_undrawn
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete, walk
from layerwalk.surfaces.folder import check_folder, write_pictures
from layerwalk.surfaces.tour import choose_ops, edges_pictures, tour_pictures

__all__ = ["figures"]


def figures(
    image: str,
    choice: ModelChoice,
    folder: Path,
    terminal: Terminal,
    *,
    ops: Sequence[str],
    kinds: Sequence[str],
    ending: Format,
) -> None:
    """Walk, and write the tutorial's figures for ``edges``, a tour for any other network.

    Raises
    ------
    LayerwalkError
        As :func:`.show.show`; or an op that was asked for is not there.
    """
    choice.check()
    check_folder(folder, folders=("layers", "responses"))
    photo = load_image(image)
    with terminal.job() as job:
        trace = walk(choice, photo, terminal, job)
        chosen = choose_ops(trace, ops, kinds)
        if choice.name == "edges" and trace.complete:
            asked = chosen if ops or kinds else []
            pictures = edges_pictures(trace, ending=ending)
            pictures += layer_pictures(trace, asked, ending=ending)
        else:
            pictures = tour_pictures(trace, chosen, ending=ending)
        job.stage("drawing", len(pictures))
        undrawn = write_pictures(pictures, folder, job.step)
    terminal.say(*about(trace, terminal.room))
    tell_undrawn(undrawn, terminal)
    lost = {one.picture for one in undrawn}
    written = _told([picture for picture in pictures if picture not in lost])
    terminal.say("", f"Written to {folder}:", *paired(written, terminal.room))
    complain_if_incomplete(trace, choice)


def _told(pictures: Sequence[Picture]) -> list[tuple[str, str]]:
    """Each picture by name, those of a subfolder together."""
    alone = [(picture.name, picture.title) for picture in pictures if "/" not in picture.name]
    titles = (
        ("responses", "picture", "of the photo, a first filter and what it answers"),
        ("layers", "sheet", "of an op's channels"),
    )
    for folder, noun, title in titles:
        count = sum(picture.name.startswith(f"{folder}/") for picture in pictures)
        if count:
            alone.append((f"{folder}/", f"{tell_count(count, noun)} {title}"))
    return alone
