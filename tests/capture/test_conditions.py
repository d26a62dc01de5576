"""What is switched off, or kept as it was, while a network is recorded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from capture.judge import bits, judged, tensor_of
from capture.networks import Net, kinds, names, photo
from layerwalk.capture import record, replay


@pytest.fixture
def slow_path() -> Iterator[None]:
    """The path that is recorded: the fused one of attention has other last bits."""
    torch.backends.mha.set_fastpath_enabled(False)
    yield
    torch.backends.mha.set_fastpath_enabled(True)


@pytest.mark.usefixtures("slow_path")
def test_attention_is_seen_whole() -> None:
    attention = nn.MultiheadAttention(8, 2, batch_first=True).eval()
    x = photo(2, 5, 8)
    trace = judged(Net(lambda self, x: self.a(x, x, x, need_weights=False)[0], a=attention), x)
    assert "scaled_dot_product_attention" in kinds(trace)
    assert judged(Net(lambda self, x: self.a(x, x, x), a=attention), x).output_paths == ("0", "1")


def test_the_fast_path_of_transformers_is_off_and_put_back() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    x = photo(2, 5, 8)
    assert torch.backends.mha.get_fastpath_enabled()
    trace = record(layer, (x,))
    assert torch.backends.mha.get_fastpath_enabled()
    assert not any("transformer_encoder" in op.target for op in trace)


def test_a_trace_says_that_the_fast_path_was_off() -> None:
    layer, x = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval(), photo(2, 5, 8)
    assert "fused fast path is off" in record(layer, (x,)).provenance["attention"]
    assert "attention" not in record(nn.Linear(8, 8), (x,)).provenance
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        assert "attention" not in record(layer, (x,)).provenance
    finally:
        torch.backends.mha.set_fastpath_enabled(True)


@pytest.mark.usefixtures("slow_path")
def test_a_linear_on_a_strided_input_is_exact() -> None:
    # torch takes another path within `linear` when its weight, seen as a view, asks for gradients.
    judged(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval(), photo(2, 5, 8))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_compiled_submodule_runs_eagerly_while_recording() -> None:
    part = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()).eval()
    compiled: Any = torch.compile(part, backend="eager")
    net = Net(lambda self, x: self.part(x) * 2, part=compiled)
    x = photo()
    with torch.no_grad():
        plain = net(x)
    trace = record(net, (x,))
    assert names(trace) == ["part.0", "part.1", "mul"]
    assert bits(tensor_of(trace.outputs[0])) == bits(plain)
    assert not replay(trace).failures


def test_autocast_inside_and_outside() -> None:
    def body(self: Any, x: Tensor) -> Any:
        y = self.conv(x)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            # einsum is made of other ops, and it is those that autocast casts.
            z = torch.einsum("bcij,bcjk->bcik", self.line(y), y)
        with torch.autocast("cpu", enabled=False):
            return z.softmax(-1), torch.einsum("bcij,bcjk->bcik", y, y)

    net = Net(body, conv=nn.Conv2d(3, 4, 3), line=nn.Linear(10, 10))
    trace = judged(net, photo())
    assert trace["einsum"].outputs[0].dtype == "bfloat16"
    assert "autocast" in trace["einsum"].settings
    assert "autocast" not in trace["einsum:2"].settings
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outside = judged(nn.Sequential(nn.Conv2d(3, 4, 3), nn.Softmax(1)), photo())
    assert outside["0"].outputs[0].dtype == "bfloat16"


def test_train_mode_leaves_statistics_flags_and_randomness() -> None:
    net = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(True), nn.Dropout(0.5)
    ).train()
    trace = judged(net, photo(2, 3, 8, 8))
    norm = trace["1"]
    assert norm.kind == "batch_norm"
    assert norm.settings["training"] is True
    assert [value.shape for value in norm.outputs] == [(2, 4, 6, 6), (4,), (4,)]
    assert norm.writes == (None, 3, 4)
    # What the op wrote is in the trace, though the network has its old statistics back.
    assert (norm.outputs[1].array() != norm.inputs[3].array()).all()
    assert trace["3"].random
    assert [item.op for item in replay(trace).skipped] == ["3"]


def test_instance_norm_statistics() -> None:
    judged(nn.InstanceNorm2d(3, affine=True, track_running_stats=True).train(), photo())


def test_stochastic_depth_and_random_ops() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        keep = torch.empty(x.shape[0], 1, 1, 1).bernoulli_(0.8)
        y: Tensor = self.conv(x)
        return x + y * keep / 0.8 + torch.rand(1) * 0

    trace = judged(Net(body, conv=nn.Conv2d(3, 3, 1)).train(), photo(4, 3, 6, 6))
    assert {op.kind for op in trace if op.random} == {"empty", "bernoulli", "rand"}


def test_a_condition_that_cannot_be_set_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_stance: str) -> None:
        raise RuntimeError("not here")

    monkeypatch.setitem(sys.modules, "torch._dynamo", sys)
    monkeypatch.setattr(torch.compiler, "set_stance", refuse)
    assert torch.backends.mha.get_fastpath_enabled()
    with pytest.raises(RuntimeError, match="not here"):
        record(nn.ReLU(), (photo(),))
    assert torch.backends.mha.get_fastpath_enabled()
    monkeypatch.undo()
    assert record(nn.ReLU(), (photo(),)).complete
