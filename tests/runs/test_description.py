"""``run.json``."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerwalk.errors import FileError
from layerwalk.runs.description import FORMAT, Description

_WHOLE = Description(
    model="Net",
    begun="2026-01-02T03:04:05+00:00",
    parameters={"c1.weight": (6, 1, 5, 5)},
    classes=("null", "eins"),
    probe_labels=(1, 0),
    optimizer="Adam",
    settings={"epochs": "3"},
    provenance={"torch": "2"},
)


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    _WHOLE.write(tmp_path / "run.json")
    assert Description.read(tmp_path / "run.json") == _WHOLE
    ended = _WHOLE.ended("stopped", "interrupted")
    ended.write(tmp_path / "run.json")
    assert Description.read(tmp_path / "run.json").ending == "interrupted"


def test_what_is_no_run_is_said(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    with pytest.raises(FileError, match="there is no run here; name the folder of a run"):
        Description.read(path)
    with pytest.raises(FileError, match="there is no such folder"):
        Description.read(tmp_path / "none" / "run.json")
    path.write_text("{", encoding="utf-8")
    with pytest.raises(FileError, match=r"run.json cannot be read"):
        Description.read(path)
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(FileError, match="not that of a run"):
        Description.read(path)
    path.write_text(f'{{"layerwalk_run": {FORMAT + 1}}}', encoding="utf-8")
    with pytest.raises(FileError, match="upgrade layerwalk"):
        Description.read(path)
    path.write_text(f'{{"layerwalk_run": {FORMAT}}}', encoding="utf-8")
    with pytest.raises(FileError, match=r"run.json is damaged"):
        Description.read(path)
