"""A file that is whole or not there: written beside, synced, then renamed."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from layerwalk.errors import FileError

__all__ = ["replacing", "unwritable"]


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside ``path`` that takes its place when the block ends well.

    Where the block fails, what stood at ``path`` stays and nothing is left beside it. A
    link is followed: the file that it names is replaced.

    Raises
    ------
    FileError
        The disk is full, the folder is missing or may not be written, or ``path`` is no file.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            kind = "a folder" if target.is_dir() else "not a regular file"
            raise FileError(f"this is {kind}", where=str(path), mend="name a file to write")
        beside = target.with_name(f".layerwalk-{secrets.token_hex(8)}.part")
        # The mode of any new file: the umask decides, as it does for open().
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    except (OSError, ValueError) as problem:
        raise unwritable(path, problem) from problem
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except OSError as problem:
        raise unwritable(path, problem) from problem
    finally:
        beside.unlink(missing_ok=True)


_BINARY = getattr(os, "O_BINARY", 0)


def unwritable(path: Path, problem: OSError | ValueError) -> FileError:
    """Return one sentence for what the system said.

    >>> print(unwritable(Path("a.safetensors"), OSError(errno.ENOSPC, "No space left")))
    a.safetensors: the disk is full; free some space, or save with detail="half".
    """
    code = problem.errno if isinstance(problem, OSError) else None
    where = str(path)
    if code in (errno.ENOSPC, errno.EDQUOT):
        mend = 'free some space, or save with detail="half"'
        return FileError("the disk is full", where=where, mend=mend)
    if code in (errno.ENOENT, errno.ENOTDIR):
        return FileError(f"there is no folder {path.parent}", where=where, mend="make it first")
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        mend = "choose a folder that you may write to"
        return FileError("the file may not be written here", where=where, mend=mend)
    said = problem.strerror if isinstance(problem, OSError) else str(problem)
    return FileError(f"the file cannot be written ({said})", where=where)
