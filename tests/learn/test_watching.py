"""``lw.watch`` on a training loop of a user's own."""

from __future__ import annotations

import copy
import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.errors import FileError, ImageError, LayerwalkError, LearnError, ModelError
from layerwalk.learn.moments import every
from layerwalk.runs import open_run
from learn.loop import SmallNet, probes, train


def _net() -> SmallNet:
    torch.manual_seed(1)
    return SmallNet()


def _adam(net: nn.Module) -> torch.optim.Adam:
    return torch.optim.Adam(net.parameters(), lr=0.01)


def test_watching_changes_nothing(tmp_path: Path) -> None:
    class Nobody:
        def step(self, **_: Any) -> None:
            pass

    alone, watched = _net(), _net()
    train(alone, _adam(alone), Nobody(), 12)
    optimizer = _adam(watched)
    torch.manual_seed(1)
    _net()  # draws what the other drew
    with lw.watch(watched, probes(), optimizer=optimizer, run=tmp_path / "run") as watch:
        train(watched, optimizer, watch, 12)
    for name, value in alone.state_dict().items():
        assert torch.equal(value, watched.state_dict()[name]), name
    assert watched.training
    assert not optimizer._optimizer_step_pre_hooks
    assert not optimizer._optimizer_step_post_hooks


def test_a_stored_step_is_the_network_as_it_was(tmp_path: Path) -> None:
    net = _net()
    optimizer = _adam(net)
    kept = {0: copy.deepcopy(net)}
    watch = lw.watch(net, probes(), optimizer=optimizer, run=tmp_path / "run", overhead=None)
    for step in range(1, 6):
        train(net, optimizer, watch, step, skip=step - 1)
        kept[step] = copy.deepcopy(net)
    run = watch.close()
    assert run.steps == (0, 1, 2, 3, 4, 5)  # the last always
    assert run.description.state == "finished"
    for step in run.steps:
        trace, then = run.trace(step), kept[step].eval()
        with torch.no_grad():
            assert np.array_equal(trace.outputs[0].array(), then(probes()).numpy())
        assert trace.replay()
        told = run.why("conv.weight", (1, 0, 2, 2), step) if step < 5 else None
        if told is not None:
            assert told.before == then.conv.weight[1, 0, 2, 2].item()
            assert told.after == kept[step + 1].conv.weight[1, 0, 2, 2].item()
            assert told.residue == pytest.approx(0.0, abs=1e-8)
    series = run.series
    assert series["loss"].steps.tolist() == [1, 2, 3, 4, 5]
    assert {"gradient/conv.weight", "weight/out.bias", "dead/relu"} <= set(series)
    assert all(0 <= value <= 1 for value in series["dead/relu"].values)


def test_a_run_goes_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    whole = _net()
    optimizer = _adam(whole)
    with lw.watch(
        whole,
        probes(),
        optimizer=optimizer,
        run=tmp_path / "whole",
        moments=every(4),
        overhead=None,
    ) as watch:
        train(whole, optimizer, watch, 14)

    broken = _net()
    optimizer = _adam(broken)
    watch = lw.watch(
        broken,
        probes(),
        optimizer=optimizer,
        run=tmp_path / "broken",
        moments=every(4),
        overhead=None,
    )
    with watch:
        train(broken, optimizer, watch, 10)
        watch.close("stopped", "by the user")
    stopped = open_run(tmp_path / "broken").description
    assert (stopped.state, stopped.ending) == ("stopped", "by the user")

    again = SmallNet()
    optimizer = _adam(again)
    torch.manual_seed(99)
    with lw.watch(
        again,
        probes(),
        optimizer=optimizer,
        run=tmp_path / "broken",
        moments=every(4),
        overhead=None,
        go_on=True,
    ) as watch:
        assert watch.step_count == 8
        train(again, optimizer, watch, 14, skip=8)
    for name, value in whole.state_dict().items():
        assert torch.equal(value, again.state_dict()[name]), name
    one, other = open_run(tmp_path / "whole"), open_run(tmp_path / "broken")
    assert one.steps == other.steps == (0, 4, 8, 12, 14)
    assert np.array_equal(one.series["loss"].values, other.series["loss"].values)
    assert other.description.state == "finished"


