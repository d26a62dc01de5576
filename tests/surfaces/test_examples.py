"""The examples do what their first lines say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import layerwalk as lw
from surfaces.commandline import CommandLine

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


@pytest.mark.parametrize("name", ["Net", "stripes"])
def test_a_network_of_your_own(layerwalk: CommandLine, tmp_path: Path, name: str) -> None:
    model = f"{EXAMPLES / 'own_network.py'}:{name}"
    layerwalk.done("show", "sample:cat", "--model", model, "--input-size", "64", "-o", "out")
    trace = lw.open(tmp_path / "out" / "trace.safetensors")
    assert [op.kind for op in trace] == [
        *("conv2d", "relu", "conv2d", "relu", "add", "max_pool2d", "mean", "linear")
    ]


def test_the_strongest_channels(tmp_path: Path) -> None:
    words = [str(EXAMPLES / "strongest_channels.py"), "sample:dog", "out"]
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-W", "error", *words],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names[0] == "block-00.png"
    assert names[-2:] == ["block-17.png", "scores.png"]
