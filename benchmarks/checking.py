"""What comparing two walks, examining one and proving it cost, beside a forward pass.

    python benchmarks/checking.py

CPU time, one thread, ``sample:dog`` at 224 px; medians of five interleaved rounds. ResNet-18 has
random weights (seed 0), EfficientNet-Lite0 those of ImageNet. The other walk is of the network
with the weights of its middle convolution doubled, so about half of its values differ.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's threads; torch's are set below

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

import layerwalk as lw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from torchvision_schemas import torchvision_operators

# Lets torchvision import beside PyTorch's CPU build.
OPERATORS = torchvision_operators()
WEIGHTS = {"resnet18": "none", "efficientnet_lite0": "default"}
PICTURES = ("sample:dog", "sample:cat", "sample:red_panda")
ROUNDS = 5


def measure(name: str) -> None:
    """Print a line for each check."""
    torch.manual_seed(0)
    model = lw.load_model(name, weights=WEIGHTS[name])
    trace = lw.trace(model, "sample:dog")
    walks = [lw.trace(model, picture) for picture in PICTURES]
    picture = torch.from_numpy(trace.inputs[0].array().copy())
    places = [op for op in trace if op.kind == "conv2d"]
    middle = places[len(places) // 2].parameters[0].name
    other = trace.rerun(lw.edit().scale_weight(middle, 2.0))
    values = sum(value.size for op in trace for value in op.outputs)

    def forward() -> None:
        with torch.no_grad():
            model.module(picture)

    works: dict[str, Callable[[], object]] = {
        "a forward pass": forward,
        "lw.trace": lambda: lw.trace(model, "sample:dog"),
        "lw.compare, the same walk twice": lambda: lw.compare(trace, walks[0]),
        "lw.compare, half of it edited": lambda: lw.compare(trace, other),
        "lw.doctor, one walk": lambda: lw.doctor(trace),
        f"lw.doctor, {len(PICTURES)} walks": lambda: lw.doctor(walks),
        "trace.replay": trace.replay,
    }
    times: dict[str, list[float]] = {word: [] for word in works}
    for _ in range(ROUNDS):
        for word, work in works.items():
            start = time.process_time()
            work()
            times[word].append(time.process_time() - start)
    plain = statistics.median(times["a forward pass"])
    print(f"\n{name}: {len(trace)} ops, {values / 1e6:.1f} million values")
    for word, took in times.items():
        middle_time = statistics.median(took)
        print(f"{word:34} {1e3 * middle_time:8.1f} ms {middle_time / plain:7.2f}")


def main() -> None:
    """Measure both networks."""
    torch.set_num_threads(1)
    for name in WEIGHTS:
        measure(name)


if __name__ == "__main__":
    main()
