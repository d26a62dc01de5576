"""How long an edit takes to be answered, beside a whole forward pass and a whole new trace.

Run with ``python benchmarks/edits.py [rounds]``. The weights of a convolution are doubled, at the
first, the middle and the last of each network; the three ways are interleaved, and
medians of wall-clock milliseconds are printed, after one unmeasured round of each.
"""

from __future__ import annotations

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

import layerwalk as lw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from torchvision_schemas import torchvision_operators

NETWORKS = {
    "tiny_vgg": None, "efficientnet_lite0": None,
    "resnet18": "none", "resnet50": "none", "densenet121": "none",
}  # fmt: skip


def milliseconds(work: Callable[[], object]) -> float:
    """How long it took."""
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


def measure(name: str, weights: str | None, rounds: int) -> None:
    """Print a line for each of the three places."""
    model = lw.load_model(name) if weights is None else lw.load_model(name, weights=weights)
    image = lw.load_image("sample:dog")
    trace = lw.trace(model, image)
    picture = torch.from_numpy(trace.inputs[0].array().copy())
    places = [op for op in trace if op.kind == "conv2d"]
    for op in (places[0], places[len(places) // 2], places[-1]):
        weight = op.parameters[0]
        edits = lw.edit().scale_weight(weight.name, 2.0)
        edited = trace.rerun(edits)
        again = sum(old is not new for old, new in zip(trace, edited, strict=True))
        times: dict[str, list[float]] = {"rerun": [], "pass": [], "trace": []}
        for _ in range(rounds):
            times["rerun"].append(milliseconds(lambda: trace.rerun(edits)))  # noqa: B023
            with torch.no_grad():
                times["pass"].append(milliseconds(lambda: model.module(picture)))
            times["trace"].append(milliseconds(lambda: lw.trace(model, image)))
        rerun, plain, whole = (statistics.median(times[key]) for key in times)
        print(
            f"{name:20} {op.name:28} {again:4}/{len(trace):<4} {rerun:8.1f} {plain:8.1f} "
            f"{whole:8.1f} {rerun / plain:7.2f}"
        )


def main() -> None:
    """Measure each network."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    print(
        f"{'network':20} {'a weight of':28} {'ops':9} {'rerun':>8} {'pass':>8} {'trace':>8} "
        f"{'ratio':>7}"
    )
    zoo = importlib.util.find_spec("torchvision") is not None
    kept = torchvision_operators() if zoo else None
    for name, weights in NETWORKS.items():
        if weights is None or zoo:
            measure(name, weights, rounds)
    del kept


if __name__ == "__main__":
    main()
