from __future__ import annotations

import json
from pathlib import Path

import torch

import layerwalk as lw
from layerwalk.record import Trace
from surfaces.commandline import CommandLine


def test_a_healthy_network(layerwalk: CommandLine) -> None:
    ended = layerwalk.done("doctor", "edges", "sample:cat", "sample:dog", columns=80)
    assert ended.lines == [
        "  network  edges, 3 ops",
        "  seen     2 images (sample:cat, sample:dog)",
        "           few images prove little: give more of your own",
        "  found    nothing wrong",
    ]


def test_samples_are_walked_where_no_photo_is_given(layerwalk: CommandLine) -> None:
    ended = layerwalk.done("doctor", "lenet5", columns=80)
    assert ended.lines[1].startswith("  seen     10 images (sample:digits/0, ")
    assert max(map(len, ended.lines)) <= 80
    ended = layerwalk.done("doctor", "tiny_vgg", columns=80)
    assert ended.lines[1] == "  seen     3 images (sample:dog, sample:cat, sample:red_panda)"
    assert any(line.startswith(" -  dead channels  relu_1_1 ") for line in ended.lines)
    assert max(map(len, ended.lines)) <= 80


def test_something_serious_ends_with_status_1(layerwalk: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "import torch\n"
        "class Net(torch.nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.conv = torch.nn.Conv2d(3, 8, 3)\n"
        "    def forward(self, x):\n"
        "        return torch.log(self.conv(x) - 100)\n"
    )
    words = ("net.py:Net", "sample:cat", "--input-size", "32", "--weights", "none")
    ended = layerwalk("doctor", *words, columns=80)
    assert ended.status == 1
    assert any(line.startswith("!!  NaN  log ") and line.endswith("a fact") for line in ended.lines)
    told = json.loads(layerwalk("doctor", *words, "--json").out)
    assert told["healthy"] is False
    assert told["findings"][0]["disease"] == "NaN"
    assert told["findings"][0]["images"] == ["sample:cat"]


def test_a_saved_walk_is_examined(layerwalk: CommandLine, tmp_path: Path, edges: Trace) -> None:
    edges.save(tmp_path / "cat.safetensors")
    ended = layerwalk.done("doctor", "cat.safetensors", columns=80)
    assert "  seen     1 image (sample:cat)" in ended.lines
    assert layerwalk.failed("doctor", "cat.safetensors", "sample:dog") == (
        "cat.safetensors: a saved walk has its photo in it; give the network itself with photos."
    )


def test_long_lists_are_cut(layerwalk: CommandLine, tmp_path: Path) -> None:
    torch.manual_seed(0)
    layers = [torch.nn.Sequential(torch.nn.Conv2d(3, 3, 1), torch.nn.ReLU()) for _ in range(14)]
    for layer in layers:
        with torch.no_grad():
            conv = layer[0]
            assert isinstance(conv, torch.nn.Conv2d)
            assert conv.bias is not None
            conv.bias[0], conv.bias[1:] = -100, 1
    trace = lw.trace(torch.nn.Sequential(*layers), torch.randn(1, 3, 8, 8))
    trace.save(tmp_path / "a.safetensors")
    ended = layerwalk("doctor", "a.safetensors", columns=80)
    every = layerwalk("doctor", "a.safetensors", "--all", columns=80)
    assert ended.lines[-1].startswith("  and ")
    assert ended.lines[-1].endswith(" more, none of them serious; --all prints them")
    assert len(every.lines) > len(ended.lines)


def test_bad_input_is_told(layerwalk: CommandLine) -> None:
    assert layerwalk.failed("doctor", "none.safetensors").startswith("none.safetensors: there is")
    assert "no such file" in layerwalk.failed("doctor", "edges", "none.jpg")
