"""Edits against whole forward passes of networks that were edited by hand, bit for bit."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

import layerwalk as lw
from layerwalk.capture import record
from layerwalk.edits import Edits, edit, rerun
from layerwalk.errors import EditError, NotFoundError
from layerwalk.record import Trace


class Small(nn.Module):
    """Functional activations, a skip, in-place ops, a write to a slice."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 6, 3, padding=1)
        self.norm = nn.BatchNorm2d(6)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1, groups=2)
        self.act = nn.ReLU(inplace=True)
        self.pool = nn.AdaptiveAvgPool2d(2)
        self.last = nn.Linear(24, 5)
        self.quiet: tuple[str, int] | None = None

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu_(self.norm(self.conv1(x)))
        if self.quiet == ("relu", 2):
            x[:, 2] = 0
        y = self.act(self.conv2(x))
        if self.quiet == ("act", 4):
            y[:, 4] = 0
        y += x
        y[:, 0] *= 2
        return self.last(self.pool(y).flatten(1))  # type: ignore[no-any-return]


def small() -> Small:
    torch.manual_seed(7)
    return Small().eval()


def picture(seed: int = 1) -> Tensor:
    return torch.randn(2, 3, 12, 12, generator=torch.Generator().manual_seed(seed))


def bits(trace: Trace) -> dict[str, bytes]:
    return {value.name: value.array().tobytes() for op in trace for value in op.outputs}


def by_hand(change: Callable[[Small], None], x: Tensor) -> Tensor:
    model = small()
    with torch.no_grad():
        change(model)
        return model(x)  # type: ignore[no-any-return]


def set_one(model: Small) -> None:
    model.conv1.weight[2, 1, 0, 2] = 0.75


def scale_filter(model: Small) -> None:
    model.conv2.weight[3] *= -1.5


def scale_norm(model: Small) -> None:
    model.norm.get_buffer("running_var").mul_(4.0)


def silence_relu(model: Small) -> None:
    model.quiet = ("relu", 2)


def silence_act(model: Small) -> None:
    model.quiet = ("act", 4)


def swap(model: Small) -> None:
    model.act = nn.SiLU()  # type: ignore[assignment]


CASES: list[tuple[Edits, Callable[[Small], None]]] = [
    (edit().set_weight("conv1.weight", 0.75, at=(2, 1, 0, 2)), set_one),
    (edit().set_weight("conv1", 0.75, at=(2, 1, 0, 2)), set_one),
    (edit().scale_weight("conv2.weight", -1.5, at=(3,)), scale_filter),
    (edit().scale_weight("norm.running_var", 4.0), scale_norm),
    (edit().silence("relu", 2), silence_relu),
    (edit().silence("act", 4), silence_act),
    (edit().swap_activation("act", "silu"), swap),
]


@pytest.mark.parametrize(("edits", "change"), CASES, ids=[str(edits) for edits, _ in CASES])
def test_what_a_whole_pass_gives(edits: Edits, change: Callable[[Small], None]) -> None:
    x = picture()
    model = small()
    before = copy.deepcopy(model.state_dict())
    trace = record(model, (x,))
    old = bits(trace)
    after = trace.rerun(edits)
    assert after.outputs[0].array().tobytes() == by_hand(change, x).numpy().tobytes()
    assert after.outputs[0].array().tobytes() != trace.outputs[0].array().tobytes()
    # The network and the trace are as they were; the new trace is one as any other.
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert bits(trace) == old
    assert after.verify().failures == ()
    assert after.replay().failures == ()


@pytest.mark.parametrize("padding", [1, "same"])
def test_another_stride_and_padding(padding: Any) -> None:
    torch.manual_seed(2)
    net = nn.Sequential(nn.Conv2d(3, 4, 3, padding=padding), nn.ReLU(), nn.MaxPool2d(2)).eval()
    x = picture()
    trace = record(net, (x,))
    edits = edit().change_window("0", stride=2, padding=(0, 1)).change_window("2", stride=1)
    after = rerun(trace, edits)
    net[0].stride, net[0].padding, net[2].stride = (2, 2), (0, 1), 1  # type: ignore[assignment]
    fresh = record(net, (x,))
    assert bits(after) == bits(fresh)
    assert [op.shape for op in after] == [op.shape for op in fresh]
    assert [op.settings for op in after] == [op.settings for op in fresh]
    assert after.verify().failures == ()


