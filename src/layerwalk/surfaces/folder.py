"""A folder that holds one walk: its pictures and its trace."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from layerwalk.errors import FileError, LayerwalkError
from layerwalk.record import Trace
from layerwalk.surfaces.album import Picture, layer_pictures, walk_pictures

__all__ = ["REPORT_FILE", "TRACE_FILE", "Undrawn", "check_folder", "clear_older", "write_pictures"]

TRACE_FILE = "trace.safetensors"
REPORT_FILE = "report.html"


@dataclass(frozen=True, slots=True)
class Undrawn:
    """A picture that could not be drawn, and the sentence that says why."""

    picture: Picture
    reason: LayerwalkError


def check_folder(folder: Path, *, folders: Sequence[str] = (), files: Sequence[str] = ()) -> None:
    """Say before a long job, and without leaving anything, that a folder cannot be written.

    Parameters
    ----------
    folder
        Where the job will write; it may be missing.
    folders, files
        Names in it that the job will make folders and files of.

    Raises
    ------
    FileError
        It is a file, lies in one, or may not be written; or such a name is taken by
        something of the other sort.
    """
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        what = "this is a file" if place == folder.absolute() else f"{place} is a file"
        raise FileError(what, where=str(folder), mend="name a folder with --out")
    try:
        # Rights alone do not tell: a disk may be mounted to be read only, or be full.
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"0")
    except OSError as error:
        what = f"the folder {place} may not be written ({error.strerror or error})"
        raise FileError(what, where=str(folder), mend="name another with --out") from error
    for name in folders:
        if (folder / name).exists() and not (folder / name).is_dir():
            raise _taken(folder / name, "a file", "folder")
    for name in files:
        if (folder / name).is_dir():
            raise _taken(folder / name, "a folder", "file")


def _taken(path: Path, what: str, wanted: str) -> FileError:
    return FileError(
        f"this is {what}, and a {wanted} of this name is to be written",
        where=str(path),
        mend="move it, or name another place with --out",
    )


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
