"""Everything about a trace but its numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.record import Trace
from layerwalk.surfaces.answer import answer, encoded
from layerwalk.surfaces.answer.sheet import sheet_of
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.summary import summarise
from layerwalk.surfaces.wire import AskSheet


def test_the_ops_are_those_of_the_trace(lite0: Trace) -> None:
    sheet = sheet_of(lite0, "dog-1")
    assert (sheet.id, sheet.name) == ("dog-1", "efficientnet_lite0")
    assert [op.name for op in sheet.ops] == [op.name for op in lite0]
    assert [op.outputs for op in sheet.ops] == [tuple(v.id for v in op.made) for op in lite0]
    assert [op.parameters for op in sheet.ops] == [one.parameters for one in summarise(lite0)]
    conv = sheet.ops[lite0["features.0.conv"].index]
    assert conv.settings == ("3x3", "stride 2")
    assert conv.geometry["stride"] == (2, 2)
    assert conv.channel_axis == 1


def test_the_values_are_those_of_the_trace(lite0: Trace) -> None:
    sheet = sheet_of(lite0, "dog-1")
    assert [value.id for value in sheet.values] == [value.id for value in lite0.values]
    known = {value.id for value in sheet.values}
    assert known >= {*sheet.inputs, *sheet.outputs}
    for op in sheet.ops:
        assert known >= {*op.inputs, *op.outputs}
    by_id = {value.id: value for value in sheet.values}
    assert by_id[sheet.outputs[0]].op == len(lite0) - 1
    assert by_id[sheet.inputs[0]].role == "input"


def test_the_photo_and_the_prediction(lite0: Trace) -> None:
    sheet = sheet_of(lite0, "dog-1")
    assert sheet.photo is not None
    assert (sheet.photo.width, sheet.photo.height, sheet.photo.channels) == (224, 224, 3)
    assert sheet.photo.original == (720, 540)
    assert sheet.prediction is not None
    assert sheet.prediction.top[0].label == "German Shepherd Dog"
    assert sheet.labels is not None
    assert len(sheet.labels) == 1000


def test_the_book_is_that_of_a_saved_file(edges: Trace, tmp_path: Path) -> None:
    raw = edges.save(tmp_path / "cat.safetensors").read_bytes()
    header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
    assert sheet_of(edges, "x").book == json.loads(header["__metadata__"]["layerwalk.recipes"])


@pytest.mark.filterwarnings("ignore:.*raised at")
def test_an_incomplete_trace() -> None:
    class Breaks(nn.Conv2d):
        def forward(self, x: Tensor) -> Tensor:
            super().forward(x)
            raise ValueError("no bridge")

    sheet = sheet_of(lw.trace(Breaks(3, 2, 1), torch.zeros(1, 3, 4, 4)), "x")
    assert sheet.failure is not None
    assert (sheet.failure.where, sheet.failure.message) == ("Breaks", "no bridge")
    assert (sheet.prediction, sheet.photo, sheet.outputs, len(sheet.ops)) == (None, None, (), 1)


@pytest.mark.parametrize("detail", ["half", "compact"])
def test_what_a_file_does_not_hold_exactly(edges: Trace, tmp_path: Path, detail: str) -> None:
    trace = lw.open(edges.save(tmp_path / "cat.safetensors", detail=detail))
    assert sheet_of(edges, "x").inexact == ()
    kept = {one.value: one for one in sheet_of(trace, "x").inexact}
    assert kept
    for value in edges.values:
        if value.id in kept:
            one, was = kept[value.id], value.array()
            error = float(np.abs(trace.values[value.id].array() - was).max())
            assert one.coding in (detail, "half")  # compact: small tensors as float16
            assert error <= one.worst
            assert one.spread == pytest.approx(float(np.abs(was).max()), rel=1e-2)


def test_hostile_labels_are_text() -> None:
    labels = ('<script>alert("1")</script>', "a\u2028b\x00\x1b[31m", "\U0001f415" * 3)
    net = lw.load_model(nn.Sequential(nn.Flatten(), nn.Linear(12, 3)), input_size=2, labels=labels)
    trace = lw.trace(net, "sample:cat")
    read = json.loads(encoded(sheet_of(trace, "<b>")))
    assert tuple(read["labels"]) == labels
    assert {one["label"] for one in read["prediction"]["top"]} == set(labels)
    assert read["id"] == "<b>"


def test_a_sheet_is_json_without_nan(edges: Trace) -> None:
    text = encoded(sheet_of(edges, "x"))
    read = json.loads(text, parse_constant=pytest.fail)
    assert read["ops"][0]["geometry"]["kernel"] == [4, 4]
    assert read["modules"][""] == "Edges"


def test_a_sheet_is_made_once(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    assert answer(library, AskSheet(key)) is answer(library, AskSheet(key))
