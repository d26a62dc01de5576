from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn

import layerwalk as lw
from surfaces.commandline import CommandLine, Ended

NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.head = nn.Linear(4, 6)

    def forward(self, x):
        return self.head(torch.relu(self.conv(x)).mean((2, 3)))

class Broken(Net):
    def forward(self, x):
        maps = torch.relu(self.conv(x))
        raise ValueError("the bridge is out.")

class Flawed(Net):
    def forward(self, x):
        return self.head(torch.log(self.conv(x) * 0).mean((2, 3)))
"""


@pytest.fixture
def net(layerwalk: CommandLine, tmp_path: Path) -> str:
    (tmp_path / "net.py").write_text(NET)
    return "net.py"


def table(ended: Ended) -> list[str]:
    """The lines of the table of ops, without its heading."""
    start = next(at for at, line in enumerate(ended.lines) if re.match(r" *# +op ", line))
    rows = ended.lines[start + 1 :]
    return rows[: rows.index("")]


def written(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_photo_through_the_default_network(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("show", "sample:dog", "--layers", "none", "--out", "walk-dog")
    assert "97.1%" in ended.out
    assert "German Shepherd Dog (235)" in ended.out
    rows = table(ended)
    assert len(rows) == 149
    assert rows[1].split() == [
        *("1", "features.0.conv", "conv2d", "3x3", "stride", "2", "1x32x112x112"),
        *("864", "-11.54", "14.66", "0%"),
    ]
    assert "149 ops, 4,652,008 parameters, 22,122,891 values." in ended.lines
    folder = tmp_path / "walk-dog"
    assert written(folder) == {
        "walk.png", "scores.png", "channels.png", "filters.png", "trace.safetensors", "report.html"
    }  # fmt: skip
    for name in written(folder):
        assert any(line.startswith(f"  {name} ") for line in ended.lines), name
    assert lw.open(folder / "trace.safetensors").top(1)[0][0] == "German Shepherd Dog"


def test_the_numbers_of_the_table_are_those_of_the_trace(
    layerwalk: CommandLine, tmp_path: Path
) -> None:
    rows = table(layerwalk.done("show", "sample:cat", "--model", "tiny_vgg", "-o", "out"))
    trace = lw.open(tmp_path / "out" / "trace.safetensors")
    assert len(rows) == len(trace)
    for row, op in zip(rows, trace, strict=True):
        array = op.array()
        low, high, zeros = row.split()[-3:]
        assert float(low) == pytest.approx(float(array.min()), rel=1e-3)
        assert float(high) == pytest.approx(float(array.max()), rel=1e-3)
        share = 100 * float((array == 0).mean())
        assert float(zeros.strip("%")) == pytest.approx(share, abs=0.051)
        assert row.split()[1] == op.name


def test_a_sheet_for_each_op_that_computes(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("show", "sample:cat", "-m", "tiny_vgg", "--out", "out")
    sheets = sorted(path.name for path in (tmp_path / "out" / "layers").iterdir())
    assert len(sheets) == 10
    assert sheets[0] == "000-conv_1_1.png"
    assert sheets[-1] == "009-max_pool_2.png"
    assert "  layers/            10 sheets, every channel of an op on each" in ended.lines
    for name in written(tmp_path / "out") - {"trace.safetensors", "report.html"}:
        with Image.open(tmp_path / "out" / name) as picture:
            picture.verify()


@pytest.mark.parametrize("columns", [20, 60, 80, 109, 120])
def test_no_width_cuts_a_name(layerwalk: CommandLine, columns: int) -> None:
    ended = layerwalk.done("show", "sample:digits/3", "-m", "lenet5", "-o", "out", columns=columns)
    if columns >= 60:
        assert max(map(len, ended.lines)) <= columns
    for name in ("c1", "tanh_1", "s2", "c3", "flatten", "output"):
        assert re.search(rf"^ *\d+  {name}\b", ended.out, re.MULTILINE), name


def test_in_a_pipe_there_are_no_escapes_and_nothing_is_wrapped(layerwalk: CommandLine) -> None:
    ended = layerwalk.done("show", "sample:digits/3", "-m", "lenet5", "-o", "out")
    assert "\x1b" not in ended.out
    assert len(table(ended)) == 12


def test_colours_where_they_are_asked_for(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    ended = layerwalk("show", "sample:digits/3", "-m", "lenet5", "-o", "out", columns=100)
    assert "\x1b[1m" in ended.out


def test_a_network_that_does_not_classify(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("show", "sample:cat", "--model", "edges", "-o", "walk-cat")
    assert "  No class scores: the output is 1x4x148x224." in ended.lines
    assert "scores.png" not in written(tmp_path / "walk-cat")


def test_another_walk_into_the_same_folder_leaves_no_mixture(
    layerwalk: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    layerwalk.done("show", "sample:digits/3", "-m", "lenet5", "--out", "out")
    (folder / "mine.png").write_bytes(b"mine")
    layerwalk.done("show", "sample:cat", "-m", "edges", "--out", "out")
    assert written(folder) == {
        "walk.png", "channels.png", "filters.png", "trace.safetensors", "report.html", "mine.png",
        "layers/000-conv.png", "layers/001-relu.png", "layers/002-pool.png",
    } - {"channels.png"}  # fmt: skip


def test_more_classes_and_more_detail(layerwalk: CommandLine, tmp_path: Path) -> None:
    words = ("show", "sample:digits/3", "-m", "lenet5", "--layers", "none", "--out", "out")
    ended = layerwalk.done(*words, "--top", "10", "--detail", "compact")
    assert sum("█" in line or "▏" in line or "%  " in line for line in ended.lines[:20]) >= 10
    trace = lw.open(tmp_path / "out" / "trace.safetensors")
    assert trace.provenance["detail"].startswith("compact")


def test_a_network_of_the_user(layerwalk: CommandLine, net: str, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("ant\nbee\ncat\ndog\neel\nfox\n")
    words = ("--model", "net.py:Net", "--input-size", "32x48", "--channels", "3")
    more = ("--mean", "0.5", "--std", "0.5,0.25,0.125", "--labels", "names.txt", "-o", "out")
    ended = layerwalk.done("show", "sample:cat", *words, *more)
    assert "resize to 32x48" in ended.out
    assert "std (0.5, 0.25, 0.125)" in ended.out
    assert re.search(r"(ant \(0\)|bee \(1\)|cat \(2\)|dog \(3\)|eel \(4\)|fox \(5\))", ended.out)
    trace = lw.open(tmp_path / "out" / "trace.safetensors")
    assert trace.inputs[0].shape == (1, 3, 32, 48)


def test_names_that_do_not_fit_the_classes_are_noted(
    layerwalk: CommandLine, net: str, tmp_path: Path
) -> None:
    (tmp_path / "names.txt").write_text("ant\nbee\n")
    words = ("--input-size", "32", "--labels", "names.txt", "--out", "out")
    ended = layerwalk("show", "sample:cat", "-m", "net.py:Net", *words)
    assert ended.status == 0
    assert ended.err == (
        "note: there are 2 class names for 6 classes, so the classes are shown by number.\n"
    )
    assert re.search(r"class \d$", ended.out, re.MULTILINE)


def test_an_exported_program(layerwalk: CommandLine, tmp_path: Path) -> None:
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 5))
    program = torch.export.export(network.eval(), (torch.zeros(1, 3, 8, 8),))
    torch.export.save(program, tmp_path / "program.pt2")
    ended = layerwalk.done("show", "sample:cat", "--model", "program.pt2", "-o", "out")
    assert [row.split()[2] for row in table(ended)] == ["conv2d", "relu", "flatten", "linear"]


def test_weights_from_a_file(layerwalk: CommandLine, tmp_path: Path) -> None:
    module = lw.load_model("lenet5", weights=None).module
    state = {name: torch.full_like(value, 0.01) for name, value in module.state_dict().items()}
    save_file(state, tmp_path / "flat.safetensors")
    words = ("show", "sample:digits/3", "-m", "lenet5", "--weights", "flat.safetensors")
    ended = layerwalk.done(*words, "--out", "walk-digits-3")
    assert "file flat.safetensors" in ended.out
    trace = lw.open(tmp_path / "walk-digits-3" / "trace.safetensors")
    assert np.all(trace["c1"].parameters[0].array() == np.float32(0.01))


def test_a_torchvision_network(layerwalk: CommandLine, tmp_path: Path) -> None:
    pytest.importorskip("torchvision")
    words = ("show", "sample:dog", "-m", "resnet18", "--weights", "none", "--layers", "none")
    ended = layerwalk.done(*words, "--out", "walk-dog")
    assert "69 ops, 11,689,512 parameters" in ended.out
    assert "random, seed 0" in ended.out
    assert (tmp_path / "walk-dog" / "scores.png").is_file()


def test_a_network_that_raises_half_way(layerwalk: CommandLine, net: str, tmp_path: Path) -> None:
    ended = layerwalk(
        "show", "sample:cat", "-m", "net.py:Broken", "--input-size", "32", "-o", "walk-cat"
    )
    assert ended.status == 2
    assert ended.sentence() == (
        "Broken: the bridge is out; the network stopped there, and the 2 ops before it were kept."
    )
    assert [row.split()[2] for row in table(ended)] == ["conv2d", "relu"]
    folder = tmp_path / "walk-cat"
    assert {"walk.png", "layers/000-conv.png", "trace.safetensors"} <= written(folder)
    assert not lw.open(folder / "trace.safetensors").complete


def test_the_first_op_whose_values_are_no_numbers_is_named(
    layerwalk: CommandLine, net: str
) -> None:
    ended = layerwalk.done(
        "show", "sample:cat", "-m", "net.py:Flawed", "--input-size", "32", "-o", "out"
    )
    assert "first log." in ended.out
    (log,) = [row for row in table(ended) if row.split()[1] == "log"]
    assert "3,600 infinite" in log


def test_the_photo_is_read_before_the_network(layerwalk: CommandLine) -> None:
    assert "nope.jpg" in layerwalk.failed("show", "nope.jpg", "--model", "no such network")


def test_what_is_said_of_the_folder_is_there(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("show", "sample:red_panda", "-m", "edges", "--out", "a/b")
    assert "Written to a/b:" in ended.lines
    assert (tmp_path / "a" / "b" / "walk.png").is_file()
    header = (tmp_path / "a" / "b" / "trace.safetensors").read_bytes()
    length = int.from_bytes(header[:8], "little")
    assert "conv" in json.loads(header[8 : 8 + length])
