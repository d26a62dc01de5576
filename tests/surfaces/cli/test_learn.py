from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import layerwalk as lw
from layerwalk.data.sets import load_data
from layerwalk.learn import Progress
from surfaces.commandline import CommandLine

_QUICK = ("--model", "mlp", "--epochs", "1", "--batch", "256", "--probes", "2")


def test_a_network_learns(layerwalk: CommandLine, tmp_path: Path) -> None:
    ended = layerwalk.done("learn", *_QUICK, "--held-out", "2000", "--run", "run", columns=80)
    lines = ended.lines
    assert lines[:4] == [
        "  network   mlp, 669,706 parameters",
        "  data      mnist, 8,000 to learn from, 2,000 held out",
        "  training  1 epoch, batches of 256, adam, rate 0.004 (cosine), seed 0",
        "  run       run",
    ]
    assert lines[5].split() == ["epoch", "loss", "held", "out", "accuracy", "seconds"]
    epoch, loss, held_out, accuracy, _ = lines[6].split()
    run = lw.open_run(tmp_path / "run")
    last = run.evaluation(run.evaluated[-1])
    assert epoch == "1"
    assert float(loss) == pytest.approx(run.series["loss"].values.mean(), rel=1e-3)
    assert float(held_out) == pytest.approx(last.loss, rel=1e-3)
    assert accuracy == f"{last.accuracy:.1%}"
    assert lines[8].startswith(f"  accuracy  {accuracy} of 2,000 held out, after ")
    assert lines[-1] == "  look      layerwalk replay run"
    assert max(map(len, lines)) <= 80


def test_what_is_wrong_is_one_sentence(layerwalk: CommandLine, tmp_path: Path) -> None:
    assert "no data set 'nowhere/'" in layerwalk.failed("learn", "--data", "nowhere/")
    assert "there is no optimiser 'adan'" in layerwalk.failed("learn", "--optimizer", "adan")
    assert layerwalk.failed("learn", "--held-out", "some") == (
        "--held-out: 'some' is neither a number nor a share; use 2000 or 0.2."
    )
    said = layerwalk.failed("learn", "--model", "efficientnet_lite0", "--weights", "none.pth")
    assert "none.pth" in said
    assert "there is no such folder" in layerwalk.failed("learn", "--continue", "run")


def test_a_run_that_was_stopped_goes_on(layerwalk: CommandLine, tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.step == 7:
            raise KeyboardInterrupt

    plan = lw.Plan(epochs=1, batch=500, probes=2)
    with pytest.raises(KeyboardInterrupt):
        lw.train("mlp", "mnist", plan, run=tmp_path / "run", told=stop)
    ended = layerwalk.done("learn", "--continue", "run", columns=80)
    assert ended.lines[3] == "  run       run"
    # The epoch's loss is that of the whole epoch, with what was learned before it was stopped.
    losses = lw.open_run(tmp_path / "run").series["loss"].values
    assert len(losses) == 16
    assert float(ended.lines[6].split()[1]) == pytest.approx(losses.mean(), rel=1e-3)
    assert layerwalk.failed("learn", "--continue", "run") == (
        "run: it is finished, after 1 epoch; layerwalk replay run shows it; more epochs are "
        "another run."
    )
    assert lw.open_run(tmp_path / "run").steps[-1] == 16
    assert layerwalk.failed("learn", "--continue", "run", "--epochs", "3") == (
        "run: a run goes on as it was begun; leave out --epochs."
    )
    lw.train("mlp", load_data("mnist").subset(range(600)), plan, run=tmp_path / "other")
    assert "not begun with layerwalk learn" in layerwalk.failed("learn", "--continue", "other")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to another process here")
def test_ctrl_c_keeps_what_was_learned(tmp_path: Path) -> None:
    words = ("-m", "layerwalk", "learn", "--model", "mlp", "--batch", "16", "--run", "run")
    with subprocess.Popen(  # noqa: S603 - our own program
        (sys.executable, *words),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdout is not None
        while "epoch" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    match = re.search(r"kept after ([\d,]+) updates?; layerwalk learn --continue run goes on", said)
    assert match
    run = lw.open_run(tmp_path / "run")
    assert run.description.state == "stopped"
    assert run.steps[-1] == int(match[1].replace(",", ""))


def test_why_prints_the_arithmetic(layerwalk: CommandLine, tmp_path: Path) -> None:
    plan = lw.Plan(epochs=1, batch=100, probes=2)
    data = load_data("mnist").subset(range(600))
    run = lw.train("lenet5", data, plan, run=tmp_path / "run", overhead=None)
    told = run.why("c1.weight", (0, 0, 2, 2), 3)
    ended = layerwalk.done("replay", "run", "--why", "c1.weight[0,0,2,2]", "--step", "3")
    assert ended.lines[0] == "c1.weight[0, 0, 2, 2], update 4 (Adam)"
    assert ended.lines[2].split() == ["weight", f"{told.before:.9g}"]
    assert ended.lines[-1].split() == ["residue", f"{told.residue:.1e}"]
    encoded = json.loads(
        layerwalk.done("replay", "run", "--why", "c1.weight[0,0,2,2]", "--step", "3", "--json").out
    )
    assert encoded["after"] == told.after
    assert [term["value"] for term in encoded["terms"]] == [term.value for term in told.terms]
    assert "names no weight" in layerwalk.failed("replay", "run", "--why", "c1.weight[a]")
    assert "there is no op 'c2'" in layerwalk.failed(
        "replay", "run", "--film", "x.gif", "--op", "c2"
    )


def test_a_report_is_written_with_the_weights_that_are_wanted(
    layerwalk: CommandLine, tmp_path: Path
) -> None:
    data = load_data("mnist").subset(range(600))
    lw.train("mlp", data, lw.Plan(epochs=1, batch=200, probes=2), run=tmp_path / "run")
    ended = layerwalk.done("replay", "run", "--report", "some.html", "--detail", "compact")
    assert ended.lines[-1] == "  left out  1 weight tensor; --keep-weights all takes them in"
    ended = layerwalk.done(
        "replay", "run", "--report", "all.html", "--detail", "compact", "--keep-weights", "all"
    )
    size = (tmp_path / "all.html").stat().st_size
    assert ended.lines[-1] == f"  report    all.html, {size / 1e6:.1f} MB"
    assert size > (tmp_path / "some.html").stat().st_size + 500_000


def test_a_film_is_written(layerwalk: CommandLine, tmp_path: Path) -> None:
    plan = lw.Plan(epochs=1, batch=100, probes=2)
    data = load_data("mnist").subset(range(600))
    run = lw.train("mlp", data, plan, run=tmp_path / "run")
    ended = layerwalk.done("replay", "run", "--film", "run.gif", "--sample", "1")
    assert ended.lines[-1] == f"  film  run.gif, {len(run.steps)} pictures"
    assert (tmp_path / "run.gif").read_bytes().startswith(b"GIF89a")
    assert layerwalk.failed("replay", "run", "--film", "run.avi") == (
        "run.avi: there is no film format '.avi'; end the name in .gif or .mp4."
    )
    assert "there is no probe 2" in layerwalk.failed(
        "replay", "run", "--film", "run.gif", "--sample", "2"
    )
    assert "there is no run here" in layerwalk.failed("replay", ".")
