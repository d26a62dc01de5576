from __future__ import annotations

from pathlib import Path

import pytest

from layerwalk.checks import Mismatch, Skipped
from layerwalk.recipes.verify import Verification
from layerwalk.record import Trace
from surfaces.commandline import CommandLine


def test_a_photo_is_verified(layerwalk: CommandLine) -> None:
    ended = layerwalk.done("verify", "sample:cat", "-m", "edges", "--samples", "300", columns=80)
    assert "  network   edges" in ended.lines
    assert "  recomputed  300 values of 3 ops" in ended.lines
    assert "  failures    none" in ended.lines
    assert max(map(len, ended.lines)) <= 80


def test_a_saved_trace_is_verified(layerwalk: CommandLine, tmp_path: Path, edges: Trace) -> None:
    edges.save(tmp_path / "cat.safetensors")
    ended = layerwalk.done("verify", "cat.safetensors", "--samples", "30", "--seed", "4")
    assert "  recomputed  30 values of 3 ops" in ended.lines


def test_weights_that_were_left_out_are_told(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    edges.save(tmp_path / "cat.safetensors", weights=False)
    ended = layerwalk.done("verify", "cat.safetensors")
    assert "1 value was not checked:" in ended.lines
    assert any(line.startswith("  conv  conv.weight was left out when") for line in ended.lines)


def test_only_ops_that_were_checked_are_counted(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    edges.save(tmp_path / "cat.safetensors", weights=False)
    ended = layerwalk.done("verify", "cat.safetensors", "--samples", "30")
    assert "  recomputed  20 values of 2 of 3 ops" in ended.lines


def test_a_file_that_was_rounded_says_so(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    edges.save(tmp_path / "cat.safetensors", detail="half")
    ended = layerwalk("verify", "cat.safetensors")
    assert ended.status == 1
    assert ended.err.startswith("note: this file has not every bit (half: 4 tensors in float16")


def test_a_value_that_was_changed_ends_with_status_1(
    layerwalk: CommandLine, tmp_path: Path, edges: Trace
) -> None:
    path = tmp_path / "cat.safetensors"
    edges.save(path)
    data = bytearray(path.read_bytes())
    pooled = edges["pool"].array().tobytes()
    place = data.find(pooled)
    assert place > 0
    data[place : place + len(pooled)] = bytes(len(pooled))
    path.write_bytes(data)
    ended = layerwalk("verify", "cat.safetensors")
    assert ended.status == 1
    assert ended.err == ""
    assert "  failures    1 output beyond what rounding explains" in ended.lines
    assert any(line.startswith("  pool: off by ") for line in ended.lines)


def test_ops_without_a_recipe_are_named_and_counted(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = Verification(
        10,
        0.5,
        tuple(Mismatch(f"op{k}", "off by 0.5, 0.1 of the absolute terms") for k in range(25)),
        (Skipped("a", "no recipe for sort"), Skipped("b", "no recipe for sort")),
        worst_relative=0.1,
        worst_op="op3",
        without_recipe=(("sort", 2),),
    )
    monkeypatch.setattr("layerwalk.surfaces.cli.verify.verify_trace", lambda *_: report)
    ended = layerwalk("verify", "sample:cat", "-m", "edges")
    assert ended.status == 1
    assert "2 ops have no recipe, by kind:" in ended.lines
    assert "  sort (2)" in ended.lines
    assert "  a  no recipe for sort, and 1 more" in ended.lines
    assert "              at op3" in ended.lines
    assert ended.lines[-1] == "  and 5 more"


def test_bad_input_is_one_sentence(layerwalk: CommandLine) -> None:
    assert layerwalk.failed("verify", "nope.jpg").startswith("nope.jpg: there is no such file")
    assert layerwalk.failed("verify", "nope.safetensors").startswith("nope.safetensors: ")
    assert "Invalid value for '--samples'" in layerwalk.failed("verify", "a.jpg", "--samples", "0")
