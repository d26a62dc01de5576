from __future__ import annotations

from pathlib import Path

import pytest

import layerwalk as lw
from layerwalk.record import Trace
from surfaces.commandline import CommandLine


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal settings of whoever runs the tests stay outside."""
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "LAYERWALK_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def layerwalk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The program as a user has it, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys, monkeypatch)


@pytest.fixture(scope="session")
def edges() -> Trace:
    return lw.trace(lw.load_model("edges"), "sample:cat")


@pytest.fixture(scope="session")
def lite0() -> Trace:
    return lw.trace(lw.load_model("efficientnet_lite0"), "sample:dog")
