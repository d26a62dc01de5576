from __future__ import annotations

import pytest
from rich.text import Text

from layerwalk.surfaces.cli.terminal import Terminal


def test_in_a_pipe_a_line_stays_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    assert terminal.room is None
    terminal.say("word " * 100 + "end", Text("[bold]no markup[/bold] :smile:", "bold"))
    out, err = capsys.readouterr()
    assert out == "word " * 100 + "end\n[bold]no markup[/bold] :smile:\n"
    assert err == ""


def test_a_width_that_is_given_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    assert Terminal().room == 72


def test_notes_and_errors_go_beside_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    terminal.note("mind the gap.")
    terminal.error("x" * 300 + ".")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["note: mind the gap.", "error: " + "x" * 300 + "."]


def test_text_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Terminal()
    terminal.say("a\x1b[31mb\x07\r\udcff")
    terminal.error("c\x9b2Jd")
    out, err = capsys.readouterr()
    assert out == "a�[31mb�\n"
    assert err == "error: c�2Jd\n"


def test_a_job_that_nobody_watches_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Terminal().job() as job:
        job.stage("drawing", 2)
        job.step()
    assert capsys.readouterr() == ("", "")


def test_a_job_that_is_watched_shows_its_stages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with Terminal().job() as job:
        job.stage("loading [bold]net[/bold]")
        job.stage("drawing", 2)
        job.step()
        job.step()
    out, err = capsys.readouterr()
    assert out == ""
    assert "drawing" in err
    assert "2/2" in err
