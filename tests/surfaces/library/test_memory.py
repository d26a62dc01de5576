"""How much memory a trace takes, against what its tensors say."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.surfaces.library import memory
from layerwalk.surfaces.library.memory import memories_in, memories_of, memory_of_all, usual_limit


class Views(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return (x * 2).flatten(1)[:, 3:].t()


def test_what_values_share_counts_once() -> None:
    trace = lw.trace(Views(), torch.zeros(2, 8, 4, 4))
    assert len(trace) == 4
    assert memories_of(trace).bytes == 2 * (2 * 8 * 4 * 4) * 4  # the input and the product


def test_weights_of_one_network_count_once() -> None:
    net = nn.Linear(1000, 10).eval()
    weights = (1000 * 10 + 10) * 4
    traces = [lw.trace(net, torch.zeros(1, 1000)) for _ in range(3)]
    walks = [memories_of(trace) for trace in traces]
    one = walks[0].bytes
    assert one == weights + 1000 * 4 + 10 * 4
    assert memory_of_all([walk.held for walk in walks]) == weights + 3 * (one - weights)


def test_a_network_takes_what_its_parameters_and_buffers_take() -> None:
    net = nn.Sequential(nn.Linear(100, 10), nn.BatchNorm1d(10)).eval()
    net.append(net[0])  # shared
    model = lw.load_model(net)
    wanted = 4 * (100 * 10 + 10 + 4 * 10) + 8  # BatchNorm's count of batches has 64 bits
    assert sum(memories_in(model).values()) == wanted


def test_a_mapped_file_holds_no_memory(tmp_path: Path) -> None:
    trace = lw.trace(nn.ReLU(), torch.zeros(1000))
    file = trace.save(tmp_path / "relu.safetensors")
    found = memories_of(lw.open(file))
    assert not found.held
    assert found.bytes == file.stat().st_size


def test_an_unpickled_trace_holds_its_bytes() -> None:
    trace = pickle.loads(pickle.dumps(lw.trace(nn.ReLU(), torch.zeros(1000))))  # noqa: S301 - our own
    assert len(memories_of(trace).held) == 1
    assert memories_of(trace).bytes > 8000


def test_a_sparse_tensor_counts_by_its_size() -> None:
    class Sparse(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.to_sparse()

    trace = lw.trace(Sparse(), torch.eye(10))
    assert memories_of(trace).bytes >= 2 * 400


def test_an_empty_value_takes_nothing() -> None:
    assert memories_of(lw.trace(nn.ReLU(), torch.zeros(0, 3))).bytes == 0


@pytest.mark.parametrize(
    ("said", "limit"), [("max\n", 2 << 30), ("1073741824\n", 256 << 20), (None, 2 << 30)]
)
def test_the_limit_heeds_the_machine_and_the_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, limit: int
) -> None:
    if said is not None:
        (tmp_path / "max").write_text(said)
    monkeypatch.setattr(memory, "_CONTAINER", tmp_path / "max")
    monkeypatch.setattr(
        "os.sysconf", {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": (8 << 30) // 4096}.__getitem__
    )
    assert usual_limit() == limit


def test_the_limit_is_4_gib_at_most(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(memory, "_CONTAINER", tmp_path / "none")
    monkeypatch.setattr("os.sysconf", lambda _: 1 << 30)
    assert usual_limit() == 4 << 30


def test_a_trace_of_arrays_is_counted_as_it_lies() -> None:
    trace = lw.trace(lw.load_model("edges"), np.eye(8))
    sizes = {value.data.tensor.data_ptr(): value.data.tensor for value in trace.values}  # type: ignore[attr-defined]
    wanted = sum(tensor.untyped_storage().nbytes() for tensor in sizes.values())
    assert memories_of(trace).bytes == wanted
