from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
from PIL import Image

import layerwalk as lw
from comparison.networks import Small, given, walked
from layerwalk.record import Trace
from surfaces.commandline import CommandLine


def damaged() -> Trace:
    def damage(network: Small) -> None:
        network.conv.weight[5, 1, 1, 1] += 1

    return walked(damage)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """Two walks, ``a.safetensors`` and ``b.safetensors``, of which the second is damaged."""
    walked().save(tmp_path / "a.safetensors")
    damaged().save(tmp_path / "b.safetensors")
    return tmp_path


def test_the_same_walk_is_equal(layerwalk: CommandLine, pair: Path) -> None:
    ended = layerwalk.done("compare", "a.safetensors", "a.safetensors", columns=80)
    assert "  A  a.safetensors: Small, 11 ops" in ended.lines
    assert "  result    equal within tolerance" in ended.lines
    assert max(map(len, ended.lines)) <= 80


def test_the_first_to_depart_is_named_with_the_reason(layerwalk: CommandLine, pair: Path) -> None:
    ended = layerwalk("compare", "a.safetensors", "b.safetensors", columns=80)
    assert ended.status == 1
    assert ended.err == ""
    (first,) = (line for line in ended.lines if line.startswith(">>"))
    assert first.split()[1] == "conv"
    assert any(line.startswith("  departs   first at conv (conv2d): ") for line in ended.lines)
    assert "  because   1 of 576 numbers of conv.weight differs, by up to 1" in ended.lines
    assert any(line.startswith("  channels  most in 5 (") for line in ended.lines)
    assert any(line.startswith("  class     ") for line in ended.lines)
    assert max(map(len, ended.lines)) <= 80


def test_a_tolerance_of_ones_own(layerwalk: CommandLine, pair: Path) -> None:
    ended = layerwalk.done("compare", "a.safetensors", "b.safetensors", "--tolerance", "10")
    assert "  result    equal within tolerance" in ended.lines


def test_json_has_every_number(layerwalk: CommandLine, pair: Path) -> None:
    ended = layerwalk("compare", "a.safetensors", "b.safetensors", "--json")
    assert ended.status == 1
    told = json.loads(ended.out)
    found = lw.compare(walked(), damaged())
    assert told["first"] == "conv"
    assert told["equal"] is False
    assert [one["op"] for one in told["ops"]] == [one.name for one in found]
    assert told["ops"][3]["relative_error"] == found.ops[3].measure.relative_error
    assert told["ops"][0]["snr_db"] == "inf"


def test_a_figure(layerwalk: CommandLine, pair: Path) -> None:
    ended = layerwalk("compare", "a.safetensors", "b.safetensors", "--figure", "e.png")
    assert ended.status == 1
    assert "  e.png  the errors along the network" in ended.lines
    with Image.open(pair / "e.png") as picture:
        assert picture.size[0] > 1000


def test_other_names_are_told(layerwalk: CommandLine, pair: Path, tmp_path: Path) -> None:
    class Renamed(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Small()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.inner(x)
            return found

    torch.manual_seed(0)
    lw.trace(Renamed().eval(), given()).save(tmp_path / "c.safetensors")
    ended = layerwalk("compare", "a.safetensors", "c.safetensors", "--same", "conv=inner.conv")
    assert ended.status == 1
    assert layerwalk.failed("compare", "a.safetensors", "c.safetensors", "--same", "conv") == (
        "--same: 'conv' names no two ops; say conv1=stem.conv."
    )


def test_what_was_not_matched_is_listed(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    edges.save(tmp_path / "a.safetensors")
    network = torch.nn.Sequential(lw.load_model("edges").module, torch.nn.Sigmoid())
    lw.trace(network, torch.from_numpy(edges.inputs[0].array().copy())).save(
        tmp_path / "b.safetensors"
    )
    ended = layerwalk("compare", "a.safetensors", "b.safetensors", columns=80)
    assert "1 op not matched:" in ended.lines
    assert any(line.startswith("  B  1: nothing of its name") for line in ended.lines)


def test_nan_is_told_first(layerwalk: CommandLine, pair: Path) -> None:
    def damage(network: Small) -> None:
        network.conv.bias[3] = math.nan  # type: ignore[index]

    walked(damage).save(pair / "nan.safetensors")
    ended = layerwalk("compare", "a.safetensors", "nan.safetensors", columns=100)
    assert ended.status == 1
    at = next(k for k, line in enumerate(ended.lines) if line.startswith("  departs"))
    assert ended.lines[at : at + 2] == [
        "  departs   first at conv (conv2d): 100 of 800 values are NaN in only one of the two",
        "  because   100 of its 800 values are NaN in the other, none in the reference",
    ]
    assert any(line.startswith("  channels  most in 3 (NaN or infinite)") for line in ended.lines)
    assert any(line.endswith(" -> NaN, no class") for line in ended.lines)


def test_an_edited_walk_is_told(layerwalk: CommandLine, pair: Path) -> None:
    walked().rerun(lw.edit().silence("conv", 5)).save(pair / "c.safetensors")
    ended = layerwalk("compare", "a.safetensors", "c.safetensors", columns=80)
    assert "  note      the other is an edited walk: silence (conv)" in ended.lines


def test_walks_that_have_nothing_in_common_are_mended_with_the_option(
    layerwalk: CommandLine, pair: Path
) -> None:
    lw.trace(torch.nn.Sigmoid(), torch.zeros(2)).save(pair / "c.safetensors")
    assert layerwalk.failed("compare", "a.safetensors", "c.safetensors") == (
        "compare: no op of Small has a twin in Sigmoid; name those that belong together: "
        "--same conv1=stem.conv."
    )
    walked(x=given(images=4)).save(pair / "d.safetensors")
    said = layerwalk.failed("compare", "a.safetensors", "d.safetensors")
    assert "stem.0 makes 1x8x10x10 and 4x8x10x10" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("a.safetensors", "none.safetensors"), "none.safetensors: there is no such file"),
        (("a.safetensors", "sample:dog"), "sample:dog: this is no saved walk; give .safetensors"),
        (("a.safetensors", "b.safetensors", "--figure", "e.gif"), "e.gif: --figure writes no .gif"),
        (("a.safetensors", "b.safetensors", "--same", "x=y"), "Small: there is no op 'x'"),
        (("a.safetensors", "b.safetensors", "--tolerance", "nan"), "Invalid value for"),
    ],
)
def test_bad_input_ends_with_status_2(
    layerwalk: CommandLine, pair: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert layerwalk.failed("compare", *words).startswith(sentence)
