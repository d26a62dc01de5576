from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from safetensors import safe_open

from layerwalk.errors import FileError, LayerwalkError
from layerwalk.record import Array, Ref, Trace
from layerwalk.store import Detail, load, save
from store.traces import assert_same, one, trace_of


def graph(path: Path) -> Any:
    with safe_open(path, framework="numpy") as file:
        return json.loads(file.metadata()["layerwalk"])


def test_everything_survives(walk: Trace, tmp_path: Path) -> None:
    path = save(walk, tmp_path / "walk.safetensors")
    assert path == tmp_path / "walk.safetensors"
    assert_same(walk, load(path))


def test_a_trace_saves_itself(walk: Trace, tmp_path: Path) -> None:
    path = walk.save(str(tmp_path / "walk.safetensors"), detail="exact", weights=True)
    assert_same(walk, load(str(path)))


def test_a_loaded_trace_saves_to_the_same_bytes(walk: Trace, tmp_path: Path) -> None:
    first = save(walk, tmp_path / "a.safetensors").read_bytes()
    assert save(walk, tmp_path / "b.safetensors").read_bytes() == first
    again = save(load(tmp_path / "a.safetensors"), tmp_path / "c.safetensors")
    assert again.read_bytes() == first


def test_a_trace_can_replace_the_file_it_is_read_from(walk: Trace, tmp_path: Path) -> None:
    path = save(walk, tmp_path / "walk.safetensors")
    opened = load(path)
    save(opened, path)
    assert_same(walk, opened)
    assert_same(walk, load(path))


def test_any_tool_opens_the_tensors(walk: Trace, tmp_path: Path) -> None:
    tensors = safetensors.numpy.load_file(save(walk, tmp_path / "walk.safetensors"))
    for name in ("input", "conv1.weight", "conv1", "relu", "add"):
        np.testing.assert_array_equal(tensors[name], one(walk, name).array())
    assert walk.photo is not None
    np.testing.assert_array_equal(tensors["photo"], walk.photo.pixels)


def test_shared_memory_is_stored_once(walk: Trace, tmp_path: Path) -> None:
    path = save(walk, tmp_path / "walk.safetensors")
    tensors = safetensors.numpy.load_file(path)
    assert {"chunk[0]", "chunk[1]", "flatten"}.isdisjoint(tensors)
    assert tensors["expand"].shape == (1, 1, 5)
    opened = load(path)
    base, view = one(opened, "relu").array(), one(opened, "chunk[1]").array()
    assert np.shares_memory(base[:, 2:], view)
    assert not np.shares_memory(base[:, :2], view)


def test_data_that_is_copied_at_each_read_is_not_taken_for_shared(tmp_path: Path) -> None:
    # A copy's memory is free again after the read, and the next copy may get the same address.
    arrays = {f"v{k}": np.full((64, 64), k, np.float32) for k in range(20)}
    trace = trace_of(arrays, copies=True)
    path = save(trace, tmp_path / "a.safetensors")
    assert len(safetensors.numpy.load_file(path)) == 20
    assert_same(trace, load(path))


TYPES = ["bool", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "c8", "c16"]


