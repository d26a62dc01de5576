"""Quantised networks, whose ops hold what others have apart, against the networks they are of."""

from __future__ import annotations

import copy
import io
import logging
import warnings
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from comparison.networks import given, small
from layerwalk.comparison.comparison import Comparison
from layerwalk.comparison.spans import leaves, led_to, read_by
from layerwalk.record import Trace


def pairs(found: Comparison) -> list[tuple[str, str, str]]:
    return [(one.name, one.other.name, one.how) for one in found]


def reasons(found: Comparison, side: str) -> dict[str, str]:
    return {one.op.name: one.reason for one in found.unmatched if one.side == side}


def walk(network: nn.Module) -> Trace:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says what becomes of its quantised tensors
        return lw.trace(network, given(images=4))


def statically(network: nn.Module) -> nn.Module:
    """The network in 8 bits, its activations too, by torch's own means."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says where its successor is
        from torch.ao.quantization import get_default_qconfig_mapping
        from torch.ao.quantization.quantize_fx import convert_fx, prepare_fx

        mapping = get_default_qconfig_mapping("fbgemm")
        prepared = prepare_fx(copy.deepcopy(network), mapping, (given(),))
        prepared(given(images=4))
        found: nn.Module = convert_fx(prepared)
    return found


@pytest.fixture(scope="module")
def static() -> tuple[Trace, Trace]:
    if "fbgemm" not in torch.backends.quantized.supported_engines:
        pytest.skip("this machine has no kernels for 8 bits")
    return walk(small()), walk(statically(small()))


def test_an_op_with_a_relu_in_it_is_matched_with_the_relu(static: tuple[Trace, Trace]) -> None:
    found = lw.compare(*static)
    assert found, str(found)
    matched = {one.name: one for one in found}
    for name, twin, kind in (
        ("stem.2", "stem.0", "quantized.conv2d_relu"),
        ("relu", "conv", "quantized.conv2d_relu"),
        ("relu:2", "hidden", "quantized.linear_relu"),
    ):
        one = matched[name]
        assert (one.other.name, one.other.kind, one.how) == (twin, kind, "folded")
        assert one.measure.relative_error < 0.05
    said = reasons(found, "reference")
    for name in ("stem.0", "stem.1", "conv", "hidden"):
        assert said[name] == "the other has it folded with the ReLU behind it"
    assert [op.name for op in matched["stem.2"].spans] == ["stem.0", "stem.1", "stem.2"]


def test_either_may_be_the_reference(static: tuple[Trace, Trace]) -> None:
    found = lw.compare(*static[::-1])
    assert found, str(found)
    assert ("stem.0", "stem.2", "folded") in pairs(found)
    assert reasons(found, "other")["stem.1"] == (
        "the reference has it folded with the ReLU behind it"
    )
    assert [op.name for op in found["stem.0"].spans] == ["stem.0"]


def test_two_quantised_walks_are_matched_by_name(static: tuple[Trace, Trace]) -> None:
    found = lw.compare(static[1], static[1])
    assert {one.reason for one in found.unmatched} <= {"it made no value"}
    assert {one.how for one in found} == {"name"}


def test_the_quantised_layer_that_went_wrong_is_found(static: tuple[Trace, Trace]) -> None:
    damaged = small()
    with torch.no_grad():
        damaged.conv.weight[:4] *= -1
    found = lw.compare(static[0], walk(statically(damaged)))
    assert found.first is not None
    assert (found.first.name, found.first.other.name) == ("relu", "conv")
    # What it read, before all that was folded into it, is as it was.
    assert 0 <= found.first.inherited < 0.05
    assert not any("could not be compared" in reason for reason in found.reasons)


def test_names_of_other_modules_are_no_hindrance(static: tuple[Trace, Trace]) -> None:
    class Wrapped(nn.Module):
        def __init__(self, inner: nn.Module) -> None:
            super().__init__()
            self.inner = inner

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.inner(x)
            return found

    found = lw.compare(walk(Wrapped(small())), static[1])
    assert found, str(found)
    assert ("inner.stem.2", "stem.0", "folded") in pairs(found)


def test_the_ops_before_a_relu() -> None:
    trace = walk(small())
    assert [op.name for op in led_to(trace["stem.2"])] == ["stem.1", "stem.0"]
    assert led_to(trace["stem.2"], "linear") == ()
    assert [op.name for op in led_to(trace["relu"], "conv2d")] == ["conv"]
    assert led_to(trace["stem.0"]) == ()
    read = [value.name for value in read_by([trace["stem.0"], trace["stem.1"]])]
    assert read[:2] == ["input", "stem.0.weight"]
    assert "stem.0" not in read


def test_modules_that_hold_no_other() -> None:
    found = leaves(walk(small()))
    assert {"stem.0", "stem.1", "conv", "head"} <= found.keys()
    assert not {"", "stem"} & found.keys()

    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.relu = nn.ReLU()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.relu(self.relu(x) - 1)
            return found

    assert leaves(lw.trace(Twice(), torch.randn(1, 3))) == {}


def test_what_a_module_does_in_steps_is_compared_by_what_it_gives() -> None:
    class Silu(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.mul(x, torch.sigmoid(x))

    whole = nn.Sequential(nn.Conv2d(3, 4, 3), nn.SiLU(), nn.Conv2d(4, 4, 3))
    steps = copy.deepcopy(whole)
    steps[1] = Silu()
    one, two = walk(whole), walk(steps)
    for found, side in ((lw.compare(one, two), "other"), (lw.compare(two, one), "reference")):
        assert found, str(found)
        assert [one.how for one in found] == ["name", "module", "name"]
        assert reasons(found, side) == {
            "1.sigmoid": "a step of 1, compared by what comes out of it"
        }
    assert [op.name for op in lw.compare(two, one).ops[1].spans] == ["1.sigmoid", "1.mul"]


def test_whole_numbers_are_no_twin_of_real_ones() -> None:
    class Counts(nn.Module):
        def __init__(self, whole: bool) -> None:
            super().__init__()
            self.whole = whole

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = torch.round(x * 10)
            return torch.add(x.int() if self.whole else x.clone(), 1) + torch.tensor(0.5)

    found = lw.compare(walk(Counts(whole=False)), walk(Counts(whole=True)))
    assert "add" in reasons(found, "reference")
    assert reasons(found, "reference")["add"] == (
        "it makes float32 in the reference, int32 in the other"
    )
    assert found["add:2"].measure.unequal == 0


def test_a_network_that_onnxruntime_quantised(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    quantization = pytest.importorskip("onnxruntime.quantization")
    network, plain, tight = small(), tmp_path / "net.onnx", tmp_path / "8bit.onnx"
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(network, (given(images=4),), plain, dynamo=False)
    logging.disable(logging.WARNING)
    try:
        quantization.quantize_dynamic(plain, tight)
    finally:
        logging.disable(logging.NOTSET)
    trace = walk(network)
    exported = lw.trace_onnx(tight, trace)
    found = lw.compare(trace, exported)
    assert found, str(found)
    assert all(one.other.made[0].dtype.startswith("float") for one in found)
    assert found["conv"].how == "module"
    assert found["conv"].other.kind == "add"
    # The exporter folded the batch norm into the convolution, which takes several ops here.
    assert found["stem.1"].how == "folded"
    assert found["stem.1"].other.kind == "add"
    assert found["stem.1"].other.module == "stem.0"
    said = reasons(found, "other")
    steps = [op.name for op in exported if op.kind == "quantized.conv2d"]
    assert len(steps) == 2
    assert all(said[name].startswith("a step of ") for name in steps)
    assert np.isfinite(found["conv"].measure.snr)
