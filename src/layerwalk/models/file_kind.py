"""What a file is that was given for something else."""

from __future__ import annotations

import json
import struct
import zipfile
from enum import Enum
from pathlib import Path

__all__ = ["FileKind", "kind_of"]

_LONGEST_HEADER = 100_000_000  # bytes, what safetensors itself reads at most


class FileKind(Enum):
    """The files that are taken for a network or for weights; the value says what it is."""

    trace = "a trace that Layerwalk saved"
    torchscript = "a TorchScript program"
    exported = "an exported program"
    other = "something else"


def kind_of(path: Path) -> FileKind:
    """What the file is, by its first bytes or its table of contents; nothing in it is run.

    Examples
    --------
    >>> kind_of(Path("dog.safetensors"))                    # doctest: +SKIP
    <FileKind.trace: 'a trace that Layerwalk saved'>
    """
    try:
        if path.suffix.lower() == ".safetensors":
            return FileKind.trace if "layerwalk" in _metadata(path) else FileKind.other
        with zipfile.ZipFile(path) as archive:
            inner = {name.partition("/")[2] for name in archive.namelist()}
    except (OSError, ValueError, struct.error, zipfile.BadZipFile):
        return FileKind.other  # whoever reads it next says what is wrong with it
    if "models/model.json" in inner or "serialized_exported_program.json" in inner:
        return FileKind.exported
    # torch.jit.save writes the program's source beside its constants, torch.save neither.
    if "constants.pkl" in inner and any(name.startswith("code/") for name in inner):
        return FileKind.torchscript
    return FileKind.other


def _metadata(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        if length > min(_LONGEST_HEADER, path.stat().st_size):
            return {}
        table = json.loads(file.read(length))
    found = table.get("__metadata__") if isinstance(table, dict) else None
    return found if isinstance(found, dict) else {}