@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (1,), (3, 1, 5)], ids=str)
@pytest.mark.parametrize("name", TYPES)
def test_every_type_and_shape(name: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    array = np.frombuffer(rng.bytes(16 * 15), np.dtype(name if name != "bool" else "u1"))
    array = (array % 2 == 1 if name == "bool" else array)[: int(np.prod(shape))].reshape(shape)
    for copies in (False, True):
        trace = trace_of(copies=copies, x=array)
        path = save(trace, tmp_path / "a.safetensors")
        assert_same(trace, load(path))
    assert safetensors.numpy.load_file(path)["x"].shape[: array.ndim] == shape


def test_numbers_that_are_not_finite_and_minus_zero(tmp_path: Path) -> None:
    payload = np.array([0x7FC00001, 0x7F800001, 0xFFC12345], np.uint32).view(np.float32)
    odd = np.concatenate([payload, np.array([np.inf, -np.inf, -0.0, 1e-45], np.float32)])
    trace = trace_of(odd=odd)
    assert_same(trace, load(save(trace, tmp_path / "a.safetensors")))


@pytest.mark.parametrize("copies", [False, True])
def test_bfloat16_is_stored_as_such(copies: bool, tmp_path: Path) -> None:
    bits = np.random.default_rng(2).integers(0, 2**16, (7, 5), dtype=np.uint32)
    array = (bits << 16).view(np.float32)
    trace = trace_of(dtype="bfloat16", copies=copies, x=array, y=array.T[::2])
    path = save(trace, tmp_path / "a.safetensors")
    assert_same(trace, load(path))
    with safe_open(path, framework="numpy") as file:
        assert file.get_slice("x").get_dtype() == "BF16"
        assert file.get_slice("x").get_shape() == [7, 5]


def test_bfloat16_by_name_only_stays_float32(tmp_path: Path) -> None:
    trace = trace_of(dtype="bfloat16", x=np.array([1 / 3], np.float32))
    path = save(trace, tmp_path / "a.safetensors")
    assert_same(trace, load(path))
    assert safetensors.numpy.load_file(path)["x"].dtype == np.float32


def test_big_endian_numbers_are_turned(tmp_path: Path) -> None:
    trace = trace_of(x=np.arange(5, dtype=">f4"))
    loaded = load(save(trace, tmp_path / "a.safetensors")).outputs[0].array()
    assert loaded.dtype == np.dtype("<f4")
    np.testing.assert_array_equal(loaded, np.arange(5))


def test_memory_in_any_order(tmp_path: Path) -> None:
    base = np.arange(2 * 3 * 4 * 5, dtype=np.int32).reshape(2, 3, 4, 5)
    trace = trace_of(
        fortran=np.asfortranarray(base),
        backwards=base[:, ::-1, :, ::-2],
        strided=base[:, :, 1:3, ::2],
        windows=np.lib.stride_tricks.sliding_window_view(base[0, 0], (2, 2)),
        repeated=np.broadcast_to(base[:, :1], base.shape),
    )
    assert_same(trace, load(save(trace, tmp_path / "a.safetensors")))


def test_large_arrays_in_odd_order_are_written_in_chunks(tmp_path: Path) -> None:
    base = np.arange(3 * 700 * 1100, dtype=np.float32).reshape(700, 1100, 3)
    trace = trace_of(x=base.transpose(2, 0, 1), y=base.transpose(2, 0, 1)[:, ::-1].copy()[:, ::-1])
    assert_same(trace, load(save(trace, tmp_path / "a.safetensors")))


def peak_of(action: Callable[[], object]) -> int:
    """The most bytes that were held at once."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("detail", ["exact", "half", "compact"])
def test_the_trace_is_never_held_twice(detail: Detail, tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    arrays = {f"v{k}": rng.random((1, 256, 64, 64), np.float32) for k in range(16)}
    arrays["last"] = rng.random((1, 64, 64, 256), np.float32).transpose(0, 3, 1, 2)
    trace = trace_of(arrays)
    one_value, whole = 4 << 20, 17 * 4 << 20
    peak = peak_of(lambda: save(trace, tmp_path / "a.safetensors", detail=detail))
    assert peak < (3 if detail != "compact" else 6) * one_value < whole / 2


def test_numbers_in_memory_are_written_without_a_copy(tmp_path: Path) -> None:
    trace = trace_of(x=np.zeros((1, 64, 256, 256), np.float32))
    assert peak_of(lambda: save(trace, tmp_path / "a.safetensors")) < 1 << 20


def test_names_are_kept_apart(tmp_path: Path) -> None:
    trace = trace_of({"photo": np.zeros(3), "__metadata__": np.ones(3), "\udc80": np.ones(2)})
    first, second, third = trace.outputs
    made = (first, replace(second, name="photo"), third, replace(second, id=9, data=first.data))
    op = replace(trace.ops[0], made=(*made[:3],), writes=(None,) * 3)
    path = save(replace(trace, ops=(op,), outputs=op.outputs), tmp_path / "a.safetensors")
    assert set(safetensors.numpy.load_file(path)) == {"photo", "photo~2", "?"}
    opened = load(path)
    assert [value.name for value in opened.outputs] == ["photo", "photo", "\udc80"]
    np.testing.assert_array_equal(opened.outputs[1].array(), np.ones(3))


def test_the_name_of_the_metadata_is_no_tensors(tmp_path: Path) -> None:
    trace = trace_of(__metadata__=np.ones(3))
    path = save(trace, tmp_path / "a.safetensors")
    np.testing.assert_array_equal(load(path).outputs[0].array(), np.ones(3))
    assert set(safetensors.numpy.load_file(path)) == {"__metadata__~2"}


def test_an_empty_trace(tmp_path: Path) -> None:
    trace = replace(trace_of(), ops=(), outputs=(), output_paths=(), modules={})
    assert_same(trace, load(save(trace, tmp_path / "a.safetensors")))


def test_tensors_are_aligned(tmp_path: Path) -> None:
    trace = trace_of(a=np.ones(3, np.uint8), b=np.ones(3, np.float64), c=np.ones(3, np.float16))
    for value in load(save(trace, tmp_path / "a.safetensors")).outputs:
        assert value.array().flags.aligned


def test_without_weights(walk: Trace, tmp_path: Path) -> None:
    path = save(walk, tmp_path / "walk.safetensors", weights=False)
    assert {"conv1.weight", "conv1.bias", "bn1.running_mean"}.isdisjoint(
        safetensors.numpy.load_file(path)
    )
    opened = load(path)
    weight = one(opened, "conv1.weight")
    assert (weight.shape, weight.data.strides) == ((4, 3, 3, 3), (27, 9, 3, 1))
    with pytest.raises(FileError) as caught:
        weight.read(0)
    assert str(caught.value) == (
        "conv1.weight was left out when the trace was saved; save it with weights=True."
    )
    # What is not there stays away, whatever is asked for.
    again = load(save(opened, tmp_path / "again.safetensors", weights=True))
    with pytest.raises(FileError, match="left out"):
        one(again, "conv1.weight").array()
    np.testing.assert_array_equal(one(again, "relu").array(), one(walk, "relu").array())


def test_views_of_a_weight_that_is_left_out_keep_their_numbers(tmp_path: Path) -> None:
    matrix = np.arange(12.0).reshape(3, 4)
    trace = trace_of(role="parameter", matrix=matrix)
    made = trace_of(transposed=matrix.T)
    view = replace(made.outputs[0], id=5, op=None)
    op = replace(trace.ops[0], made=(view,), writes=(None,))
    joined = replace(trace, ops=(op,))
    path = save(joined, tmp_path / "a.safetensors", weights=False)
    np.testing.assert_array_equal(load(path).ops[0].array(), matrix.T)


def test_an_unknown_detail(walk: Trace, tmp_path: Path) -> None:
    with pytest.raises(LayerwalkError, match="choose one of exact, half, compact"):
        save(walk, tmp_path / "a.safetensors", detail="rough")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([object()]), "x holds object numbers, which cannot be stored"),
        (np.array([1.0], np.longdouble), "which cannot be stored"),
        (np.array(["text"]), "which cannot be stored"),
    ],
    ids=["object", "longdouble", "text"],
)
def test_arrays_that_cannot_be_stored(array: Array, message: str, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=message):
        save(trace_of(x=array), tmp_path / "a.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_an_argument_that_cannot_be_stored_names_its_op(walk: Trace, tmp_path: Path) -> None:
    op = replace(walk.ops[0], arguments=(("x", [1]),))  # type: ignore[arg-type]
    with pytest.raises(FileError, match="conv1: an argument of type list cannot be stored"):
        save(replace(walk, ops=(op,)), tmp_path / "a.safetensors")


def test_two_ops_cannot_make_one_value(walk: Trace, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="conv1 was made twice"):
        save(replace(walk, ops=(walk.ops[0], walk.ops[0])), tmp_path / "a.safetensors")


def test_a_shape_that_is_not_the_arrays(walk: Trace, tmp_path: Path) -> None:
    trace = trace_of(x=np.zeros(3))
    wrong = replace(trace.outputs[0], shape=(4,), op=None)
    op = replace(trace.ops[0], made=(wrong,))
    with pytest.raises(FileError, match=r"x holds an array of shape \(3,\)"):
        save(replace(trace, ops=(op,), outputs=()), tmp_path / "a.safetensors")


def test_a_value_that_changes_while_it_is_saved(tmp_path: Path) -> None:
    class Growing:
        strides = (1,)
        reads = 0

        def read(self, region: object = ()) -> Array:
            self.reads += 1
            return np.zeros(2 + self.reads)

    trace = trace_of(x=np.zeros(3))
    made = replace(trace.outputs[0], data=Growing(), op=None)
    op = replace(trace.ops[0], made=(made,))
    path = tmp_path / "a.safetensors"
    with pytest.raises(FileError, match="x changed while it was being saved"):
        save(replace(trace, ops=(op,), outputs=()), path)
    assert list(tmp_path.iterdir()) == []


def test_a_graph_that_no_header_holds(
    walk: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layerwalk.store.tensors.LARGEST_HEADER", 1000)
    with pytest.raises(FileError, match="too large for a safetensors header"):
        save(walk, tmp_path / "a.safetensors")
    assert list(tmp_path.iterdir()) == []


def test_the_graph_is_plain_json(walk: Trace, tmp_path: Path) -> None:
    document = graph(save(walk, tmp_path / "walk.safetensors"))
    assert document["version"] == 1
    relu = document["ops"][1]
    assert (relu["name"], relu["inputs"], relu["writes"]) == ("relu", [4], [0])
    chunk = next(value for value in document["values"] if value["name"] == "chunk[1]")
    assert chunk["tensor"] == "relu"
    assert chunk["view"] == {"offset": 72, "strides": [0, 36, 6, 1]}
    assert walk.ops[0].arguments[0] == ("input", Ref(0))


def test_no_torch_is_needed(walk: Trace, tmp_path: Path) -> None:
    path = save(walk, tmp_path / "walk.safetensors")
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "import layerwalk as lw\n"
        f"trace = lw.open({str(path)!r})\n"
        f"trace.save({str(tmp_path / 'again.safetensors')!r}, detail='compact')\n"
        "print(len(trace.ops), trace['conv1'].outputs[0].read(0, 1).shape)\n"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[0] == f"{len(walk.ops)} (6, 6)"
