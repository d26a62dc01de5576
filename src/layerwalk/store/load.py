"""A trace out of one file, which is mapped and never run."""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import BinaryIO

from safetensors import SafetensorError, safe_open

from layerwalk.errors import FileError
from layerwalk.record import Trace
from layerwalk.store.describe import KEY, VERSION
from layerwalk.store.document import Damaged, Record
from layerwalk.store.rebuild import rebuilt
from layerwalk.store.tensors import TensorFile

__all__ = ["document", "load"]

_OURS = "open a file written by trace.save()"


def load(path: str | os.PathLike[str]) -> Trace:
    """Return the trace in a file that :func:`save` wrote.

    The file is mapped: nothing but the graph is read until a value is asked for, and then
    only the pages it needs. It is closed when the trace and all its arrays are dropped.
    Nothing in the file is ever run.

    Raises
    ------
    FileError
        The file is missing, damaged, of a newer format, or no trace.

    Examples
    --------
    >>> trace = lw.open("dog.safetensors")                          # doctest: +SKIP
    >>> trace["conv1"].outputs[0].read(0, 3).shape                  # doctest: +SKIP
    (112, 112)
    """
    place = Path(path)
    try:
        with _opened(place) as stream:
            _checked(place, stream.read(9))
            memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        file = TensorFile.over(memory)
        return rebuilt(document(str(place), file), file)
    except Damaged as problem:
        raise _damaged(place, str(problem)) from problem
    except RecursionError as problem:
        raise _damaged(place, "its graph is nested too deeply") from problem
    except (OSError, ValueError) as problem:
        raise _unreadable(place, problem) from problem


def _opened(path: Path) -> BinaryIO:
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "not a regular file"
        raise FileError(f"this is {kind}", where=str(path), mend=_OURS)
    return path.open("rb")


def _checked(path: Path, start: bytes) -> None:
    """Refuse what the safetensors library refuses, and say what it is instead."""
    try:
        with safe_open(path, framework="numpy"):
            return
    except SafetensorError as problem:
        if not start:
            what = "the file is empty"
        elif start.startswith(b"PK\x03\x04"):
            what = "this is a zip archive (a PyTorch checkpoint, perhaps), not a trace"
        elif start[0] == 0x80:
            what = "this is a Python pickle, not a trace"
        elif start[8:] == b"{":
            raise _damaged(path, str(problem)) from problem
        else:
            what = "this is not a safetensors file"
        raise FileError(what, where=str(path), mend=_OURS) from problem


def document(where: str, file: TensorFile) -> Record:
    """Return the graph in a file, of a format that is known.

    Raises
    ------
    FileError
        There is none, or a newer one.
    """
    if KEY not in file.metadata:
        what = f"this safetensors file holds {len(file.slots)} tensors and no trace"
        raise FileError(what, where=where, mend=f"{_OURS}, or give weights to load_model()")
    graph = Record.parsed(file.metadata[KEY], "the graph")
    version = graph.count("version")
    if version > VERSION:
        what = f"the trace is of format {version}, and this layerwalk reads up to format {VERSION}"
        raise FileError(what, where=where, mend="upgrade layerwalk")
    return graph


def _damaged(path: Path, sentence: str) -> FileError:
    return FileError(
        f"the file is damaged ({sentence})", where=str(path), mend="save the trace again"
    )


def _unreadable(path: Path, problem: OSError | ValueError) -> FileError:
    if isinstance(problem, FileNotFoundError | NotADirectoryError):
        return FileError("there is no such file", where=str(path), mend="check the path")
    if isinstance(problem, PermissionError):
        return FileError("the file may not be read", where=str(path), mend="check its permissions")
    said = problem.strerror if isinstance(problem, OSError) else str(problem)
    return FileError(f"the file cannot be read ({said})", where=str(path))
