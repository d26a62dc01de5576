"""Lightning's trainer, recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from layerwalk.errors import ModelError
from layerwalk.runs import open_run
from learn.loop import SmallNet, batches, probes

lightning = pytest.importorskip("pytorch_lightning")

# What other packages say while they are imported and while they train is theirs.
pytestmark = pytest.mark.filterwarnings("ignore")


def _module() -> Any:
    class Module(lightning.LightningModule):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            super().__init__()
            self.net = SmallNet()

        def training_step(self, batch: tuple[Tensor, Tensor], _: int) -> Tensor:
            loss = F.cross_entropy(self.net(batch[0]), batch[1])
            self.log("mine", 2 * loss)
            return loss

        def validation_step(self, batch: tuple[Tensor, Tensor], _: int) -> None:
            self.log("held_out", F.cross_entropy(self.net(batch[0]), batch[1]))

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.Adam(self.net.parameters(), lr=0.01)

    return Module()


def _trained(tmp_path: Path, module: Any, callback: Any, **more: Any) -> None:
    images, labels = zip(*batches(6), strict=True)
    loader = DataLoader(TensorDataset(torch.cat(images), torch.cat(labels)), batch_size=8)
    trainer = lightning.Trainer(
        max_epochs=2,
        accelerator="cpu",
        callbacks=[callback],
        default_root_dir=tmp_path,
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        **more,
    )
    trainer.fit(module, loader, loader)


def test_a_training_is_recorded(tmp_path: Path) -> None:
    from layerwalk.learn.lightning import WatchCallback

    module = _module()
    _trained(
        tmp_path,
        module,
        WatchCallback(probes(), network="net", run=tmp_path / "run", overhead=None),
    )
    run = open_run(tmp_path / "run")
    assert run.description.state == "finished"
    assert run.description.model == "SmallNet"
    assert run.steps[0] == 0
    assert run.steps[-1] == 12
    loss, mine = run.series["loss"], run.series["mine"]
    assert loss.steps.tolist() == list(range(1, 13))
    assert mine.values == pytest.approx(2 * loss.values, rel=1e-5)
    assert run.series["held_out"].steps.tolist() == [6, 12]
    assert run.why("conv.weight", (0, 0, 0, 0), 1).residue == pytest.approx(0, abs=1e-8)
    last = run.trace(12)["conv"].parameters[0].array()
    assert torch.equal(torch.from_numpy(last.copy()), module.net.conv.weight.detach())


def test_accumulated_gradients_are_one_step(tmp_path: Path) -> None:
    from layerwalk.learn.lightning import WatchCallback

    callback = WatchCallback(probes(), network="net", run=tmp_path / "run", overhead=None)
    _trained(tmp_path, _module(), callback, accumulate_grad_batches=3)
    assert open_run(tmp_path / "run").series["loss"].steps.tolist() == [1, 2, 3, 4]


def test_an_error_ends_the_run_with_its_reason(tmp_path: Path) -> None:
    from layerwalk.learn.lightning import WatchCallback

    module = _module()
    module.validation_step = lambda *_: 1 // 0
    with pytest.raises(ZeroDivisionError):
        _trained(
            tmp_path,
            module,
            WatchCallback(probes(), network="net", run=tmp_path / "run", overhead=None),
            num_sanity_val_steps=0,
        )
    told = open_run(tmp_path / "run").description
    assert (told.state, told.ending[:17]) == ("stopped", "ZeroDivisionError")


def test_several_optimizers_of_ones_own(tmp_path: Path) -> None:
    from layerwalk.learn.lightning import WatchCallback

    module = _module()
    module.automatic_optimization = False

    def step(batch: tuple[Tensor, Tensor]) -> None:
        for optimizer in module.optimizers():
            optimizer.zero_grad()
            loss = F.cross_entropy(module.net(batch[0]), batch[1])
            module.manual_backward(loss)
            optimizer.step()
        module.log("mine", loss)

    module.training_step = step
    module.configure_optimizers = lambda: [
        torch.optim.Adam(part.parameters()) for part in (module.net.conv, module.net.out)
    ]
    _trained(tmp_path, module, WatchCallback(probes(), network="net", run=tmp_path / "run"))
    run = open_run(tmp_path / "run")
    assert run.steps[-1] == 12
    assert run.series["mine"].steps.tolist() == list(range(1, 13))


def test_a_part_that_is_not_there(tmp_path: Path) -> None:
    from layerwalk.learn.lightning import WatchCallback

    callback = WatchCallback(probes(), network="body", run=tmp_path / "run")
    with pytest.raises(ModelError, match=r"there is no part 'body' in it; .* its own: net\."):
        _trained(tmp_path, _module(), callback)
    assert not (tmp_path / "run").exists()
