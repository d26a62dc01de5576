"""Small trainings on real digits, recorded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import layerwalk as lw
from layerwalk.data.samples import digits
from layerwalk.learn import Watch
from layerwalk.runs import Run
from learn.loop import SmallNet, batches, probes

__all__ = ["Training", "recorded"]

_CLASSES = tuple(f"digit {k}" for k in range(10))
_JUDGED = slice(400, 460)


class Training:
    """A training that can be taken on, update by update."""

    def __init__(self, folder: Path) -> None:
        torch.manual_seed(1)
        self.net = SmallNet()
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=0.01)
        self.watch: Watch = lw.watch(
            self.net,
            probes(),
            optimizer=self.optimizer,
            run=folder,
            probe_labels=digits().labels[:3].tolist(),
            classes=_CLASSES,
            overhead=None,
            settings={"data": "digits"},
        )
        self.judge()

    def go(self, updates: int) -> None:
        """Take it on to so many updates in all."""
        self.net.train()
        for images, labels in batches(updates, skip=self.watch.step_count):
            self.optimizer.zero_grad()
            scores = self.net(images)
            loss = F.cross_entropy(scores, labels)
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            right = (scores.argmax(1) == labels).float().mean()
            self.watch.step(loss=loss, accuracy=right)

    def judge(self) -> None:
        """Evaluate it on digits that it is not trained on."""
        levels = digits().images[_JUDGED]
        self.net.eval()
        with torch.no_grad():
            scores = self.net(torch.from_numpy(levels / 255.0).float()[:, None])
        pictures = np.ascontiguousarray(levels[..., None]).astype(np.uint8)
        self.watch.evaluate(scores, digits().labels[_JUDGED].astype("int64"), pictures)


def recorded(folder: Path, updates: int = 40) -> Run:
    """A run of so many updates, evaluated at its beginning and its end."""
    training = Training(folder)
    training.go(updates)
    training.judge()
    return training.watch.close()
