"""``layerwalk learn --show``: the page of a training that is under way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import layerwalk as lw
from layerwalk.surfaces.server.address import LOOPBACK, bind
from surfaces.commandline import CommandLine


def test_a_port_that_is_taken_is_told_before_anything_is_trained(
    layerwalk: CommandLine, tmp_path: Path
) -> None:
    taken = bind(LOOPBACK, 0)
    with taken.socket:
        taken.socket.listen()
        port = taken.socket.getsockname()[1]
        said = layerwalk.failed("learn", "--show", "--no-browser", "--port", str(port))
    assert str(port) in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to another process here")
def test_the_page_is_served_from_the_first_step_on(tmp_path: Path) -> None:
    words = ("learn", "--model", "lenet5", "--batch", "500", "--epochs", "1", "--probes", "2")
    live = ("--show", "--no-browser", "--run", "run")
    with subprocess.Popen(  # noqa: S603 - our own program
        (sys.executable, "-m", "layerwalk", *words, *live),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not (lines and "stays until Ctrl-C" in lines[-1]):
            lines.append(process.stdout.readline())
            assert process.poll() is None
            link = re.search(r"live +(http://127\.0\.0\.1:\d+/)#token=\S+&trace=run-", lines[-1])
            if link:
                with urllib.request.urlopen(link[1], timeout=30) as page:  # noqa: S310 - our own
                    assert b"<html" in page.read()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert any("live" in line for line in lines)
    assert lw.open_run(tmp_path / "run").steps[-1] == 16
