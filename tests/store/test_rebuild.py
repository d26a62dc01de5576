from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layerwalk.store import save
from store.surgery import Change, changed, put_together, refused, taken_apart
from store.traces import trace_of


def value_of(graph: dict[str, Any], name: str) -> dict[str, Any]:
    return next(value for value in graph["values"] if value["name"] == name)


def overlap(header: dict[str, Any], graph: dict[str, Any]) -> None:
    header["conv1"]["data_offsets"] = header["relu"]["data_offsets"]


def beyond(header: dict[str, Any], graph: dict[str, Any]) -> None:
    header["conv1"]["data_offsets"] = [2**40, 2**40 + 576]


def in_graph(change: Callable[[dict[str, Any]], object]) -> Change:
    def both(header: dict[str, Any], graph: dict[str, Any]) -> None:
        change(graph)

    return both


def in_value(name: str, **fields: object) -> Change:
    return in_graph(lambda graph: value_of(graph, name).update(fields))


def in_op(index: int, **fields: object) -> Change:
    return in_graph(lambda graph: graph["ops"][index].update(fields))


def in_coding(**fields: object) -> Change:
    coding = {"kind": "raw", "detail": "exact", "max_error": 0.0} | fields
    return in_graph(lambda graph: graph["codings"].update(relu=coding))


