"""Saved files opened up, changed and closed again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from layerwalk.errors import FileError
from layerwalk.store import load

Change: TypeAlias = Callable[[dict[str, Any], dict[str, Any]], None]


def taken_apart(raw: bytes) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Header, graph and tensors of a file."""
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    return header, json.loads(header["__metadata__"]["layerwalk"]), raw[8 + length :]


def put_together(header: Any, graph: Any, tensors: bytes) -> bytes:
    if isinstance(header, dict) and isinstance(header.get("__metadata__"), dict):
        header["__metadata__"]["layerwalk"] = json.dumps(graph)
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + tensors


def changed(path: Path, change: Change) -> Path:
    """The file with something in its header or graph changed."""
    header, graph, tensors = taken_apart(path.read_bytes())
    change(header, graph)
    path.write_bytes(put_together(header, graph, tensors))
    return path


def refused(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        load(path)
    assert type(caught.value) is FileError
    assert str(path) in str(caught.value)
    return str(caught.value)
