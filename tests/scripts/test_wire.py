"""The message types of the page are what the server says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import wire


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for ``web``, and types that are made without Node."""
    (tmp_path / "src" / "wire").mkdir(parents=True)
    monkeypatch.setattr(wire, "WEB", tmp_path)
    monkeypatch.setattr(wire, "SCHEMA", tmp_path / "src" / "wire" / "schema.json")
    monkeypatch.setattr(wire, "TYPES", tmp_path / "src" / "wire" / "schema.d.ts")
    monkeypatch.setattr(wire, "types", lambda text, _: f"// {len(text)}\n")
    return tmp_path / "src" / "wire"


def test_it_writes_and_then_finds_nothing_to_write(
    written: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["wire.py"])
    assert wire.main() == 0
    assert json.loads((written / "schema.json").read_text())["openapi"] == "3.1.0"
    monkeypatch.setattr("sys.argv", ["wire.py", "--check"])
    capsys.readouterr()
    assert wire.main() == 0
    assert capsys.readouterr().out == ""


def test_the_check_notices_another_type(
    written: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["wire.py", "--check"])
    (written / "schema.json").write_text(wire.schema())
    (written / "schema.d.ts").write_text("// old\n")
    assert wire.main() == 1
    assert capsys.readouterr().out == (
        f"{Path(written.parent.parent.name, 'src', 'wire', 'schema.d.ts')} is not what the code "
        "says: run make wire\n"
    )
    assert (written / "schema.d.ts").read_text() == "// old\n"
