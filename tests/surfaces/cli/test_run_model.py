"""Pictures through the network of a recorded training, on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

import layerwalk as lw
from layerwalk.data.sets import load_data
from layerwalk.surfaces.library import Library
from surfaces.commandline import CommandLine


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> lw.Run:
    monkeypatch.chdir(tmp_path)
    plan = lw.Plan(epochs=1, batch=100, held_out=100, probes=2)
    few = load_data("mnist").subset(range(500))
    return lw.train("lenet5", few, plan, run="runs/first", overhead=None)


def test_a_run_is_a_network(layerwalk: CommandLine, run: lw.Run) -> None:
    ended = layerwalk.done(
        "trace", "sample:digits/7", "--model", "runs/first@2", "--out", "x.safetensors"
    )
    assert ended.lines[:2] == [
        "  network   lenet5 at step 2 of first",
        "  weights   step 2 of the run first",
    ]
    own = lw.trace(run.load_model(2), "sample:digits/7")
    assert (lw.open("x.safetensors")["output"].array() == own["output"].array()).all()
    said = layerwalk.failed(
        "trace", "sample:digits/7", "-m", "runs/first@99", "-o", "y.safetensors"
    )
    assert said == "runs/first: step 99 was not stored; the nearest is 4, the last 4."
    said = layerwalk.failed("trace", "sample:digits/7", "-m", "runs/frist", "-o", "y.safetensors")
    assert said.startswith("runs/frist: there is no network here; check the path")


def test_replay_takes_the_network_of_one_run(layerwalk: CommandLine, run: lw.Run) -> None:
    said = layerwalk.failed("replay", "runs/first", "runs/first", "--model", "lenet5")
    assert said == "replay: --model is the network of one run; give one run."


def test_replay_allows_a_network_of_a_file(
    layerwalk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    loop = (Path(__file__).parents[2] / "learn" / "loop.py").read_text(encoding="utf-8")
    Path("net.py").write_text(loop, encoding="utf-8")
    few = load_data("mnist").subset(range(500))
    plan = lw.Plan(epochs=1, batch=100, held_out=100, probes=2)
    lw.train("net.py:SmallNet", few, plan, run="first")
    found = []

    def serve(
        library: Library, _address: object, _allowed: object, newest: str, *_: object, **__: object
    ) -> None:
        found.append(library.network_of(newest))

    monkeypatch.setattr("layerwalk.surfaces.cli.serve.serve_library", serve)
    layerwalk.done("replay", "first")
    layerwalk.done("replay", "first", "--model", "net.py:SmallNet")
    refused, allowed = found
    with pytest.raises(lw.LayerwalkError, match="which is not run from the page; replay it with"):
        refused.load()
    assert allowed.load().name == "net.py:SmallNet at step 4 of first"
