"""What makes no sense is said before a folder is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.errors import CaptureError, LearnError, ModelError
from learn.loop import SmallNet, probes


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"optimizer": "adam"}, "optimizer is a str, not one of torch.optim's optimisers"),
        ({"optimizer": []}, "watch each network of several optimisers with its own"),
        ({"moments": 5}, "moments is 5; pass a function of the step"),
        ({"updates": "few"}, "there is no updates 'few'; use some, all, none"),
        ({"detail": "fine"}, "there is no detail 'fine'; use exact, half, compact"),
        ({"overhead": -1}, "overhead is -1; use a share such as 0.05, or None"),
        ({"probe_labels": [1]}, "there are 3 probes and 1 probe_labels"),
    ],
)
def test_an_option_without_a_meaning(tmp_path: Path, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(LearnError, match=said):
        lw.watch(SmallNet(), probes(), run=tmp_path / "run", **asked)
    assert not list(tmp_path.iterdir())


def test_an_optimizer_of_another_network(tmp_path: Path) -> None:
    other = torch.optim.SGD(SmallNet().parameters(), lr=0.1)
    with pytest.raises(LearnError, match="SmallNet: the optimizer has none of this network's"):
        lw.watch(SmallNet(), probes(), optimizer=other, run=tmp_path / "run")


def test_a_lazy_layer_that_has_seen_nothing(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    with pytest.raises(ModelError, match=r"1.weight has no shape yet; run a batch"):
        lw.watch(net, probes(), run=tmp_path / "run")
    net(probes())
    assert lw.watch(net, probes(), run=tmp_path / "run").close().steps == (0,)


def test_probes_that_do_not_fit_leave_nothing_behind(tmp_path: Path) -> None:
    net, folder = SmallNet(), tmp_path / "run"
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    with pytest.raises(CaptureError, match="expected input"):
        lw.watch(net, torch.zeros(2, 3, 28, 28), optimizer=optimizer, run=folder)
    assert not folder.exists()
    assert not optimizer._optimizer_step_pre_hooks
    assert lw.watch(net, probes(), optimizer=optimizer, run=folder).close().steps == (0,)


def test_what_else_lies_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CaptureError):
        lw.watch(SmallNet(), torch.zeros(2, 3, 28, 28), run=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
