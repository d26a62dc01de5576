from __future__ import annotations

from pathlib import Path

import pytest

import layerwalk as lw
from layerwalk.checks import Mismatch, Report, Skipped
from layerwalk.errors import FileError
from layerwalk.record import Trace
from surfaces.commandline import CommandLine

DIGIT = ("trace", "sample:digits/3", "--model", "lenet5")


def test_a_walk_into_a_file(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done(*DIGIT)
    assert ended.lines[-1].startswith("12 ops written to digits-3.safetensors, ")
    assert len(lw.open(tmp_path / "digits-3.safetensors")) == 12


def test_detail_and_weights(layerwalk: CommandLine, tmp_path: Path) -> None:
    layerwalk.done(*DIGIT, "-o", "whole.safetensors")
    layerwalk.done(*DIGIT, "-o", "half.safetensors", "--detail", "half", "--no-weights")
    whole, half = (tmp_path / name for name in ("whole.safetensors", "half.safetensors"))
    assert half.stat().st_size < whole.stat().st_size / 4
    with pytest.raises(FileError, match="left out"):
        lw.open(half)["c1"].parameters[0].array()


def test_every_op_is_run_again(layerwalk: CommandLine) -> None:
    ended = layerwalk.done(*DIGIT, "--replay")
    assert ended.lines[-1] == "12 ops run again: every bit as recorded."


def test_a_difference_is_told_and_ends_with_1(
    layerwalk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = tuple(Mismatch(f"c{at}", "bits differ") for at in range(30))
    report = Report(31, 1.0, failures, (Skipped("drop", "it drew random numbers"),))
    monkeypatch.setattr(Trace, "replay", lambda trace: report)
    ended = layerwalk(*DIGIT, "--replay")
    assert ended.status == 1
    assert ended.err == ""
    assert "31 ops run again: 30 came out differently." in ended.lines
    assert "  c0: bits differ" in ended.lines
    assert ended.lines[-1] == "  and 11 more"
    assert (tmp_path / "digits-3.safetensors").is_file()


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("walk.pt", "end its name in .safetensors"),
        ("no/walk.safetensors", "there is no folder no"),
        ("file/walk.safetensors", "there is no folder file"),
    ],
)
def test_a_file_that_cannot_be_is_told_before_the_walk(
    layerwalk: CommandLine, tmp_path: Path, out: str, said: str
) -> None:
    (tmp_path / "file").write_text("")
    assert said in layerwalk.failed(*DIGIT, "--out", out)


def test_half_a_walk_is_kept(layerwalk: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "from torch import nn\n"
        "class Net(nn.Sequential):\n"
        "    def __init__(self):\n"
        "        super().__init__(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(8, 8, 3))\n"
    )
    ended = layerwalk("trace", "sample:cat", "-m", "net.py", "--input-size", "16")
    assert ended.status == 2
    assert ended.sentence().startswith("2 (conv2d): ")
    assert "the 2 ops before it were kept" in ended.err
    kept = lw.open(tmp_path / "cat.safetensors")
    assert [op.kind for op in kept] == ["conv2d", "relu"]
