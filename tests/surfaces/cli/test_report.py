"""``layerwalk report``."""

from __future__ import annotations

from pathlib import Path

import pytest

from surfaces.commandline import CommandLine
from surfaces.report.unpack import sheet


def test_it_writes_one_file_and_tells_its_size(layerwalk: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "dog.html"
    done = layerwalk(
        "report", "sample:dog", "--model", "tiny_vgg", "--weights", "none", "-o", str(file)
    )
    assert done.status == 0
    assert sheet(file.read_bytes())["detail"] == "half"
    size = f"{file.stat().st_size / 1e3:.0f} kB"
    assert size in done.out
    assert "off by at most" in done.out
    assert done.out.index(size) < done.out.index("Written to")


def test_every_bit_and_all_weights(layerwalk: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "dog.html"
    done = layerwalk(
        "report", "sample:dog", "--model", "edges", "--detail", "exact", "--keep-weights", "all",
        "-o", str(file),
    )  # fmt: skip
    assert done.status == 0
    assert "every bit as recorded" in done.out
    said = sheet(file.read_bytes())
    assert (said["detail"], said["left_out"], said["sheet"]["inexact"]) == ("exact", [], [])


def test_a_saved_walk(layerwalk: CommandLine, tmp_path: Path) -> None:
    trace, file = tmp_path / "dog.safetensors", tmp_path / "dog.html"
    assert layerwalk("trace", "sample:dog", "--model", "edges", "-o", str(trace)).status == 0
    assert layerwalk("report", str(trace), "-o", str(file)).status == 0
    assert sheet(file.read_bytes())["sheet"]["name"] == "edges"


@pytest.mark.parametrize(
    ("name", "said"), [("dog.txt", "end its name in .html"), ("nowhere/dog.html", "make it first")]
)
def test_a_file_that_cannot_be_written_is_told_before_the_walk(
    layerwalk: CommandLine, tmp_path: Path, name: str, said: str
) -> None:
    done = layerwalk("report", "no-such-photo.jpg", "-o", str(tmp_path / name))
    assert done.status == 2
    assert said in done.err
    assert list(tmp_path.iterdir()) == []
