"""The command line run in this process, and what it printed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from layerwalk.surfaces.cli import main


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    def sentence(self) -> str:
        """The one sentence that an error is."""
        (line,) = self.err.splitlines()
        assert line.startswith("error: "), line
        assert line.endswith((".", "?")), line
        assert "Traceback" not in self.err
        return line.removeprefix("error: ")


class CommandLine:
    """Called with the words behind ``layerwalk``."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str, columns: int | None = None) -> Ended:
        if columns is None:
            self._monkeypatch.delenv("COLUMNS", raising=False)
        else:
            self._monkeypatch.setenv("COLUMNS", str(columns))
        self._capsys.readouterr()
        status = main(words)
        out, err = self._capsys.readouterr()
        return Ended(status, out, err)

    def done(self, *words: str, columns: int | None = None) -> Ended:
        """Run what must end well."""
        ended = self(*words, columns=columns)
        assert ended.status == 0, ended.err
        assert ended.err == ""
        return ended

    def failed(self, *words: str) -> str:
        """The sentence of what must end with status 2 and print no result."""
        ended = self(*words)
        assert ended.status == 2, ended
        assert ended.out == ""
        return ended.sentence()