_KILLED = """
import sys, torch
sys.path.insert(0, {tests!r})
from learn.loop import SmallNet, probes, train
import layerwalk as lw
from layerwalk.learn.moments import every
from layerwalk.learn.probing import look
torch.manual_seed(1); torch.set_num_threads(1)
net = SmallNet()
optimizer = torch.optim.Adam(net.parameters())
watch = lw.watch(net, probes(), optimizer=optimizer, run={run!r}, moments=every(1), overhead=None)
print("begun", flush=True)
train(net, optimizer, watch, 1200)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is of POSIX")
@pytest.mark.parametrize("after", [0.0, 0.21, 0.6])
def test_a_killed_process_leaves_a_run_that_opens(tmp_path: Path, after: float) -> None:
    program = _KILLED.format(tests=str(Path(__file__).parents[1]), run=str(tmp_path / "run"))
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ}
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        time.sleep(after)
        process.kill()
    run = open_run(tmp_path / "run")
    assert run.description.state == "running"
    for step in run.steps:
        assert run.trace(step).complete
    for series in run.series.values():
        assert len(series)
    for step in run.folder.updated():
        assert run.why("conv.weight", (0, 0, 0, 0), step).residue is not None
    if run.folder.checkpoint.exists():
        net = _net()
        with lw.watch(
            net, probes(), optimizer=_adam(net), run=tmp_path / "run", go_on=True
        ) as watch:
            assert watch.step_count in run.steps
        assert run.steps[-1] == watch.step_count


def test_an_error_ends_the_run_with_its_reason(tmp_path: Path) -> None:
    watch = lw.watch(_net(), probes(), run=tmp_path / "run")
    with pytest.raises(ZeroDivisionError), watch:
        watch.step(loss=1 // (watch.step_count * 0))
    description = open_run(tmp_path / "run").description
    assert description.state == "stopped"
    assert description.ending.startswith("ZeroDivisionError: ")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    net = _net()
    lw.watch(net, probes(), run=tmp_path / "run").close()
    with pytest.raises(FileError, match="there is a run here already; name another folder"):
        lw.watch(net, probes(), run=tmp_path / "run")
    with pytest.raises(FileError, match="there is no such folder; name the folder of a run"):
        lw.watch(net, probes(), run=tmp_path / "none", go_on=True)
    with pytest.raises(ModelError, match="of another network; it was begun with SmallNet"):
        lw.watch(nn.Linear(2, 2), torch.zeros(1, 2), run=tmp_path / "run", go_on=True)


def test_bad_input_is_said_before_anything_is_made(tmp_path: Path) -> None:
    net: Any = _net()
    with pytest.raises(ModelError, match="str is no network"):
        lw.watch("net", probes(), run=tmp_path / "run")  # type: ignore[arg-type]
    with pytest.raises(ImageError, match="there are no probes"):
        lw.watch(net, probes(0), run=tmp_path / "run")
    with pytest.raises(ImageError, match="nothing is known about how this network wants"):
        lw.watch(net, ["sample:digits/1"], run=tmp_path / "run")
    assert not (tmp_path / "run").exists()
    watch = lw.watch(net, probes(), run=tmp_path / "run")
    with pytest.raises(LayerwalkError, match=r"loss is a tensor of shape \(3,\); log one number"):
        watch.step(loss=torch.zeros(3))
    watch.close()


def test_pictures_are_prepared_for_a_model(tmp_path: Path) -> None:
    model = lw.load_model("lenet5")
    with lw.watch(model, ["sample:digits/1", "sample:digits/2"], run=tmp_path / "run") as watch:
        pass
    assert watch.run.trace(0).inputs[0].shape == (2, 1, 28, 28)
    assert watch.run.description.classes == tuple("0123456789")


def test_a_disk_that_is_full_stops_the_recording_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FileError("the disk is full", where="x")

    net = _net()
    optimizer = _adam(net)
    watch = lw.watch(net, probes(), optimizer=optimizer, run=tmp_path / "run", overhead=None)
    watch._writer.wait()
    monkeypatch.setattr("layerwalk.learn.run_watch.write_measured", full)

    def whole() -> None:
        train(net, optimizer, watch, 6)
        watch.close()

    with pytest.warns(
        RuntimeWarning, match=r"disk is full; free some space; .* The training goes on unrecorded"
    ):
        whole()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = open_run(tmp_path / "run")
    assert run.steps[0] == 0
    assert run.trace(0).complete

    strict = lw.watch(net, probes(), run=tmp_path / "strict", overhead=None, strict=True)
    strict._writer.wait()
    with pytest.raises(FileError, match="the disk is full"):
        strict.step(loss=1.0)
    strict.close("stopped")


def test_looking_keeps_to_its_share(tmp_path: Path) -> None:
    net = _net()
    watch = lw.watch(net, probes(), run=tmp_path / "run", moments=every(1), overhead=0.0)
    watch._looking = 100.0  # as if the looks so far had been slow
    for _ in range(5):
        watch.step(loss=1.0)
    run = watch.close()
    assert run.steps == (0, 5)
    assert run.series["loss"].steps.tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("what", ["many", None, np.zeros(3)])
def test_a_metric_that_is_no_number_is_said_at_once(tmp_path: Path, what: Any) -> None:
    watch = lw.watch(_net(), probes(), run=tmp_path / "run", overhead=None)
    with pytest.raises(LayerwalkError, match="the metric loss is no number, but "):
        watch.step(loss=what)
    watch.log(accuracy=np.float32(0.5), right=True, count=np.array([7]))
    series = watch.close().series
    assert [series[name].values[0] for name in ("accuracy", "right", "count")] == [0.5, 1, 7]


def test_a_closed_recording_says_so(tmp_path: Path) -> None:
    watch = lw.watch(_net(), probes(), run=tmp_path / "run")
    watch.close()
    watch.step(loss=1.0)
    assert watch.step_count == 1
    assert watch.close().steps == (0,)
    for late in (
        watch.store,
        lambda: watch.log(loss=1.0),
        lambda: watch.evaluate(np.eye(3), np.arange(3)),
    ):
        with pytest.raises(LearnError, match=r"run: the recording is closed; keep what"):
            late()


def test_the_worst_mistakes_are_levels(tmp_path: Path) -> None:
    watch = lw.watch(_net(), probes(), run=tmp_path / "run")
    with pytest.raises(LearnError, match=r"float32 of shape \(2, 1, 28, 28\); give levels"):
        watch.evaluate(np.eye(3)[::-1].copy(), np.arange(3), probes(3).numpy())
    watch.close()


def test_an_optimizer_that_keeps_lists_goes_on(tmp_path: Path) -> None:
    def go(net: nn.Module, optimizer: torch.optim.Optimizer, watch: Any, updates: int) -> None:
        images = probes(3)

        def closure() -> Any:
            optimizer.zero_grad()
            loss = net.eval()(images).square().mean()
            loss.backward()
            return loss

        for _ in range(updates):
            watch.step(loss=optimizer.step(closure))

    def lbfgs(net: nn.Module) -> torch.optim.Optimizer:
        return torch.optim.LBFGS(net.parameters(), lr=0.1, max_iter=3)

    whole, first, second = _net(), _net(), _net()
    optimizer = lbfgs(whole)
    with lw.watch(whole, probes(), optimizer=optimizer, run=tmp_path / "whole") as watch:
        go(whole, optimizer, watch, 6)
    optimizer = lbfgs(first)
    with lw.watch(first, probes(), optimizer=optimizer, run=tmp_path / "two") as watch:
        go(first, optimizer, watch, 3)
    optimizer = lbfgs(second)
    folder = tmp_path / "two"
    with lw.watch(second, probes(), optimizer=optimizer, run=folder, go_on=True) as watch:
        assert watch.step_count == 3
        go(second, optimizer, watch, 3)
    for name, value in whole.state_dict().items():
        # Its products of long vectors hang on where these lie in memory, by their last bit.
        assert torch.allclose(value, second.state_dict()[name], rtol=0, atol=1e-6), name
    assert not torch.allclose(whole.conv.weight, first.conv.weight, rtol=0, atol=1e-6)


def test_a_run_that_never_began_is_begun_anew(tmp_path: Path) -> None:
    lw.watch(_net(), probes(), run=tmp_path / "run").close()
    for file in (tmp_path / "run" / "steps").iterdir():
        file.unlink()
    assert lw.watch(_net(), probes(), run=tmp_path / "run").close().steps == (0,)


def test_a_run_that_cannot_be_taken_up_stays_as_it_was(tmp_path: Path) -> None:
    net, other = _net(), _net()
    with lw.watch(net, probes(), optimizer=_adam(net), run=tmp_path / "run") as watch:
        watch.step(loss=1.0)
    sgd = torch.optim.SGD([{"params": [one]} for one in other.parameters()], lr=0.1)
    with pytest.raises(ModelError, match="another network or optimiser"):
        lw.watch(other, probes(), optimizer=sgd, run=tmp_path / "run", go_on=True)
    assert not sgd._optimizer_step_pre_hooks
    run = open_run(tmp_path / "run")
    assert run.steps == (0, 1)
    assert run.description.state == "finished"


def test_what_was_measured_before_is_kept_however_long_it_goes_on(tmp_path: Path) -> None:
    def measured(watch: Any, updates: int) -> None:
        for _ in range(updates):
            watch.step(loss=1.0)
            watch._flush()  # a file each

    with lw.watch(_net(), probes(), run=tmp_path / "run", overhead=None) as watch:
        measured(watch, 5)
    with lw.watch(_net(), probes(), run=tmp_path / "run", overhead=None, go_on=True) as watch:
        measured(watch, 15)
    assert open_run(tmp_path / "run").series["loss"].steps.tolist() == list(range(1, 21))
