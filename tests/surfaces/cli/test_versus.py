from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

import layerwalk as lw
from layerwalk.learn.training import Progress, train
from surfaces.commandline import CommandLine

NETWORKS = """
import torch
from torch import nn

class Dense(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))

class Local(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(1, 4, 5, stride=3), nn.ReLU(), nn.Flatten(), nn.Linear(256, 10))

class Narrow(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(784, 4))
"""
PICTURES = {"connections.png", "weights.png", "shifts.png", "shuffled.png", "sizes.png"}
FEW = ("--epochs", "1", "--pictures", "200")


@pytest.fixture
def nets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets.py").write_text(NETWORKS)
    return tmp_path


def test_numbers_pictures_and_runs(layerwalk: CommandLine, nets: Path) -> None:
    ended = layerwalk("versus", "nets.py:Dense", "nets.py:Local", *FEW, "-o", "out", columns=80)
    assert ended.status == 0, ended.err
    assert max(map(len, ended.lines)) <= 80
    assert ended.lines[0] == ("mnist: 160 pictures to learn from, 40 held out; 3 updates")
    rows = {line[:26].strip(): line[26:].split() for line in ended.lines}
    assert rows["parameters"] == ["12,730", "2,674"]
    assert rows["connections"] == ["12,544", "6,400"]
    assert rows["weights"] == ["12,544", "100"]
    assert ended.lines[-1] == "  layerwalk replay out/runs/nets-Dense out/runs/nets-Local"
    assert "note: 200 of the 10,000 pictures were taken, of every class its share." in ended.err
    written = json.loads((nets / "out" / "versus.json").read_text(encoding="utf-8"))
    assert len(written["sweep"]) > 4
    assert {path.name for path in (nets / "out").glob("*.png")} == PICTURES
    runs = sorted(path.name for path in (nets / "out" / "runs").iterdir())
    assert runs == ["nets-Dense", "nets-Dense-shuffled", "nets-Local", "nets-Local-shuffled"]
    for name in runs:
        assert lw.open_run(nets / "out" / "runs" / name).description.state == "finished"


def test_json_and_less_of_it(layerwalk: CommandLine, nets: Path) -> None:
    ended = layerwalk(
        "versus", "nets.py:Dense", "nets.py:Local", *FEW, "--no-sweep", "--no-shuffle", "--json"
    )
    assert ended.status == 0, ended.err
    told = json.loads(ended.out)
    folder = nets / "versus" / "nets-Dense-nets-Local"
    assert told == json.loads((folder / "versus.json").read_text(encoding="utf-8"))
    assert told["sweep"] == []
    assert told["contestants"][0]["shuffled"] is None
    assert {path.name for path in folder.glob("*.png")} == PICTURES - {"shuffled.png", "sizes.png"}


def test_ctrl_c_keeps_what_is_done(
    layerwalk: CommandLine, nets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*args: object, **more: object) -> object:
        if str(more["run"]).endswith("Local-shuffled"):

            def told(progress: Progress) -> None:
                signal.raise_signal(signal.SIGINT)

            more["told"] = told
        return train(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("layerwalk.learn.contest.course.train", interrupted)
    ended = layerwalk("versus", "nets.py:Dense", "nets.py:Local", *FEW, "-o", "out", columns=80)
    assert ended.status == 130
    assert "note: stopped." in ended.err
    assert "error" not in ended.err
    rows = {line[:26].strip(): line[26:].split() for line in ended.lines}
    assert len(rows["accuracy"]) == 2
    assert len(rows["trained on shuffled"]) == 1
    assert (nets / "out" / "shuffled.png").exists()
    assert not (nets / "out" / "sizes.png").exists()
    stopped = lw.open_run(nets / "out" / "runs" / "nets-Local-shuffled").description
    assert (stopped.state, stopped.ending) == ("stopped", "interrupted")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nets.py:Dense", "nets.py:Narrow"], "the network has 4 outputs"),
        (["nets.py:Dense", "lenet6"], "lenet6"),
        (["nets.py:Dense", "nets.py:Local", "--data", "nothing"], "there is no data set 'nothing'"),
        (["nets.py:Dense", "nets.py:Local", "--out", "nets.py"], "this is a file"),
    ],
)
def test_what_cannot_be_compared(
    layerwalk: CommandLine, nets: Path, words: list[str], sentence: str
) -> None:
    assert sentence in layerwalk.failed("versus", *words)
    assert [path.name for path in nets.iterdir() if path.name != "__pycache__"] == ["nets.py"]
