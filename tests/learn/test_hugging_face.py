"""Hugging Face's trainer, recorded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from layerwalk.runs import open_run
from learn.loop import SmallNet, batches, probes

transformers = pytest.importorskip("transformers")
pytest.importorskip("accelerate")

# What other packages say while they are imported and while they train is theirs.
pytestmark = pytest.mark.filterwarnings("ignore")


class _Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.net = SmallNet()

    def forward(self, image: Tensor, labels: Tensor | None = None) -> dict[str, Tensor]:
        logits = self.net(image)
        found = {"logits": logits}
        if labels is not None:
            found["loss"] = F.cross_entropy(logits, labels)
        return found


def test_a_training_is_recorded(tmp_path: Path) -> None:
    from layerwalk.learn.hugging_face import WatchCallback

    images, labels = (torch.cat(part) for part in zip(*batches(6), strict=True))
    rows: Any = [
        {"image": image, "labels": label} for image, label in zip(images, labels, strict=True)
    ]
    net = _Net()
    trainer = transformers.Trainer(
        model=net,
        args=transformers.TrainingArguments(
            output_dir=str(tmp_path / "out"),
            num_train_epochs=2,
            per_device_train_batch_size=8,
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            disable_tqdm=True,
        ),
        train_dataset=rows,
        callbacks=[WatchCallback(probes(), run=tmp_path / "run", overhead=None)],
    )
    trainer.train()
    run = open_run(tmp_path / "run")
    assert run.description.state == "finished"
    assert run.steps[0] == 0
    assert run.steps[-1] == 12
    assert run.series["loss"].steps.tolist() == list(range(1, 13))
    told = run.why("net.conv.weight", (0, 0, 0, 0), 1)
    assert told.optimizer == "AdamW"
    assert told.residue == pytest.approx(0, abs=1e-8)
