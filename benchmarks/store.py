"""How long a trace takes to write and to read, beside torch.save and safetensors.

Run with ``python benchmarks/store.py [rounds]``. The tensors are those of ResNet-50 at
224 x 224: 175 results and 267 weights, 253 MB of float32. Every writer is followed by an fsync
(ours has its own), the rounds are interleaved, and medians are printed: milliseconds, and
megabytes of file. Files are read warm, from the page cache.
"""

from __future__ import annotations

import os
import pickle
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors.numpy
import torch

from layerwalk.record import Array, Op, Ref, Region, Role, Trace, Value
from layerwalk.store import Detail, load, save
from layerwalk.store.fingerprint import weights_sha256

CHANNEL = 40
"""Which channel is read, of the first convolution's 64."""


@dataclass(frozen=True, eq=False)
class Memory:
    """Numbers in memory, as a recorded trace holds them."""

    numbers: Array

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(step // self.numbers.itemsize for step in self.numbers.strides)

    def read(self, region: Region = ()) -> Array:
        return self.numbers[(*region, ...)]


class Network:
    """ResNet-50's ops, in order, with random numbers in place of arithmetic."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(0)
        self.count = 0
        self.ops: list[Op] = []
        self.last = self.input = self.value("input", "input", (1, 3, 224, 224))
        self.convolution("conv1", 3, 64, 7, 112)
        self.relu("relu", 64, 112)
        self.op("maxpool", "max_pool2d", (1, 64, 56, 56))
        channels = 64
        for stage, (blocks, width, size) in enumerate(
            [(3, 64, 56), (4, 128, 28), (6, 256, 14), (3, 512, 7)], start=1
        ):
            for block in range(blocks):
                path = f"layer{stage}.{block}"
                before = size * 2 if block == 0 and stage > 1 else size
                self.convolution(f"{path}.conv1", channels, width, 1, before)
                self.relu(f"{path}.relu", width, before)
                self.convolution(f"{path}.conv2", width, width, 3, size)
                self.relu(f"{path}.relu:2", width, size)
                self.convolution(f"{path}.conv3", width, 4 * width, 1, size)
                if block == 0:
                    self.convolution(f"{path}.downsample", channels, 4 * width, 1, size)
                channels = 4 * width
                self.op(f"{path}.add", "add", (1, channels, size, size))
                self.relu(f"{path}.relu:3", channels, size)
        self.op("avgpool", "adaptive_avg_pool2d", (1, 2048, 1, 1))
        self.op("flatten", "flatten", (1, 2048))
        self.op("fc", "linear", (1, 1000), weight=(1000, 2048), bias=(1000,))

    def value(self, name: str, role: Role, shape: tuple[int, ...]) -> Value:
        numbers = self.random.standard_normal(shape, np.float32)
        if "relu" in name:
            np.maximum(numbers, 0, out=numbers)
        self.count += 1
        return Value(self.count - 1, name, role, shape, "float32", Memory(numbers))

    def op(self, name: str, kind: str, shape: tuple[int, ...], **weights: tuple[int, ...]) -> None:
        held = [self.value(f"{name}.{key}", "parameter", size) for key, size in weights.items()]
        inputs = (self.last, *held)
        made = (self.value(name, "result", shape),)
        arguments = tuple((f"x{k}", Ref(k)) for k in range(len(inputs)))
        self.ops.append(
            Op(
                len(self.ops), name, kind, name, kind, 1, {}, inputs,
                f"aten.{kind}.default", arguments, (None,), False, made,
            )
        )  # fmt: skip
        self.last = self.ops[-1].outputs[0]

    def convolution(self, name: str, inner: int, outer: int, kernel: int, size: int) -> None:
        shape = (1, outer, size, size)
        self.op(name, "conv2d", shape, weight=(outer, inner, kernel, kernel))
        norm = dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (outer,))
        self.op(f"{name}.bn", "batch_norm", shape, **norm)

    def relu(self, name: str, channels: int, size: int) -> None:
        self.op(name, "relu", (1, channels, size, size))

    def trace(self) -> Trace:
        return Trace(tuple(self.ops), (self.input,), (self.last,), ("",), {}, "resnet50")


def synced(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    os.fsync(handle)
    os.close(handle)


@dataclass(frozen=True)
class Rival:
    """One way to keep tensors: how it writes them, and how it reads one channel."""

    name: str
    write: Callable[[Path], None]
    read: Callable[[Path], Array]


def rivals(trace: Trace) -> list[Rival]:
    arrays = {value.name: value.array() for value in trace.values}
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}

    def ours(detail: Detail) -> Rival:
        return Rival(
            f"layerwalk {detail}",
            lambda path: synced(save(trace, path, detail=detail)),
            lambda path: load(path)["conv1"].outputs[0].read(0, CHANNEL).copy(),
        )

    def write_torch(path: Path) -> None:
        torch.save(tensors, path)
        synced(path)

    def write_safetensors(path: Path) -> None:
        safetensors.numpy.save_file(arrays, path)
        synced(path)

    def read_torch(path: Path, *, mapped: bool) -> Array:
        found = torch.load(path, weights_only=True, mmap=mapped)
        channel: Array = found["conv1"][0, CHANNEL].clone().numpy()
        return channel

    def read_safetensors(path: Path) -> Array:
        with safetensors.safe_open(path, framework="numpy") as file:
            return np.array(file.get_slice("conv1")[0, CHANNEL])

    return [
        ours("exact"),
        ours("half"),
        ours("compact"),
        Rival("safetensors.save_file", write_safetensors, read_safetensors),
        Rival("torch.save", write_torch, lambda path: read_torch(path, mapped=False)),
        Rival("torch.save, mmap", write_torch, lambda path: read_torch(path, mapped=True)),
    ]


def milliseconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    trace = Network().trace()
    size = sum(value.array().nbytes for value in trace.values) / 1e6
    print(f"{len(trace)} ops, {len(trace.values)} values, {size:.0f} MB; {rounds} rounds")
    contestants = rivals(trace)
    writes: dict[str, list[float]] = {rival.name: [] for rival in contestants}
    reads: dict[str, list[float]] = {rival.name: [] for rival in contestants}
    sizes: dict[str, float] = {}
    expected = trace["conv1"].array()[0, CHANNEL]
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for rival in contestants:
                path = Path(folder) / f"{rival.name}.bin"
                path.unlink(missing_ok=True)
                writes[rival.name].append(milliseconds(lambda: rival.write(path)))  # noqa: B023
                found: list[Array] = []
                action = lambda: found.append(rival.read(path))  # noqa: B023, E731
                reads[rival.name].append(milliseconds(action))
                assert np.allclose(found[0], expected, atol=0.05)
                sizes[rival.name] = path.stat().st_size / 1e6
                path.unlink()
        path = save(trace, Path(folder) / "opened.safetensors")
        opened = load(path)["conv1"].outputs[0]
        again = [milliseconds(lambda: opened.read(0, CHANNEL).copy()) for _ in range(100)]
    print(f"{'':<24}{'write ms':>10}{'channel ms':>12}{'file MB':>10}")
    for rival in contestants:
        write, read = (statistics.median(times[rival.name]) for times in (writes, reads))
        print(f"{rival.name:<24}{write:>10.0f}{read:>12.2f}{sizes[rival.name]:>10.1f}")
    print(f"one more channel of an opened trace: {statistics.median(again):.3f} ms")
    hashing = [milliseconds(lambda: weights_sha256(trace)) for _ in range(rounds)]
    print(f"the weights' hash, part of every write above: {statistics.median(hashing):.0f} ms")
    pickling(trace, rounds)


def pickling(trace: Trace, rounds: int) -> None:
    there: dict[str, list[float]] = {"copied": [], "handed over": []}
    back: dict[str, list[float]] = {"copied": [], "handed over": []}
    for _ in range(rounds):
        for name, buffers in (("copied", None), ("handed over", list[pickle.PickleBuffer]())):
            hand = None if buffers is None else buffers.append
            texts: list[bytes] = []
            action = lambda: texts.append(pickle.dumps(trace, 5, buffer_callback=hand))  # noqa: B023, E731
            there[name].append(milliseconds(action))
            back[name].append(milliseconds(lambda: pickle.loads(texts[0], buffers=buffers)))  # noqa: B023, S301
    for name, times in there.items():
        write, read = statistics.median(times), statistics.median(back[name])
        print(f"pickle, protocol 5, {name}: {write:.0f} ms there, {read:.0f} ms back")


if __name__ == "__main__":
    main()
