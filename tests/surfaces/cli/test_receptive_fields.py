from __future__ import annotations

from pathlib import Path

import pytest

from layerwalk.record import Trace
from surfaces.commandline import CommandLine


def test_the_table_of_a_network(layerwalk: CommandLine) -> None:
    ended = layerwalk.done("receptive-fields", "tiny_vgg", columns=80)
    rows = [line.split() for line in ended.lines]
    assert ["input", "1x3x64x64"] in rows
    assert ["op", "kind", "size", "stride", "offset"] in rows
    assert ["conv_1_2", "conv2d", "5x5", "1x1", "2x2"] in rows
    assert ["max_pool_2", "max_pool2d", "16x16", "4x4", "7.5x7.5"] in rows
    assert ["output", "linear", "64x64"] in rows


def test_a_saved_trace_and_a_narrow_terminal(
    layerwalk: CommandLine, tmp_path: Path, lite0: Trace
) -> None:
    lite0.save(tmp_path / "dog.safetensors", detail="compact")
    wide = layerwalk.done("receptive-fields", "dog.safetensors")
    ended = layerwalk.done("receptive-fields", "dog.safetensors", columns=60)
    assert max(map(len, ended.lines)) <= 60
    assert len(ended.lines) == len(wide.lines)
    assert all(any(op.name in line for line in wide.lines) for op in lite0)


def test_the_size_of_the_input_can_be_given(layerwalk: CommandLine) -> None:
    ended = layerwalk.done("receptive-fields", "net.py:Net", "--input-size", "20x30")
    assert ["input", "1x3x20x30"] in [line.split() for line in ended.lines]


@pytest.fixture(autouse=True)
def _network(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "import torch\nfrom torch import nn\n"
        "class Net(nn.Conv2d):\n    def __init__(self):\n        super().__init__(3, 2, 3)\n"
        "class Odd(Net):\n    def forward(self, x):\n"
        "        return torch.relu(torch.bernoulli(super().forward(x).sigmoid()))\n"
    )


def test_an_op_without_a_recipe_is_told(layerwalk: CommandLine) -> None:
    ended = layerwalk.done("receptive-fields", "net.py:Odd", "--input-size", "8")
    assert any(" not known" in line for line in ended.lines)
    assert "ops have no box; the first, bernoulli: " in ended.lines[-1]


def test_bad_input_is_one_sentence(layerwalk: CommandLine) -> None:
    assert layerwalk.failed("receptive-fields", "lenet").startswith("lenet: ")
    assert layerwalk.failed("receptive-fields", "a.safetensors").startswith("a.safetensors: ")
    assert "Missing argument 'MODEL'" in layerwalk.failed("receptive-fields")
