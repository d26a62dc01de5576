"""Traces copied and pickled."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.capture.data import TorchData
from layerwalk.errors import CaptureError, FileError, LayerwalkError
from layerwalk.record import Trace
from layerwalk.store import load, save
from store.traces import assert_same, full


class Net(nn.Module):
    """In-place ops, views, a residual, two dtypes, a buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 10)

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        x = torch.relu_(self.norm(self.conv(x)))
        left, right = x.chunk(2, 1)
        x = torch.cat([right, left], 1).add_(x)
        pooled = x.mean((2, 3)).to(torch.bfloat16).to(torch.float32)
        return {"logits": self.fc(pooled), "map": x[:, ::2]}


@pytest.fixture
def walked() -> Trace:
    torch.manual_seed(0)
    return lw.trace(Net().eval(), torch.randn(2, 3, 9, 9))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_pickle_is_the_trace_again(walked: Trace, protocol: int) -> None:
    assert isinstance(walked["conv"].made[0].data, TorchData)
    again = pickle.loads(pickle.dumps(walked, protocol))  # noqa: S301 - our own
    assert_same(walked, again)
    assert dict(again.provenance) == dict(walked.provenance)
    assert [op.settings for op in again] == [dict(op.settings) for op in walked]
    for op in again:
        for value in op.inputs:
            assert value.op is None or value.op is again[value.op.index]
    with pytest.raises(ValueError, match="read-only"):
        again["conv"].array()[...] = 0


def test_a_pickle_keeps_everything_beside_the_ops(tmp_path: Path) -> None:
    again = pickle.loads(pickle.dumps(full()))  # noqa: S301
    assert_same(full(), again)
    # Rounded values, and values left out, stay what they are.
    path = save(full(), tmp_path / "half.safetensors", detail="half", weights=False)
    opened = load(path)
    once_more = pickle.loads(pickle.dumps(opened))  # noqa: S301
    assert dict(once_more.provenance) == dict(opened.provenance)
    for one, other in zip(opened.values, once_more.values, strict=True):
        if one.role in ("parameter", "buffer"):
            with pytest.raises(FileError, match="left out"):
                other.array()
        else:
            np.testing.assert_array_equal(one.array(), other.array())
            assert one.data.max_error == other.data.max_error  # type: ignore[attr-defined]


def test_a_long_chain_is_pickled() -> None:
    class Deep(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for _ in range(2000):
                x = x + 1
            return x

    trace = lw.trace(Deep(), torch.zeros(1))
    again = pickle.loads(pickle.dumps(trace))  # noqa: S301
    assert again.outputs[0].array().tolist() == [2000.0]


def test_protocol_5_hands_the_numbers_over_without_a_copy(walked: Trace) -> None:
    buffers: list[pickle.PickleBuffer] = []
    text = pickle.dumps(walked, 5, buffer_callback=buffers.append)
    assert len(text) < 1000
    again = pickle.loads(text, buffers=buffers)  # noqa: S301
    assert_same(walked, again)
    memory = np.frombuffer(buffers[0].raw(), np.uint8)
    assert np.shares_memory(again["conv"].array(), memory)


def test_what_changed_since_is_not_pickled() -> None:
    net = Net().eval()
    trace = lw.trace(net, torch.randn(1, 3, 5, 5))
    pickled = pickle.dumps(trace)
    weight = net.conv.weight.detach().numpy().copy()
    with torch.no_grad():
        net.conv.weight.add_(1)
    with pytest.raises(CaptureError, match="changed in place"):
        pickle.dumps(trace)
    before = pickle.loads(pickled)  # noqa: S301
    np.testing.assert_array_equal(before["conv"].parameters[0].array(), weight)


def test_a_damaged_pickle_is_told(walked: Trace) -> None:
    rebuild, (numbers,) = walked.__reduce__()
    for wrong in (numbers[:-40], numbers[:30], numbers[:0]):
        with pytest.raises(FileError, match="the pickled trace is damaged"):
            rebuild(wrong)


def test_another_process_reads_it_without_torch(walked: Trace, tmp_path: Path) -> None:
    path = tmp_path / "trace.pickle"
    path.write_bytes(pickle.dumps(walked))
    code = (
        "import pickle, sys\n"
        "trace = pickle.load(open(sys.argv[1], 'rb'))\n"
        "print(trace.outputs[0].array().tolist(), 'torch' in sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - words of our own
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{walked.outputs[0].array().tolist()} False\n", done.stderr


def _summed(trace: Trace) -> list[float]:
    return [float(op.array().sum()) for op in trace]


@pytest.mark.slow
def test_a_pool_of_processes_takes_traces() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(abs, [-1]) == [1]
        trace = lw.trace(lw.load_model("edges"), np.zeros((20, 20), np.uint8))
        (again,) = pool.map(copy.copy, [trace])
    assert _summed(again) == _summed(trace)


@pytest.mark.parametrize("protocol", [0, 5])
def test_parts_of_a_trace_are_not_pickled_alone(walked: Trace, protocol: int) -> None:
    op = walked["fc"]
    for part, mend in (
        (op, f"pickle the trace, whose op {op.index} it is"),
        (op.outputs[0], "pickle its array()"),
    ):
        with pytest.raises(LayerwalkError) as caught:
            pickle.dumps(part, protocol)
        assert str(caught.value).startswith("fc: ")
        assert mend in str(caught.value)


def test_copies_are_the_trace_itself(walked: Trace) -> None:
    op = walked["conv"]
    kept = {"trace": walked, "op": op, "value": op.outputs[0]}
    for again in (copy.copy(kept), copy.deepcopy(kept)):
        assert all(again[name] is kept[name] for name in kept)
    assert copy.copy(walked) is walked
    assert copy.deepcopy(op) in copy.deepcopy(walked)
    assert replace(walked, name="other").ops is walked.ops
