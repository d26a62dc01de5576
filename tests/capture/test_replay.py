"""Replay proves a trace, and fails where it should."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from capture.judge import bits, tensor_of
from capture.networks import Net, photo
from layerwalk.capture import record, replay
from layerwalk.errors import CaptureError
from layerwalk.record import Op, Ref, Trace, Value
from layerwalk.store import load, save


def net() -> nn.Module:
    torch.manual_seed(3)
    layers = [nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(400, 5)]
    return nn.Sequential(*layers, nn.Softmax(1)).eval()


@pytest.fixture
def trace() -> Trace:
    return record(net(), (photo(),))


def failing(trace: Trace) -> list[str]:
    return [item.op for item in replay(trace).failures]


def with_op(trace: Trace, op: Op) -> Trace:
    return replace(trace, ops=(*trace.ops[: op.index], op, *trace.ops[op.index + 1 :]))


def unnoticed(value: Value) -> Tensor:
    """The recorded memory under a handle whose writes torch does not count."""
    return torch.from_numpy(tensor_of(value).detach().numpy())


def result_of(trace: Trace, name: str) -> Tensor:
    return unnoticed(trace[name].outputs[0])


# -- proofs that it can fail ----------------------------------------------------------------


def test_a_true_trace_passes(trace: Trace) -> None:
    report = replay(trace)
    assert (report.checked, report.worst, report.failures, report.skipped) == (5, 0.0, (), ())
    assert report
    assert str(report) == "5 checked: all equal"
    assert trace.replay() == report


def test_a_number_that_was_changed(trace: Trace) -> None:
    result_of(trace, "3")[0, 2] += 0.5
    report = replay(trace)
    # The op that should have made it, and the one that read it.
    assert [item.op for item in report.failures] == ["3", "4"]
    assert report.failures[0].message == "3: bits differ, by 0.5 at most"
    assert report.worst == pytest.approx(0.5)
    assert not report
    assert str(report) == "5 checked: 2 differ"


def test_one_bit_that_was_flipped(trace: Trace) -> None:
    result_of(trace, "4").view(torch.int32)[0, 0] ^= 1
    report = replay(trace)
    assert [item.op for item in report.failures] == ["4"]
    assert 0 < report.worst < 1e-7


def test_a_zero_of_the_other_sign(trace: Trace) -> None:
    zeros = result_of(trace, "1")
    place = tuple((zeros == 0).nonzero()[0])
    zeros[place] = -0.0
    report = replay(trace)
    assert report.failures[0].op == "1"
    assert report.worst == 0.0
    assert not report


def nan(payload: int) -> float:
    return float(struct.unpack("<f", struct.pack("<I", 0x7FC00000 | payload))[0])


def test_nan_is_equal_to_itself_and_its_payload_counts() -> None:
    x = torch.tensor([1.0, 2.0])
    x.view(torch.int32)[1] = 0x7FC00123
    trace = record(Net(lambda _self, x: x.clone()), (x,))
    assert np.isnan(trace[0].array()[1])
    assert not failing(trace)
    result_of(trace, "clone").view(torch.int32)[1] = 0x7FC00124
    assert failing(trace) == ["clone"]


def test_not_a_number_against_a_number() -> None:
    trace = record(Net(lambda _self, x: x / 0), (torch.tensor([0.0, 1.0]),))
    assert not failing(trace)
    result_of(trace, "div")[0] = 1.0
    report = replay(trace)
    assert [item.op for item in report.failures] == ["div"]
    assert report.worst == float("inf")


def test_an_edge_to_another_value() -> None:
    trace = record(Net(lambda _self, x: x.sin() - x.cos()), (photo(),))
    sub = trace["sub"]
    wrong = replace(sub, inputs=sub.inputs[::-1])
    assert failing(with_op(trace, wrong)) == ["sub"]
    assert failing(with_op(trace, replace(wrong, inputs=sub.inputs))) == []
    swapped = tuple((name, _other(value)) for name, value in sub.arguments)
    assert failing(with_op(trace, replace(sub, arguments=swapped))) == ["sub"]


def _other(value: Any) -> Any:
    return Ref(1 - value.input) if isinstance(value, Ref) else value


def test_another_setting(trace: Trace) -> None:
    conv = trace["0"]
    wrong = [(name, (1, 1) if name == "padding" else value) for name, value in conv.arguments]
    report = replay(with_op(trace, replace(conv, arguments=tuple(wrong))))
    assert [item.op for item in report.failures] == ["0"]
    assert report.failures[0].message.endswith("not as recorded")
    assert report.worst == float("inf")


def test_another_operator(trace: Trace) -> None:
    relu = replace(trace["1"], target="aten.sigmoid_.default")
    assert failing(with_op(trace, relu)) == ["1"]


def test_an_op_that_cannot_run_on_what_was_recorded(trace: Trace) -> None:
    linear = trace["3"]
    wrong = replace(linear, inputs=(linear.inputs[0], linear.inputs[2], linear.inputs[1]))
    report = replay(with_op(trace, wrong))
    assert [item.op for item in report.failures] == ["3"]
    assert "RuntimeError" in report.failures[0].message


def test_another_answer_of_an_op_that_makes_no_tensor() -> None:
    trace = record(Net(lambda _self, x: x + int(x.argmax())), (photo(),))
    item = trace["item"]
    assert not failing(trace)
    wrong = replace(item, settings={**item.settings, "result": 1_000_000})
    report = replay(with_op(trace, wrong))
    assert [found.op for found in report.failures] == ["item"]
    assert "1000000" in report.failures[0].message


def test_a_copy_that_was_not_made() -> None:
    # The relu wrote in place: were the value before it not kept apart, both ops would fail.
    trace = record(net(), (photo(),))
    result_of(trace, "0").copy_(result_of(trace, "1"))
    assert failing(trace) == ["0"]
    wrong = replace(trace["1"].made[0], data=trace["0"].made[0].data)
    trace = record(net(), (photo(),))
    assert failing(with_op(trace, replace(trace["1"], made=(wrong,)))) == []


def test_a_reread_that_is_wrong() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        y = x * 2
        y[:, 0].add_(1)
        return y.relu()

    trace = record(Net(body), (photo(),))
    reread = next(op for op in trace if op.kind == "reread")
    assert not failing(trace)
    assert replay(trace).skipped == ()
    # Beside what the add wrote, so that only the whole can be wrong, and who read it.
    unnoticed(reread.outputs[0])[0, 1, 0, 0] += 9
    assert failing(trace) == [reread.name, "relu"]


# -- what it leaves alone -------------------------------------------------------------------


def test_replay_changes_nothing(trace: Trace) -> None:
    before = [bits(tensor_of(value)) for value in trace.values]
    random_state, fast_path = torch.get_rng_state(), torch.backends.mha.get_fastpath_enabled()
    replay(trace)
    assert [bits(tensor_of(value)) for value in trace.values] == before
    assert torch.equal(torch.get_rng_state(), random_state)
    assert torch.backends.mha.get_fastpath_enabled() == fast_path
    assert torch.is_grad_enabled()


def test_replay_of_a_network_in_train_mode_leaves_its_statistics() -> None:
    norm = nn.BatchNorm2d(3).train()
    trace = record(norm, (photo(2, 3, 4, 4),))
    assert not replay(trace).failures
    assert not norm.state_dict()["running_mean"].any()
    assert int(norm.state_dict()["num_batches_tracked"]) == 0


# -- weights that were changed afterwards ---------------------------------------------------


def test_a_weight_changed_in_place_after_the_trace() -> None:
    model = net()
    trace = record(model, (photo(),))
    with torch.no_grad():
        next(model.parameters()).mul_(2)
    with pytest.raises(CaptureError) as raised:
        trace["0"].inputs[1].array()
    assert str(raised.value) == (
        "0.weight: this tensor was changed in place after the trace was recorded; "
        "trace again, or save the trace before training on."
    )
    with pytest.raises(CaptureError, match=r"0\.weight"):
        trace["0"].inputs[1].read(0)
    # What the walk computed is as it was, and the op is left out with the reason.
    assert trace["0"].array().any()
    report = replay(trace)
    assert [item.op for item in report.skipped] == ["0"]
    assert "changed in place" in report.skipped[0].reason
    assert (report.checked, report.failures) == (4, ())


def train_on(model: nn.Module) -> None:
    model(photo()).sum().backward()
    torch.optim.SGD(model.parameters(), lr=0.1).step()


def load_others(model: nn.Module) -> None:
    model.load_state_dict({name: tensor + 1 for name, tensor in model.state_dict().items()})


@pytest.mark.parametrize("change", [train_on, load_others])
def test_common_ways_of_changing_weights_are_noticed(change: Callable[[nn.Module], None]) -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)).eval()
    trace = record(model, (photo(),))
    change(model)
    for value in (*trace["0"].parameters, *trace["1"].parameters):
        with pytest.raises(CaptureError, match="changed in place after the trace"):
            value.array()


def test_statistics_that_moved_after_the_trace_are_noticed() -> None:
    model = nn.BatchNorm2d(3).eval()
    trace = record(model, (photo(),))
    mean = trace[0].inputs[3]
    before = mean.array().copy()
    model.train()(photo())
    assert (mean.array() == before).all()


def test_an_input_changed_after_the_trace() -> None:
    x = photo()
    trace = record(net(), (x,))
    x.add_(1)
    with pytest.raises(CaptureError, match=r"^input: this tensor was changed"):
        trace.inputs[0].array()


@pytest.mark.parametrize(
    "body",
    [lambda self, _x: self.table[:3].relu(), lambda self, _x: self.table.t() * 2],
    ids=["slice", "transpose"],
)
def test_a_view_of_a_weight_changed_after_the_trace(body: Callable[..., Any]) -> None:
    model = Net(body)
    model.table = nn.Parameter(torch.ones(5, 4))
    trace = record(model, (photo(),))
    with torch.no_grad():
        model.table.add_(1)
    with pytest.raises(CaptureError, match="changed in place after the trace"):
        trace[0].array()


def test_a_view_of_an_input_changed_after_the_trace() -> None:
    x = photo()
    trace = record(nn.Sequential(nn.Flatten(), nn.ReLU()), (x,))
    x.add_(1)
    with pytest.raises(CaptureError, match="changed in place after the trace"):
        trace["0"].array()


# -- from a file ----------------------------------------------------------------------------


def busy(self: Any, x: Tensor) -> Tensor:
    """In place, by views, into slices, in several types, with a question and an odd layout."""
    y: Tensor = self.norm(self.conv(x)).relu_()
    y[:, ::2] *= 2
    y[0, 0].t().add_(1)
    left, right = y.chunk(2, 1)
    z = torch.cat([left, right.flip(-1)], 1)
    if bool(z.sum() > 0):
        z = z + torch.arange(z.shape[-1])
    half = z.to(torch.bfloat16).matmul(z.to(torch.bfloat16).mT).float()
    spectrum = torch.fft.rfft2(half)
    back: Tensor = torch.fft.irfft2(spectrum * spectrum.conj())
    return back.flatten(1).softmax(1)


def test_a_saved_trace_replays_as_well(tmp_path: Path) -> None:
    parts = {"conv": nn.Conv2d(3, 4, 3), "norm": nn.BatchNorm2d(4)}
    model = Net(busy, **parts).eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    trace = record(model, (photo().to(memory_format=torch.channels_last),))
    fresh = replay(trace)
    assert fresh.failures == ()
    trace.save(tmp_path / "walk.safetensors")
    loaded = load(tmp_path / "walk.safetensors")
    report = replay(loaded)
    assert report == fresh
    assert report.checked > 15
    for one, other in zip(trace.values, loaded.values, strict=True):
        assert np.array_equal(one.array(), other.array(), equal_nan=True)
        assert one.data.strides == other.data.strides


def test_a_saved_trace_outlives_a_change_of_the_weights(tmp_path: Path) -> None:
    model = net()
    trace = record(model, (photo(),))
    trace.save(tmp_path / "walk.safetensors")
    with torch.no_grad():
        next(model.parameters()).mul_(2)
    assert str(replay(load(tmp_path / "walk.safetensors"))) == "5 checked: all equal"


def test_a_trace_saved_without_weights_says_what_it_cannot_check(tmp_path: Path) -> None:
    trace = record(net(), (photo(),))
    trace.save(tmp_path / "walk.safetensors", weights=False)
    report = replay(load(tmp_path / "walk.safetensors"))
    assert report.failures == ()
    assert [item.op for item in report.skipped] == ["0", "3"]
    assert report.checked == 3


def test_a_trace_saved_with_less_detail_does_not_pass(tmp_path: Path) -> None:
    trace = record(net(), (photo(),))
    trace.save(tmp_path / "walk.safetensors", detail="half")
    assert "0" in failing(load(tmp_path / "walk.safetensors"))


def test_what_holds_no_numbers_is_skipped_with_the_reason() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        (torch.ones(2, device="meta") * 2).sum()
        return x + 1

    report = replay(record(Net(body), (photo(),)))
    assert not report.failures
    assert "tensors on the meta device hold no numbers" in {s.reason for s in report.skipped}


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_quantised_values_of_a_file_are_skipped_with_the_reason(tmp_path: Path) -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        return torch.quantize_per_tensor(x, 0.1, 0, torch.qint8).relu().dequantize()

    trace = record(Net(body), (photo(),))
    assert not replay(trace).failures
    report = replay(load(save(trace, tmp_path / "a.safetensors")))
    assert not report.failures
    assert {s.op for s in report.skipped} == {"quantize_per_tensor", "relu", "dequantize"}
