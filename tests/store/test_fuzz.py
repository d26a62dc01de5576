from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerwalk.errors import FileError
from layerwalk.record import Trace
from layerwalk.store import Detail, load, save
from store.surgery import put_together, taken_apart
from store.traces import trace_of


def outcome(path: Path) -> None:
    """A trace whose every value reads, or a FileError; anything else escapes."""
    try:
        trace = load(path)
    except FileError as problem:
        assert str(path) in str(problem)  # noqa: PT017 - either outcome is right
        return
    for value in trace.values:
        try:
            array = value.array()
        except FileError as problem:
            assert "left out" in str(problem)  # noqa: PT017
            continue
        assert array.shape == value.shape
        if array.size:
            assert np.asarray(array[(-1,) * array.ndim]).size == 1


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 300)
    | st.sampled_from([2**31, 2**62, 2**63, -(2**63), 10**40])
    | st.floats(allow_nan=False)
    | st.sampled_from(["", "relu", "conv1", "x", "x.scale", "compact", "half", "raw", "F32", "U8"])
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


def nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a tree of JSON, as its container and key."""
    keys = tree.keys() if isinstance(tree, dict) else range(len(tree))
    for key in keys:
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from nodes(tree[key])


def mutated(tree: Any, data: st.DataObject) -> None:
    places = list(nodes(tree))
    container, key = places[data.draw(st.integers(0, len(places) - 1))]
    action = data.draw(st.sampled_from(["set", "delete", "copy", "near"]))
    if action == "delete":
        del container[key]
    elif action == "copy":
        donor, part = places[data.draw(st.integers(0, len(places) - 1))]
        container[key] = copy.deepcopy(donor[part])
    elif action == "near" and type(container[key]) is int:
        container[key] += data.draw(st.sampled_from([-2, -1, 1, 2, 1000]))
    else:
        container[key] = data.draw(ANYTHING)


FUZZ = settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def files(walk: Trace, tmp_path: Path) -> list[bytes]:
    """Small files of each detail, one without weights."""
    array = np.random.default_rng(0).standard_normal((1, 2, 50, 50)).astype(np.float32)
    kinds = trace_of(
        x=array, flat=array.reshape(1, -1), pair=np.ones(3, np.complex64), none=np.ones((0, 2))
    )
    half = trace_of(dtype="bfloat16", b=np.ones(4, np.float32), h=np.array([0.1], np.float32))
    saves: list[tuple[Trace, Detail, bool]] = [
        (walk, "exact", True),
        (walk, "half", False),
        (kinds, "compact", True),
        (half, "half", True),
    ]
    path = tmp_path / "sample.safetensors"
    return [
        save(trace, path, detail=detail, weights=weights).read_bytes()
        for trace, detail, weights in saves
    ]


@FUZZ
@given(data=st.data())
def test_flipped_and_cut_bytes(data: st.DataObject, files: list[bytes], tmp_path: Path) -> None:
    raw = bytearray(data.draw(st.sampled_from(files)))
    head = 8 + int.from_bytes(raw[:8], "little")
    for _ in range(data.draw(st.integers(0, 4))):
        where = data.draw(st.integers(0, head + 8) | st.integers(0, len(raw) - 1))
        raw[min(where, len(raw) - 1)] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        cut = data.draw(st.integers(0, len(raw)))
        raw = raw[:cut] + raw[cut + data.draw(st.integers(0, 16)) :]
    path = tmp_path / "fuzz.safetensors"
    path.write_bytes(raw)
    outcome(path)


@FUZZ
@given(data=st.data())
def test_mutated_json(data: st.DataObject, files: list[bytes], tmp_path: Path) -> None:
    header, graph, tensors = taken_apart(data.draw(st.sampled_from(files)))
    for _ in range(data.draw(st.integers(1, 3))):
        mutated(graph, data)
    if data.draw(st.integers(0, 3)) == 0:
        mutated(header, data)
    path = tmp_path / "fuzz.safetensors"
    path.write_bytes(put_together(header, graph, tensors))
    outcome(path)


def test_the_fuzz_starts_from_files_that_load(files: list[bytes], tmp_path: Path) -> None:
    for raw in files:
        path = tmp_path / "whole.safetensors"
        path.write_bytes(put_together(*taken_apart(raw)))
        assert load(path).ops
        outcome(path)
