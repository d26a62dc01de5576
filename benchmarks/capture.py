"""What recording costs over a plain forward pass, beside its peers, in one run.

    python benchmarks/capture.py                 all networks
    python benchmarks/capture.py resnet18 vgg16  some of them
    python benchmarks/capture.py --device cuda   on a GPU
    python benchmarks/capture.py --memory        peak memory instead of time

Batch 1, 224 px, random weights, evaluation mode. The contestants take turns within one
process; a round starts with another one each time. Reported: each one's median over the rounds
as a ratio to the plain pass's, in CPU time (in wall time on a GPU), dropping
each result before the next starts, as a user's loop does. "cold" is the first trace of a
fresh network in a fresh process.
"""

from __future__ import annotations

import argparse
import ctypes
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
    wait: Callable[[], None] = torch.cuda.synchronize if device == "cuda" else (lambda: None)
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


def memory(name: str, threads: int) -> dict[str, float]:
    """Peak MB over idle of a plain pass and of a trace, and the MB of its recorded values."""
    from layerwalk.capture import record
    from layerwalk.capture.data import TorchData

    torch.set_num_threads(threads)
    net, x = build(name), torch.randn(1, 3, 224, 224)
    with torch.no_grad():
        net(x)  # what torch sets up once is not the trace's
        record(net, (x,))
        plain = _peak(lambda: net(x))
        peak = _peak(lambda: record(net, (x,)))
        trace = record(net, (x,))
    held = {}
    for value in (value for op in trace.ops for value in op.made):
        assert isinstance(value.data, TorchData)
        storage = value.data.tensor.untyped_storage()
        held[storage.data_ptr()] = storage.nbytes()
    return {"plain": plain, "peak": peak, "values": sum(held.values()) / 1e6}


def _peak(run: Callable[[], Any]) -> float:
    """How many MB the process grew at most while it ran (Linux)."""
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    result = run()
    after = _status("VmHWM")
    del result
    return (after - before) / 1e3


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))


def one(name: str, options: argparse.Namespace) -> dict[str, float]:
    """One network's row, measured in a process of its own."""
    if options.memory:
        return memory(name, options.threads)
    return measure(name, options.rounds, options.device, options.threads, not options.no_peers)


def apart(name: str, options: argparse.Namespace) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", name, "--device", options.device]
    command += ["--rounds", str(options.rounds), "--threads", str(options.threads)]
    command += ["--no-peers"] * options.no_peers + ["--memory"] * options.memory
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    row: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return row


def print_times(options: argparse.Namespace) -> None:
    titles = ("plain", "layerwalk", "cold", "hooks", "torchlens")
    print(f"{'network':20} {{:>9}} {{:>10}} {{:>6}} {{:>6}} {{:>10}}  goal".format(*titles))
    for name in options.networks:
        row = apart(name, options)
        goal = GOALS.get(name, GOAL_OF_THE_REST)
        lens = f"{row['torchlens']:9.1f}x" if "torchlens" in row else f"{'-':>10}"
        print(
            f"{name:20} {row['plain_ms']:6.1f} ms {row['layerwalk']:9.2f}x {row['cold']:5.2f}x "
            f"{row['hooks']:5.2f}x {lens}  {goal:.2f} warm, {GOAL_COLD:.2f} cold",
            flush=True,
        )


def print_memory(options: argparse.Namespace) -> None:
    print(f"{'network':20} {'plain':>9} {'layerwalk':>10} {'values':>9} {'ratio':>6}  goal")
    for name in options.networks:
        row = apart(name, options)
        ratio = row["peak"] / row["values"]
        print(
            f"{name:20} {row['plain']:6.1f} MB {row['peak']:7.1f} MB {row['values']:6.1f} MB "
            f"{ratio:5.2f}x  1.10 of the values",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="*", default=NETWORKS)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--memory", action="store_true", help="peak memory instead of time")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one, options)))
        return
    print(f"torch {torch.__version__}, {options.device}, {options.threads} thread(s)")
    if options.memory:
        print_memory(options)
    else:
        print_times(options)


if __name__ == "__main__":
    main()
