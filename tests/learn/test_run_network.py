"""The network of a run, built anew: the probes give what they gave, bit for bit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.capture.again import recorded_tensor
from layerwalk.data.sets import DataSet, load_data
from layerwalk.errors import ModelError, NotFoundError
from layerwalk.models import Model
from layerwalk.runs import Run
from learn.loop import SmallNet, probes, train

_PLAN = lw.Plan(epochs=1, batch=64, rate=5e-3, optimizer="adam", held_out=100, probes=3)
_NET = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.LazyConv2d(4, 5, stride=3)
        self.norm = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.3)
        self.out = nn.LazyLinear(10)

    def forward(self, image):
        return self.out(self.drop(torch.relu(self.norm(self.conv(image)))).flatten(1))
"""


@pytest.fixture(scope="module")
def few() -> DataSet:
    return load_data("mnist").subset(range(500))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A loop of somebody's own."""
    return recorded(SmallNet(), tmp_path_factory.mktemp("runs") / "plain")


def recorded(net: nn.Module, folder: Path, **options: Any) -> Run:
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    watch = lw.watch(net, probes(), optimizer=optimizer, run=folder, overhead=None, **options)
    train(net, optimizer, watch, 6)
    return watch.close()


def answers(run: Run, model: Model, step: int) -> tuple[Any, Any]:
    """What the network gives the probes now, and what it gave then."""
    trace = run.trace(step)
    with torch.no_grad():
        now: Tensor = model.module(recorded_tensor(trace.inputs[0]))
    return now.numpy(), trace.outputs[0].array()


def is_every_step(run: Run, **options: Any) -> None:
    assert len(run.steps) > 4
    for step in run.steps:
        model = run.load_model(step, **options)
        assert model.name == f"{run.description.model} at step {step:,} of {run.name}"
        assert model.weights == f"step {step:,} of the run {run.name}"
        assert not any(part.training for part in model.module.modules())
        assert np.array_equal(*answers(run, model, step))


@pytest.mark.parametrize("name", ["lenet5", "mlp"])
def test_a_network_of_a_name_at_every_step(name: str, tmp_path: Path, few: DataSet) -> None:
    run = lw.train(name, few, _PLAN, run=tmp_path / "run", overhead=None)
    is_every_step(run)
    model, usual = run.load_model(), lw.load_model(name)
    assert model.name == f"{name} at step {run.steps[-1]} of run"
    assert (model.preprocessing, model.input_size) == (usual.preprocessing, usual.input_size)
    assert model.labels == few.classes
    # A picture of the set, prepared anew, is what the probe was.
    held_out = few.split(_PLAN.held_out, seed=_PLAN.seed)[1]
    trace = lw.trace(model, held_out.picture(1)[..., 0])
    assert np.array_equal(trace.inputs[0].array()[0], run.trace(0).inputs[0].array()[1])
    assert trace.name == trace.provenance["model"] == model.name
    assert trace.replay()


