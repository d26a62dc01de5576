"""A folder that holds one walk: its pictures and its trace."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from layerwalk.errors import FileError, LayerwalkError
from layerwalk.record import Trace
from layerwalk.surfaces.album import Picture, layer_pictures, walk_pictures

__all__ = ["TRACE_FILE", "Undrawn", "check_folder", "clear_older", "write_pictures"]

TRACE_FILE = "trace.safetensors"


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A picture that could not be drawn, and the sentence that says why."""

    picture: Picture
    reason: LayerwalkError


def check_folder(folder: Path) -> None:
    """Say before a long job, and without making anything, that a folder cannot be written.

    Raises
    ------
    FileError
        It is a file, lies in one, or may not be written.
    """
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        what = "this is a file" if place == folder.absolute() else f"{place} is a file"
        raise FileError(what, where=str(folder), mend="name a folder with --out")
    if not os.access(place, os.W_OK | os.X_OK):
        what = f"the folder {place} may not be written"
        raise FileError(what, where=str(folder), mend="name another with --out")


def write_pictures(
    pictures: Iterable[Picture], folder: Path, done: Callable[[], object] = lambda: None
) -> tuple[Undrawn, ...]:
    """Draw the pictures into files; those that cannot be drawn come back with the reason.

    Parameters
    ----------
    pictures
        They may share subfolders.
    folder
        Made where it is missing.
    done
        Called after each picture.

    Raises
    ------
    FileError
        A file or folder cannot be written.
    """
    from layerwalk.render.files import save_figure

    undrawn = []
    _make(folder)
    for picture in pictures:
        try:
            figure = picture.draw()
        except LayerwalkError as reason:
            # A sheet that would be too large for memory is no reason to lose the others.
            undrawn.append(Undrawn(picture, reason))
            done()
            continue
        path = folder / picture.name
        _make(path.parent)
        save_figure(figure, path)
        done()
    return tuple(undrawn)


def clear_older(folder: Path, kept: Sequence[Picture]) -> None:
    """Remove the pictures of the walk whose trace lies in the folder, except ``kept``.

    Two walks written into one folder would otherwise be mixed. Nothing is removed but the
    files that the older trace's own pictures are called.
    """
    from layerwalk.store import load

    try:
        older = load(folder / TRACE_FILE)
        names = {picture.name for picture in _pictures(older)}
    except LayerwalkError:
        return  # no walk lies there, or none that we can read
    del older
    for name in names - {picture.name for picture in kept}:
        try:
            (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(folder / name, error) from error


def _pictures(trace: Trace) -> list[Picture]:
    if not trace.ops:
        return []
    return [*walk_pictures(trace), *layer_pictures(trace, trace.ops)]


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(path: Path, error: OSError) -> FileError:
    return FileError(
        f"it cannot be written ({error.strerror or error})",
        where=str(path),
        mend="name another folder with --out",
    )
