"""How well and how fast the built-in networks learn, and what recording costs.

    python benchmarks/learn.py [accuracy] [overhead]

Accuracy: ``lw.train`` with its defaults on 8,000 of the shipped digits, judged on 2,000, three
seeds each; time is the whole call's. Overhead: the same loop of updates plain, watched with
defaults, and (if the package is installed) written down with TensorBoard, one after the other in
turns; each loop's wall time, and its median over the plain one's. 4,000 updates of 32 pictures are
what ``lw.train`` makes by default; of a training that is over in a few seconds, which is shown,
too, recording is a larger part.
"""

from __future__ import annotations

import importlib.util
import itertools
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

import layerwalk as lw
from layerwalk.data.sets import load_data
from layerwalk.learn.batches import Batches
from layerwalk.learn.moments import log_steps

SEEDS = (0, 1, 2)
GOALS = {"mlp": 0.95, "lenet5": 0.975}
ROUNDS = 3
Step = Callable[..., None]


def accuracy(name: str) -> None:
    """Three trainings with the defaults."""
    found, times = [], []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            run = lw.train(
                name, "mnist", lw.Plan(held_out=2000, seed=seed), run=Path(folder) / "run"
            )
            times.append(time.perf_counter() - begun)
            found.append(run.evaluation(run.evaluated[-1]).accuracy)
    print(
        f"{name:8} mean {statistics.mean(found):.2%} (goal {GOALS[name]:.1%})  "
        f"each {', '.join(f'{one:.2%}' for one in found)}  "
        f"seconds {', '.join(f'{one:.0f}' for one in times)} (goal 120)",
        flush=True,
    )


class _Big(nn.Module):
    """A convolutional network of 2 million parameters, for pictures of 28 x 28."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 128, 3, padding=1), nn.BatchNorm2d(128), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(128 * 49, 300), nn.ReLU(), nn.Linear(300, 10),
        )  # fmt: skip

    def forward(self, image: Tensor) -> Tensor:
        logits: Tensor = self.body(image)
        return logits


def _network(name: str) -> nn.Module:
    torch.manual_seed(0)
    return _Big() if name == "big" else lw.load_model(name, weights=None).module


def _loop(name: str, updates: int, batches: Batches, begin: Callable[..., Any]) -> float:
    """Seconds of so many updates, all that belongs to the recording included."""
    net = _network(name).train()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    begun = time.perf_counter()
    with ExitStack() as ends:
        step: Step = begin(net, optimizer, ends)
        for images, labels in _endless(batches, updates):
            optimizer.zero_grad()
            loss = cross_entropy(net(images), labels)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            step(loss)
    return time.perf_counter() - begun


def _endless(batches: Batches, updates: int) -> Iterator[tuple[Tensor, Tensor]]:
    done = 0
    while done < updates:
        for pair in batches.epoch(done):
            yield pair
            done += 1
            if done == updates:
                return


def overhead(name: str, updates: int) -> None:
    """The three loops in turns."""
    batches = Batches(load_data("mnist"), lw.load_model("lenet5").preprocessing, 32)  # type: ignore[arg-type]
    probes = next(batches.in_order())[0][:10]
    place, counted = Path(tempfile.mkdtemp()), itertools.count()

    def plain(*_: Any) -> Step:
        return lambda loss: None

    def watched(net: nn.Module, optimizer: Any, ends: ExitStack) -> Step:
        folder = place / f"run-{next(counted)}"  # to remove the one before would take time, too
        watch = ends.enter_context(lw.watch(net, probes, optimizer=optimizer, run=folder))
        return lambda loss: watch.step(loss=loss)

    def tensorboard(net: nn.Module, _: Any, ends: ExitStack) -> Step:
        from torch.utils.tensorboard import SummaryWriter

        writer: Any = SummaryWriter(place / "board")
        ends.callback(writer.close)
        due, count = log_steps(), 0

        def step(loss: Tensor) -> None:
            nonlocal count
            count += 1
            writer.add_scalar("loss", loss.item(), count)
            if due(count):
                for key, weight in net.named_parameters():
                    writer.add_histogram(key, weight, count)
                    writer.add_histogram(f"gradient/{key}", weight.grad, count)

        return step

    kinds: dict[str, Callable[..., Step]] = {"plain": plain, "watched": watched}
    if importlib.util.find_spec("tensorboard"):
        kinds["tensorboard"] = tensorboard
    else:
        print("tensorboard is not installed: pip install tensorboard for the peer")
    _loop(name, 50, batches, plain)
    _loop(name, 5, batches, watched)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(ROUNDS):
        for kind, begin in kinds.items():
            times[kind].append(_loop(name, updates, batches, begin))
    base = statistics.median(times["plain"])
    told = "  ".join(
        f"{kind} {statistics.median(found):6.2f} s ({statistics.median(found) / base:.3f})"
        for kind, found in times.items()
    )
    steps = lw.open_run(place / f"run-{next(counted) - 1}").steps
    print(f"{name:8} {updates:5} updates  {told}  stored {len(steps)}", flush=True)
    shutil.rmtree(place)


if __name__ == "__main__":
    asked = sys.argv[1:] or ["accuracy", "overhead"]
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads")
    if "accuracy" in asked:
        for network in GOALS:
            accuracy(network)
    if "overhead" in asked:
        for network, count in (("lenet5", 4000), ("lenet5", 1000), ("mlp", 4000), ("big", 250)):
            overhead(network, count)