def test_only_what_lies_downstream_is_computed() -> None:
    trace = record(small(), (picture(),))
    after = rerun(trace, edit().silence("act", 4))
    place = trace["act"].index
    assert all(after[k] is trace[k] for k in range(place))
    # The skip's other branch is shared with the old trace, numbers and all.
    skip = after["add"].inputs[1]
    assert skip == trace["add"].inputs[1]
    assert all(after[k] is not trace[k] for k in range(place, len(trace)))
    assert after["add"].inputs[0].op is after["act"]


def test_a_change_that_dies_out_is_not_carried_on() -> None:
    class Clipped(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return F.relu(F.relu(x - 100.0) + 1.0)

    trace = record(Clipped(), (picture(),))
    after = rerun(trace, edit().scale_channels("sub", 0, by=2.0))
    assert after["sub"].array().tobytes() != trace["sub"].array().tobytes()
    assert after["relu"].made == trace["relu"].made
    assert after["add"].made == trace["add"].made
    assert after["relu"].inputs[0].op is after["sub"]


def test_edits_of_the_same_place_follow_each_other() -> None:
    trace = record(small(), (picture(),))
    one = edit().set_weight("last.bias", 2.0, at=(1,)).scale_weight("last.bias", 3.0, at=(1,))
    after = rerun(trace, one)
    assert after["last"].inputs[2].array()[1] == 6.0
    other = rerun(trace, edit().fix_channels("act", 1, to=2.0).scale_channels("act", 1, by=0.5))
    assert set(other["act"].array()[:, 1].ravel()) == {1.0}


_edits = st.sampled_from([
    edit().set_weight("conv1.weight", 0.75, at=(2, 1)),
    edit().scale_weight("conv2.weight", 2.0, at=(3,)),
    edit().scale_channels("relu", 1, by=4.0),
    edit().silence("act", 0, 5),
    edit().swap_activation("act", "tanh"),
    edit().hide(2, 3, 4, 5),
    edit().hide_patches((2, 3, 4, 5), (0, 0, 3, 3), paint=0.5),
    edit().add_noise(0.5, seed=3),
])  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(_edits, min_size=1, max_size=4))
def test_edits_together_are_edits_one_after_the_other(several: list[Edits]) -> None:
    trace = record(small(), (picture(),))
    joined = Edits(tuple(step for one in several for step in one))
    turn = trace
    for step in joined:
        turn = rerun(turn, Edits((step,)))
    assert bits(rerun(trace, joined)) == bits(turn)
    written = json.loads(turn.provenance["edits"])
    assert Edits.of(written) == joined


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([0.25, 0.5, 2.0, -4.0]), st.integers(0, 5))
def test_an_edit_and_its_inverse(by: float, channel: int) -> None:
    trace = record(small(), (picture(),))
    there = edit().scale_weight("conv1.weight", by, at=(channel,))
    back = there.scale_weight("conv1.weight", 1 / by, at=(channel,))
    assert bits(
        rerun(rerun(trace, there), edit().scale_weight("conv1", 1 / by, at=(channel,)))
    ) == (bits(trace))
    again = rerun(trace, back)
    assert all(again[k] is trace[k] for k in range(len(trace)))


@pytest.mark.parametrize("nothing", [
    edit(), edit().scale_weight("conv1.weight", 1.0), edit().scale_channels("act", by=1.0),
    edit().swap_activation("act", "relu"), edit().change_window("conv1", padding=1, stride=1),
    edit().add_noise(0.0),
])  # fmt: skip
def test_an_edit_that_changes_nothing(nothing: Edits) -> None:
    trace = record(small(), (picture(),))
    after = rerun(trace, nothing)
    assert bits(after) == bits(trace)
    assert [op.made for op in after] == [op.made for op in trace]