def test_a_network_of_a_file_at_every_step(
    tmp_path: Path, few: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(_NET, encoding="utf-8")
    run = lw.train("net.py:Net", few, _PLAN, run="runs/first", overhead=None)
    is_every_step(run)
    model = run.load_model()
    # Batch norm's statistics are those of the step.
    stored = {value.name: value for value in run.trace(run.steps[-1]).values}
    for name in ("norm.running_mean", "norm.running_var"):
        assert np.array_equal(model.module.get_buffer(name).numpy(), stored[name].array())
    # Nothing was known of its pictures, so they were taken as they are.
    assert model.input_size == (1, 28, 28)
    assert model.preprocessing is not None
    assert "x/255, mean 0, std 1" in model.preprocessing.describe()
    assert lw.trace(model, "sample:digits/3").labels == few.classes
    # The file has gone, or gives another network of the same parameters.
    Path("net.py").write_text(_NET.replace("torch.relu", "torch.tanh"), encoding="utf-8")
    with pytest.raises(
        ModelError, match="another network than the run's: it gives the probes other"
    ):
        run.load_model()
    Path("net.py").write_text(_NET.replace("flatten(1)", "flatten(9)"), encoding="utf-8")
    with pytest.raises(ModelError, match="than the run's: it raised IndexError on the probes"):
        run.load_model()
    Path("net.py").rename("other.py")
    with pytest.raises(ModelError, match=r"is net\.py:Net, and there is no such file here; go to"):
        run.load_model()
    Path("other.py").write_text(_NET, encoding="utf-8")
    assert np.array_equal(*answers(run, run.load_model(2, model="other.py:Net"), 2))
    assert np.array_equal(*answers(run, run.load_model(2, model=Path("other.py")), 2))


def test_a_loop_of_one_s_own_needs_its_network(plain: Run) -> None:
    with pytest.raises(ModelError) as told:
        plain.load_model(2)
    assert str(told.value) == (
        "SmallNet at step 2 of plain: the run does not say how its network is built; pass it: "
        "run.load_model(model=net), or run.show(model=net) for the page."
    )
    net = SmallNet().train()
    before = {key: tensor.clone() for key, tensor in net.state_dict().items()}
    is_every_step(plain, model=net)
    # It is not changed.
    assert net.training
    assert all(torch.equal(before[key], tensor) for key, tensor in net.state_dict().items())


def test_what_is_passed_is_copied_as_it_can_be(plain: Run) -> None:
    # A model that was just trained is in training mode.
    trained = lw.load_model(SmallNet().eval(), input_size=(1, 28, 28))
    trained.module.train()
    model = plain.load_model(2, model=trained)
    assert np.array_equal(*answers(plain, model, 2))
    assert trained.module.training

    class Awkward(SmallNet):
        def __deepcopy__(self, memo: object) -> nn.Module:
            raise RuntimeError("no copies")

    with pytest.raises(
        ModelError, match=r"passed cannot be copied \(RuntimeError\); pass the file"
    ):
        plain.load_model(2, model=Awkward().eval())
    for nonsense in (SmallNet, 5):
        with pytest.raises(ModelError, match="is not a network, a name or a file"):
            plain.load_model(2, model=nonsense)


def test_a_model_brings_its_preprocessing(plain: Run) -> None:
    net = SmallNet().eval()
    own = lw.load_model(net, input_size=(1, 28, 28), mean=0.1, std=0.3, labels=list("abcdefghij"))
    model = plain.load_model(model=own)
    assert own.module is net
    assert model.module is not net
    assert (model.preprocessing, model.labels) == (own.preprocessing, own.labels)
    assert len(lw.trace(model, "sample:digits/7").top(3)) == 3
    assert plain.load_model(model=net).preprocessing is None


def test_a_watched_model_of_a_name_is_known(tmp_path: Path) -> None:
    own = lw.load_model("lenet5")
    run = lw.watch(own, probes(), run=tmp_path / "run").close()
    assert np.array_equal(*answers(run, run.load_model(), 0))


@pytest.mark.parametrize(
    ("net", "said"),
    [
        (
            nn.Linear(3, 2),
            r"no conv\.weight, conv\.bias, norm\.weight and 3 more, the run's has no",
        ),
        (SmallNet(), r"out\.bias is \(7,\), not \(10,\)"),
    ],
)
def test_another_network_is_refused(plain: Run, net: nn.Module, said: str) -> None:
    if isinstance(net, SmallNet):
        net.out = nn.Linear(4 * 8 * 8, 7)
    with pytest.raises(ModelError, match=f"this is another network than the run's: .*{said}"):
        plain.load_model(model=net)


def test_a_step_that_was_not_stored(plain: Run) -> None:
    with pytest.raises(NotFoundError, match="step 99 was not stored; the nearest is 6"):
        plain.load_model(99)


class Aside(SmallNet):
    """Has a second head that only training uses, and a buffer that nobody saves."""

    mask: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.aside = nn.Linear(4 * 8 * 8, 10)
        self.register_buffer("mask", torch.ones(3), persistent=False)

    def forward(self, image: Tensor) -> Tensor:
        maps = self.relu(self.norm(self.conv(image))).flatten(1)
        logits: Tensor = self.out(maps)
        return logits + self.aside(maps) if self.training else logits


def test_what_the_probes_did_not_reach_is_named(tmp_path: Path) -> None:
    run = recorded(Aside(), tmp_path / "run")
    with pytest.raises(ModelError) as told:
        run.load_model(3, model=Aside())
    assert str(told.value) == (
        "Aside at step 3 of run: the probes did not reach aside.weight, aside.bias, so the step "
        "does not hold it; only step 6 has it, from the run's checkpoint."
    )
    whole = run.load_model(6, model=Aside())
    assert np.array_equal(*answers(run, whole, 6))
    assert torch.equal(whole.module.get_buffer("mask"), torch.ones(3))
    run.folder.checkpoint.unlink()
    with pytest.raises(ModelError, match="probes that reach it would have it stored"):
        run.load_model(6, model=Aside())


class Tied(nn.Module):
    """Two layers with one weight, in another precision and memory layout."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = nn.Linear(28, 28), nn.Linear(28, 28)
        self.conv = nn.Conv2d(2, 2, 3).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.other.weight = self.one.weight

    def forward(self, image: Tensor) -> Tensor:
        both = torch.cat((self.one(image), self.other(image)), 1)
        return torch.as_tensor(self.conv(both)).flatten(1)


def test_shared_weights_precision_and_layout(tmp_path: Path) -> None:
    net = Tied().double()
    run = lw.watch(net, probes().double(), run=tmp_path / "run").close()
    model = run.load_model(model=Tied())
    assert np.array_equal(*answers(run, model, 0))
    assert model.module.one.weight is model.module.other.weight
    assert model.module.conv.weight.stride() == net.conv.weight.stride()


class Scaled(SmallNet):
    """Takes a number beside the picture."""

    def forward(self, image: Tensor, scale: float) -> Tensor:  # type: ignore[override]
        return super().forward(image) * scale


def test_plain_arguments_are_not_known_and_not_missed(tmp_path: Path) -> None:
    net = Scaled()
    run = lw.watch(net, (probes(), 2.0), run=tmp_path / "run").close()
    model = run.load_model(model=Scaled())
    trace = run.trace(0)
    with torch.no_grad():
        now = model.module(recorded_tensor(trace.inputs[0]), 2.0)
    assert np.array_equal(now.numpy(), trace.outputs[0].array())


@pytest.mark.parametrize("detail", ["half", "compact"])
def test_numbers_that_were_rounded_are_told(tmp_path: Path, detail: Any) -> None:
    run = recorded(SmallNet(), tmp_path / "run", detail=detail)
    model = run.load_model(model=SmallNet())
    # So small a tensor is never kept in 8 bits.
    assert model.weights == "step 6 of the run run, kept as float16"
    now, then = answers(run, model, 6)
    assert np.abs(now - then).max() < 0.1 * np.abs(then).max()


@pytest.mark.parametrize("at", ["", "@2"])
def test_load_model_takes_the_folder(
    tmp_path: Path, few: DataSet, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run = lw.train("mlp", few, _PLAN, run="runs/first", overhead=None)
    step = 2 if at else run.steps[-1]
    model = lw.load_model(f"runs/first{at}")
    assert model.name == f"mlp at step {step} of first"
    assert np.array_equal(*answers(run, model, step))
    assert lw.load_model(f"runs{os.sep}first{at}", input_size=14).input_size == (1, 14, 14)
    assert lw.load_model(Path("runs", f"first{at}")).name == model.name
    with pytest.raises(ModelError, match="a run has its own weights; use weights 'default'"):
        lw.load_model(f"runs/first{at}", weights=None)