DAMAGE: dict[str, tuple[Change, str]] = {
    "overlapping tensors": (overlap, "invalid offset"),
    "offsets beyond the file": (beyond, "offset"),
    "no version": (in_graph(lambda graph: graph.pop("version")), "lacks 'version'"),
    "version 1.5": (in_graph(lambda graph: graph.update(version=1.5)), "not a whole number"),
    "no ops": (in_graph(lambda graph: graph.pop("ops")), "lacks 'ops'"),
    "ops are text": (in_graph(lambda graph: graph.update(ops="x")), "'ops' of the graph"),
    "unknown tensor": (in_value("relu", tensor="x"), "tensor 'x' is missing"),
    "metadata as tensor": (in_value("relu", tensor="__metadata__"), "is missing"),
    "other shape": (in_value("relu", shape=[1, 4, 36, 1]), "is no value of shape (1, 4, 36, 1)"),
    "negative shape": (in_value("relu", shape=[-4, 6, 6, 1]), "not negative"),
    "long shape": (in_value("chunk[0]", shape=[1, 3, 6, 2**40]), "beyond its tensor"),
    "huge shape": (in_value("chunk[0]", shape=[2**62, 2, 6, 6]), "laid out"),
    "many axes": (
        in_value("expand", shape=[1] * 999, strides=[], view={"offset": 0, "strides": [0] * 999}),
        "laid out",
    ),
    "too many elements": (
        in_value("expand", shape=[2**62] * 2, strides=[], view={"offset": 0, "strides": [0, 0]}),
        "laid out",
    ),
    "bool as a length": (in_value("relu", shape=[True, 4, 6, 6]), "whole number"),
    "strides of another shape": (in_value("relu", strides=[1]), "do not belong"),
    "view beyond": (
        in_value("chunk[1]", view={"offset": 73, "strides": [0, 36, 6, 1]}),
        "beyond its tensor",
    ),
    "view before": (
        in_value("chunk[1]", view={"offset": -1, "strides": [0, 36, 6, 1]}),
        "not negative",
    ),
    "negative strides": (
        in_value("chunk[1]", view={"offset": 72, "strides": [0, -36, 6, 1]}),
        "not negative",
    ),
    "view of fewer axes": (
        in_value("chunk[1]", view={"offset": 72, "strides": [36, 6, 1]}),
        "do not belong",
    ),
    "view far away": (
        in_value("chunk[1]", view={"offset": 2**63 - 1, "strides": [0, 36, 6, 1]}),
        "beyond its tensor",
    ),
    "unknown role": (in_value("relu", role="spy"), "unknown role"),
    "two of one number": (in_value("relu", id=0), "two values"),
    "missing value": (in_op(1, inputs=[99]), "value 99 does not exist"),
    "cyclic": (in_op(0, inputs=[6]), "before it was made"),
    "itself": (in_op(1, inputs=[5]), "before it was made"),
    "made twice": (in_op(2, outputs=[5]), "two ops made"),
    "ref beyond": (in_op(1, arguments=[["x", {"ref": 1}]]), "names the input 1 of 1"),
    "ref negative": (in_op(1, arguments=[["x", {"ref": -1}]]), "names the input -1"),
    "ref in settings": (in_op(1, settings={"x": [{"ref": 9}]}), "names the input 9"),
    "ref is true": (in_op(1, arguments=[["x", {"ref": True}]]), "cannot be read"),
    "argument without name": (in_op(1, arguments=[[1, 2]]), "no name"),
    "unknown argument": (in_op(1, arguments=[["x", {"eval": "1"}]]), "kind 'eval'"),
    "argument of two kinds": (in_op(1, arguments=[["x", {"ref": 0, "y": 1}]]), "cannot be read"),
    "complex of texts": (in_op(1, arguments=[["x", {"complex": ["a", 1.0]}]]), "two numbers"),
    "odd float": (in_op(1, arguments=[["x", {"float": "1.0"}]]), "cannot be read"),
    "writes beyond": (in_op(1, writes=[1]), "does not have"),
    "writes text": (in_op(1, writes=["0"]), "position of an input"),
    "random is 1": (in_op(1, random=1), "true or false"),
    "output missing": (in_graph(lambda graph: graph.update(outputs=[77, 0])), "does not exist"),
    "paths missing": (in_graph(lambda graph: graph.update(output_paths=[])), "do not match"),
    "labels of numbers": (in_graph(lambda graph: graph.update(labels=[1])), "a list of texts"),
    "photo elsewhere": (in_graph(lambda graph: graph["photo"].update(tensor="add")), "photo"),
    "photo of floats": (in_graph(lambda graph: graph["photo"].update(tensor="expand")), "U8"),
    "photo in no place": (in_graph(lambda graph: graph["photo"].update(box=[1.0])), "photo's"),
    "failure is text": (in_graph(lambda graph: graph.update(failure="x")), "not a table"),
    "provenance of numbers": (
        in_graph(lambda graph: graph.update(provenance={"a": 1})),
        "not a text",
    ),
    "coded as unknown": (in_coding(kind="zip"), "cannot be coded as 'zip'"),
    "detail unknown": (in_coding(detail="rough"), "unknown detail"),
    "float32 as half": (in_coding(kind="half"), "cannot be coded as 'half'"),
    "pairs of six": (in_coding(kind="pairs"), "cannot be coded as 'pairs'"),
    "float32 as codes": (in_coding(kind="compact"), "cannot be coded as 'compact'"),
    "error is text": (in_coding(max_error="x"), "whole number"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_told(name: str, saved: Path) -> None:
    change, message = DAMAGE[name]
    told = refused(changed(saved, change))
    assert message in told
    assert "the file is damaged (" in told
    assert told.endswith("; save the trace again.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("NaN", "not JSON"),
        ("", "not JSON"),
        ('{"version": 1, "x": ' + "9" * 5000 + "}", "not JSON"),
        ("[]", "not a table"),
        ('{"version": ' + "9" * 400 + "}", "whole number"),
    ],
    ids=["nan", "empty", "long integer", "list", "large version"],
)
def test_graphs_that_are_no_graphs(text: str, message: str, saved: Path) -> None:
    header, _, tensors = taken_apart(saved.read_bytes())
    header["__metadata__"]["layerwalk"] = text
    head = json.dumps(header).encode()
    saved.write_bytes(len(head).to_bytes(8, "little") + head + tensors)
    assert message in refused(saved)


@pytest.fixture
def compacted(tmp_path: Path) -> Path:
    array = np.random.default_rng(0).standard_normal((2, 4, 30, 30)).astype(np.float32)
    return save(trace_of(x=array), tmp_path / "compact.safetensors", detail="compact")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"axis": 4}, "no such channels"),
        ({"axis": 0}, "'x.scale' is F32 (4,) where F32 (2,) belongs"),
        ({"axis": None}, "where F32 (1,) belongs"),
        ({"scale": "x"}, "where F32 (4,) belongs"),
        ({"zero": "x.scale"}, "where U8 (4,) belongs"),
        ({"zero": "y"}, "'y' is missing"),
    ],
)
def test_scales_that_do_not_fit(fields: dict[str, Any], message: str, compacted: Path) -> None:
    changed(compacted, lambda _, graph: graph["codings"]["x"].update(fields))
    assert message in refused(compacted)


def test_a_scale_that_is_no_number(compacted: Path) -> None:
    header, graph, tensors = taken_apart(compacted.read_bytes())
    begin = header["x.scale"]["data_offsets"][0]
    broken = tensors[:begin] + b"\xff\xff\xff\xff" + tensors[begin + 4 :]
    compacted.write_bytes(put_together(header, graph, broken))
    assert "a scale that is no number" in refused(compacted)


def test_a_type_of_cell_that_numpy_has_not(saved: Path) -> None:
    def change(header: dict[str, Any], graph: dict[str, Any]) -> None:
        header["photo"].update(dtype="F8_E4M3")
        value_of(graph, "relu").update(tensor="photo")

    assert "unknown type 'F8_E4M3'" in refused(changed(saved, change))