def test_of_a_file(tmp_path: Path) -> None:
    trace = record(small(), (picture(),))
    path = tmp_path / "walk.safetensors"
    trace.save(path)
    one = edit().silence("act", 4)
    fresh, opened = rerun(trace, one), rerun(lw.open(path), one)
    assert bits(opened) == bits(fresh)
    # And what was edited is a file too, that tells of its edits.
    opened.save(path)
    again = lw.open(path)
    assert bits(again) == bits(fresh)
    assert Edits.of(json.loads(again.provenance["edits"])) == one


def test_of_a_file_with_rounded_numbers(tmp_path: Path) -> None:
    trace = record(small(), (picture(),))
    path = trace.save(tmp_path / "half.safetensors", detail="half")
    one = edit().scale_weight("conv2.weight", 2.0)
    after, true = rerun(lw.open(path), one), rerun(trace, one)
    assert bits(after) != bits(true)
    np.testing.assert_allclose(after.outputs[0].array(), true.outputs[0].array(), atol=1e-2)
    assert after.provenance["rerun"].startswith("began with the rounded numbers of a file")
    assert "rerun" in rerun(after, edit().silence("act", 1)).provenance
    # Nothing was computed, or from what was not rounded.
    assert "rerun" not in rerun(lw.open(path), edit()).provenance
    assert "rerun" not in true.provenance
    exact = trace.save(tmp_path / "exact.safetensors")
    assert "rerun" not in rerun(lw.open(exact), one).provenance


@pytest.mark.parametrize("told", [
    edit().silence("act", 4)[0], "silence channel 4 of act", ["silence channel 4 of act"],
    [edit().silence("act", 4)[0]], {"do": "silence", "op": "act", "channels": [4]},
])  # fmt: skip
def test_edits_told_otherwise(told: Any) -> None:
    trace = record(small(), (picture(),))
    assert bits(trace.rerun(told)) == bits(rerun(trace, edit().silence("act", 4)))


@pytest.mark.parametrize("told", [None, 5, [edit()], "zap"])
def test_what_tells_no_edit(told: Any) -> None:
    with pytest.raises(EditError, match="no edit"):
        record(small(), (picture(),)).rerun(told)


def test_a_walk_of_an_onnx_file_is_not_run_again() -> None:
    trace = record(small(), (picture(),))
    ops = tuple([replace(op, target="onnxruntime.Conv.default") for op in trace])
    with pytest.raises(EditError, match=r"a walk of an ONNX file, .*; edit a walk of the PyTorch"):
        replace(trace, ops=ops).rerun(edit().silence("act", 1))


def test_verify_leaves_edited_channels_out_and_replay_does_not() -> None:
    after = rerun(record(small(), (picture(),)), edit().silence("conv2", 1))
    assert [one.op for one in after.verify().skipped] == ["conv2"]
    assert after.replay().skipped == ()
    assert after.replay().checked == len(after)


def test_patches_are_hidden_at_once() -> None:
    trace = record(small(), (picture(),))
    boxes = [(0, 0, 4, 4), (2, 2, 4, 3), (8, 1, 2, 9)]
    after = rerun(trace, edit().hide_patches(*boxes)).inputs[0].array()
    before = trace.inputs[0].array()
    hidden = np.zeros((12, 12), bool)
    for top, left, height, width in boxes:
        hidden[top : top + height, left : left + width] = True
    means = picture().mean((-2, -1)).numpy()  # of the picture as it was: one edit, not three
    np.testing.assert_array_equal(after[..., ~hidden], before[..., ~hidden])
    for sample in range(2):
        for channel in range(3):
            assert set(after[sample, channel][hidden]) == {means[sample, channel]}


