"""A dense network against a convolutional one: what each knows of digits, over three seeds.

Run with ``python benchmarks/versus.py [seeds]``. Prints for each seed the accuracy of the MLP and
of LeNet-5 on 2,000 held-out digits: as they are, moved by two pixels, and of networks trained on
shuffled pixels. Then the means, and how long a comparison took.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import layerwalk as lw
from layerwalk.learn.contest import DEFAULT_PLAN


def measure(seed: int) -> list[float]:
    """Accuracy, moved and shuffled, of the one and of the other; and seconds."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        plan = replace(DEFAULT_PLAN, held_out=2000, seed=seed)
        found = lw.versus("mlp", "lenet5", plan=plan, out=Path(folder) / "versus", sweep=0)
    numbers = []
    for one in found.contestants:
        moved = found.moved(one, 2)
        assert one.accuracy is not None
        assert moved is not None
        assert one.shuffled is not None
        numbers += [one.accuracy, moved, one.shuffled]
    return [*numbers, time.perf_counter() - start]


def main() -> None:
    """Measure each seed."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    names = [f"{net} {what}" for net in ("mlp", "lenet5") for what in ("", "moved", "shuffled")]
    print(f"{'seed':6}" + "".join(f"{name.strip():>17}" for name in names) + f"{'seconds':>10}")
    rows = [measure(seed) for seed in range(seeds)]
    means = [statistics.mean(column) for column in zip(*rows, strict=True)]
    for seed, row in [*enumerate(rows), ("mean", means)]:
        print(f"{seed!s:6}" + "".join(f"{one:17.2%}" for one in row[:-1]) + f"{row[-1]:10.0f}")


if __name__ == "__main__":
    main()
