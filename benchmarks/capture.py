"""What recording costs over a plain forward pass, beside its peers, in one run.

    python benchmarks/capture.py                 all networks
    python benchmarks/capture.py resnet18 vgg16  some of them
    python benchmarks/capture.py --device cuda   on a GPU

Batch 1, 224 px, random weights, evaluation mode. The contestants take turns within one
process; a round starts with another one each time. Reported: the median over rounds of the
ratio to the plain pass of the same round, in CPU time (in wall time on a GPU), dropping
each result before the next starts, as a user's loop does. "cold" is the first trace of a
fresh network in a fresh process.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from torchvision_schemas import torchvision_operators

NETWORKS = (
    "resnet18", "resnet50", "vgg16", "efficientnet_lite0", "densenet121", "mobilenet_v3_large",
)  # fmt: skip
GOALS = {"resnet18": 1.10, "resnet50": 1.10, "vgg16": 1.10}
GOAL_OF_THE_REST, GOAL_COLD = 1.40, 1.30


# Lets torchvision import beside PyTorch's CPU build.
OPERATORS = torchvision_operators()


def build(name: str) -> nn.Module:
    import layerwalk as lw

    return lw.load_model(name, weights="default" if "lite" in name else "none").module


def hooks(net: nn.Module, x: torch.Tensor) -> Any:
    """Keep every module's output by a forward hook: the least one can do."""
    kept: list[Any] = []
    handles = [
        module.register_forward_hook(lambda _module, _given, made: kept.append(made))
        for module in net.modules()
    ]
    try:
        net(x)
    finally:
        for handle in handles:
            handle.remove()
    return kept


def contestants(net: nn.Module, x: torch.Tensor, peers: bool) -> dict[str, Callable[[], Any]]:
    from layerwalk.capture import record

    found: dict[str, Callable[[], Any]] = {
        "plain": lambda: net(x),
        "layerwalk": lambda: record(net, (x,)),
        "hooks": lambda: hooks(net, x),
    }
    if peers:
        import torchlens

        def lens() -> Any:
            return torchlens.trace(net, x)

        found["torchlens"] = lens
    return found


def measure(name: str, rounds: int, device: str, threads: int, peers: bool) -> dict[str, float]:
    """Median milliseconds of a plain pass, and of each contestant its ratio to it."""
    torch.set_num_threads(threads)
    net, x = build(name).to(device), torch.randn(1, 3, 224, 224, device=device)
    clock = time.perf_counter if device == "cuda" else time.process_time
    wait = torch.cuda.synchronize if device == "cuda" else (lambda: None)
    runs = contestants(net, x, peers)

    def timed(run: Callable[[], Any]) -> float:
        wait()
        start = clock()
        result = run()
        wait()
        took = clock() - start
        del result
        return took

    with torch.no_grad():
        timed(runs["plain"])
        timed(runs["plain"])
        first = timed(runs["layerwalk"])
        plain = statistics.median(timed(runs["plain"]) for _ in range(5))
        took: dict[str, list[float]] = {who: [] for who in runs}
        order = list(runs)
        for turn in range(rounds):
            for who in order[turn % len(order) :] + order[: turn % len(order)]:
                # TorchLens takes seconds a pass: a few rounds tell enough.
                if who == "torchlens" and turn >= 3:
                    continue
                took[who].append(timed(runs[who]))
    middle = {who: statistics.median(times) for who, times in took.items()}
    ratios = {who: middle[who] / middle["plain"] for who in middle if who != "plain"}
    return {"plain_ms": middle["plain"] * 1e3, "cold": first / plain, **ratios}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        found = measure(
            options.one, options.rounds, options.device, options.threads, not options.no_peers
        )
        print(json.dumps(found))
        return
    print(f"torch {torch.__version__}, {options.device}, {options.threads} thread(s)")
    titles = ("plain", "layerwalk", "cold", "hooks", "torchlens")
    print(f"{'network':20} {{:>9}} {{:>10}} {{:>6}} {{:>6}} {{:>10}}  goal".format(*titles))
    for name in options.networks:
        command = [sys.executable, __file__, "--one", name, "--device", options.device]
        command += ["--rounds", str(options.rounds), "--threads", str(options.threads)]
        command += ["--no-peers"] * options.no_peers
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
        row = json.loads(answer.stdout.splitlines()[-1])
        goal = GOALS.get(name, GOAL_OF_THE_REST)
        lens = f"{row['torchlens']:9.1f}x" if "torchlens" in row else f"{'-':>10}"
        print(
            f"{name:20} {row['plain_ms']:6.1f} ms {row['layerwalk']:9.2f}x {row['cold']:5.2f}x "
            f"{row['hooks']:5.2f}x {lens}  {goal:.2f} warm, {GOAL_COLD:.2f} cold"
        )


if __name__ == "__main__":
    main()