def test_the_photo_shows_the_patch() -> None:
    trace = lw.trace(lw.load_model("efficientnet_lite0"), "sample:dog")
    after = trace.rerun(lw.edit().hide(10, 20, 30, 40, paint=0.0))
    assert trace.photo is not None
    assert after.photo is not None
    old, new = trace.photo.pixels.astype(int), after.photo.pixels.astype(int)
    changed = np.abs(new - old).max(axis=2) > 1
    assert not changed[:10].any()
    assert not changed[40:].any()
    assert not changed[:, :20].any()
    assert not changed[:, 60:].any()
    assert changed[10:40, 20:60].mean() > 0.5
    assert len(np.unique(new[10:40, 20:60].reshape(-1, 3), axis=0)) == 1
    # Elsewhere each pixel is the very one it was.
    outside = np.ones(changed.shape, bool)
    outside[10:40, 20:60] = False
    assert (new[outside] == old[outside]).all()


def test_a_real_network_changes_its_mind() -> None:
    model = lw.load_model("efficientnet_lite0")
    trace = lw.trace(model, "sample:dog")
    edits = lw.edit(model).silence(trace[-2].name)
    after = edits.trace("sample:dog")
    assert bits(after) == bits(trace.rerun(edits))
    bias = trace[-1].inputs[2].array()
    np.testing.assert_allclose(after.outputs[0].array()[0], bias, atol=1e-6)


class Looking(nn.Module):
    """Decides by a number."""

    def forward(self, x: Tensor) -> Tensor:
        return x + 1 if x.mean().item() > 0 else x - 1


def too_small(model: Any = None) -> Edits:
    return edit(model).change_window("conv2", stride=4, padding=0)


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (edit().set_weight("conv1.weigth", 0.0), "'conv1.weigth'; did you mean conv1.weight"),
        (edit().set_weight("act", 0.0), "act: the op has no weight; name a parameter"),
        (edit().set_weight("conv1.weight", 0.0, at=(6,)), r"no part \[6\] in shape \(6, 3, 3, 3\)"),
        (edit().set_weight("last.bias", 0.0, at=(1, 1)), r"no part \[1, 1\] in shape \(5,\)"),
        (edit().set_weight("last.bias", [0.0, 1.0]), r"\(2,\) numbers do not fit .* shape \(5,\)"),
        (edit().silence("relu", 6), "relu: there is no channel 6; it has 6, from 0"),
        (edit().silence("rellu", 0), "there is no op 'rellu'; did you mean relu"),
        (edit().swap_activation("conv1", "relu"), "conv1: conv2d is no activation"),
        (edit().change_window("act", stride=2), "act: relu has no window that moves"),
        (edit().change_window("conv1", stride=(1, 2, 3)), r"its stride \(1, 1\) cannot become"),
        (edit().change_window("conv2", stride=2), "add: it cannot take what the edits .*; undo"),
        (edit().change_window("conv1", stride=13), "reread: .*laid out for values of another"),
        (edit().hide(8, 8, 5, 1), "5x1 at row 8, column 8 does not lie within 12x12"),
        (edit().hide_patches((0, 0, 1, 1), (8, 8, 5, 1)), "5x1 at row 8, column 8 does not lie"),
        (edit().hide(0, 0, 2, 2, paint=(0.0, 1.0)), "2 numbers for 3 channels"),
    ],
)  # fmt: skip
def test_edits_that_do_not_fit(edits: Edits, message: str) -> None:
    trace = record(small(), (picture(),))
    with pytest.raises((EditError, NotFoundError), match=message):
        rerun(trace, edits)


def test_a_network_that_looks_at_a_number() -> None:
    trace = record(Looking(), (picture(2),))
    with pytest.raises(EditError, match="the network looks at this number itself, and it became"):
        rerun(trace, edit().scale_channels("mean", by=-1.0))
    # Where the number stays, so does its way.
    assert rerun(trace, edit().scale_channels(trace[-1].name, by=2.0))


def test_an_op_that_drew_random_numbers() -> None:
    net = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5)).train()
    trace = record(net, (torch.ones(1, 4),))
    with pytest.raises(EditError, match="1: what an edit does to it cannot be computed: it drew"):
        rerun(trace, edit().scale_weight("0.weight", 2.0))
