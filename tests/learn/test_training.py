"""``lw.train``, on real digits."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.data.sets import ArraySet, DataSet, load_data
from layerwalk.errors import FileError, LearnError, ModelError
from layerwalk.learn import Progress
from layerwalk.learn.optimizers import OPTIMIZERS
from learn.loop import SmallNet

_PLAN = lw.Plan(epochs=2, batch=32, rate=5e-3, optimizer="adam", held_out=100, probes=4)


@pytest.fixture(scope="module")
def few() -> DataSet:
    return load_data("mnist").subset(range(700))


def test_a_network_learns_its_digits(tmp_path: Path, few: DataSet) -> None:
    heard: list[Progress] = []
    begun: list[Any] = []
    run = lw.train(
        "lenet5", few, _PLAN, run=tmp_path / "run", told=heard.append, begun=begun.append
    )
    assert begun[0].path == run.path
    first, last = run.evaluation(0), run.evaluation(run.evaluated[-1])
    assert run.evaluated == (0, 19, 38)
    assert first.count == last.count == 100
    # Ten guesses in a hundred are right by chance.
    assert first.accuracy < 0.3
    assert last.accuracy > 0.6
    assert last.worst.pictures.shape[1:] == (28, 28, 1)
    assert run.steps[-1] == 38
    series = run.series
    assert series["loss"].values[-5:].mean() < series["loss"].values[:5].mean() / 2
    assert series["validation/accuracy"].steps.tolist() == [0, 19, 38]
    assert series["rate"].values.max() == _PLAN.rate
    assert [one.judged is not None for one in heard].count(True) == 2
    assert (heard[-1].step, heard[-1].steps, heard[-1].epoch) == (38, 38, 2)
    description = run.description
    assert description.settings["data"] == few.name
    assert description.probe_labels is not None
    assert len(description.probe_labels) == 4
    assert run.trace(38).inputs[0].shape == (4, 1, 28, 28)


@pytest.mark.parametrize(
    ("name", "optimizer", "least"),
    [("lenet5", "adam", 0.6), ("mlp", "adam", 0.6), ("tiny_vgg", "adam", 0.4)]
    + [("mlp", other, 0.4) for other in OPTIMIZERS if other != "adam"],
)
def test_the_defaults_lead_away_from_guessing(
    tmp_path: Path, name: str, optimizer: str, least: float
) -> None:
    data = load_data("mnist").subset(range(1000, 2500))
    plan = lw.Plan(epochs=2, held_out=300, optimizer=optimizer, probes=2)
    run = lw.train(name, data, plan, run=tmp_path / "run")
    assert run.evaluation(run.evaluated[0]).accuracy < 0.25
    assert run.evaluation(run.evaluated[-1]).accuracy > least


def test_the_same_plan_gives_the_same_network(tmp_path: Path, few: DataSet) -> None:
    plan = lw.Plan(epochs=1, batch=64, rate=0.05, optimizer="sgd", held_out=100)
    torch.manual_seed(5)
    one = lw.train("mlp", few, plan, run=tmp_path / "one")
    torch.manual_seed(6)
    other = lw.train("mlp", few, plan, run=tmp_path / "other")
    third = lw.train("mlp", few, replace(plan, seed=1), run=tmp_path / "third")
    losses = [run.series["loss"].values for run in (one, other, third)]
    assert np.array_equal(losses[0], losses[1])
    assert not np.array_equal(losses[0], losses[2])


def test_a_training_goes_on_where_it_was_stopped(tmp_path: Path, few: DataSet) -> None:
    plan = lw.Plan(epochs=2, batch=32, rate=0.05, optimizer="sgd", held_out=100, probes=2)
    whole = lw.train("mlp", few, plan, run=tmp_path / "whole", overhead=None)

    def stop(progress: Progress) -> None:
        if progress.step == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lw.train("mlp", few, plan, run=tmp_path / "part", told=stop, overhead=None)
    part = lw.open_run(tmp_path / "part")
    assert (part.description.state, part.description.ending) == ("stopped", "interrupted")
    assert part.steps[-2:] == (24, 25)
    again = lw.train("mlp", few, run=tmp_path / "part", go_on=True, overhead=None)
    assert set(again.steps) == {*whole.steps, 25}
    assert np.array_equal(again.series["loss"].values, whole.series["loss"].values)
    assert np.array_equal(again.trace(38).outputs[0].array(), whole.trace(38).outputs[0].array())


def test_a_loss_that_is_no_number_stops_with_its_op(tmp_path: Path, few: DataSet) -> None:
    class Breaks(SmallNet):
        passes = 0

        def forward(self, image: Tensor) -> Tensor:
            Breaks.passes += self.training
            maps = self.relu(self.norm(self.conv(image)))
            if Breaks.passes > 6:
                maps = maps / (maps - maps)
            logits: Tensor = self.out(maps.flatten(1))
            return logits

    with pytest.raises(LearnError, match=r"the loss became nan at update 7: .*div.*is the first"):
        lw.train(Breaks(), few, _PLAN, run=tmp_path / "run")
    run = lw.open_run(tmp_path / "run")
    assert run.steps[-1] == 6
    assert run.description.state == "stopped"
    assert "nan at update 7" in run.description.ending
    assert run.series["loss"].steps.tolist() == [1, 2, 3, 4, 5, 6]


class _Wide(nn.Module):
    def __init__(self, outputs: int) -> None:
        super().__init__()
        self.out = nn.Linear(784, outputs)

    def forward(self, image: Tensor) -> Tensor:
        logits: Tensor = self.out(image.flatten(1))
        return logits


@pytest.mark.skipif(not hasattr(signal, "SIGINT"), reason="there is no Ctrl-C")
def test_ctrl_c_stops_between_two_updates(tmp_path: Path, few: DataSet) -> None:
    def press(progress: Progress) -> None:
        if progress.step == 9:
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        lw.train("mlp", few, _PLAN, run=tmp_path / "run", told=press)
    assert signal.getsignal(signal.SIGINT) is before
    run = lw.open_run(tmp_path / "run")
    assert run.steps[-1] == 10
    assert run.description.ending == "interrupted"


def test_what_does_not_fit_is_said_before_it_begins(tmp_path: Path, few: DataSet) -> None:
    def trained(model: Any, data: Any = few, **more: Any) -> None:
        lw.train(model, data, _PLAN, run=tmp_path / "run", **more)

    with pytest.raises(ModelError, match="has 7 outputs, and the labels go from 0 to 9; give"):
        trained(_Wide(7))
    with pytest.raises(LearnError, match=r"does not take pictures of shape \(1, 28, 28\)"):
        trained(nn.Sequential(nn.Conv2d(3, 4, 3)))
    with pytest.raises(ModelError, match=r"the output has shape \(2, 4, 26, 26\)"):
        trained(nn.Sequential(nn.Conv2d(1, 4, 3)))
    with pytest.raises(LearnError, match="no weights that could learn"):
        trained(nn.Sequential(nn.Flatten(), nn.ReLU()))
    with pytest.raises(LearnError, match="which run is to go on"):
        lw.train("mlp", few, go_on=True)
    with pytest.raises(FileError, match="there is no such folder"):
        trained("mlp", go_on=True)
    with pytest.raises(LearnError, match="device: there is no device 'tpu' here"):
        trained("mlp", device="tpu")
    if not torch.cuda.is_available():
        with pytest.raises(LearnError, match=r"there is no device 'cuda' here .*; use cpu"):
            trained("mlp", device="cuda")
    assert not (tmp_path / "run").exists()


def test_a_network_of_ones_own_is_trained_in_place(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 3, 200)
    pictures = (generator.random((200, 6, 5, 3)) * 100).astype(np.uint8)
    pictures[np.arange(200), :, :, labels] += 100
    data = ArraySet(pictures, labels, "colours", ("red", "green", "blue"))
    linear = nn.Linear(90, 3)
    net = nn.Sequential(nn.Flatten(), linear).eval()
    before = linear.weight.detach().clone()
    run = lw.train(
        net,
        data,
        lw.Plan(epochs=8, batch=10, rate=0.02, optimizer="adam", held_out=0.25),
        run=tmp_path / "run",
    )
    assert run.evaluation(run.evaluated[-1]).accuracy > 0.9
    assert not torch.equal(before, linear.weight)
    assert run.description.classes == ("red", "green", "blue")
