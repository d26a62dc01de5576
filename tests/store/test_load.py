from __future__ import annotations

import gc
import json
import os
import pickle
import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from layerwalk.errors import FileError
from layerwalk.record import Trace
from layerwalk.store import Detail, load, save
from store.surgery import changed, refused, taken_apart
from store.traces import assert_same, trace_of

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into Linux's /proc")


def test_a_missing_file(tmp_path: Path) -> None:
    assert "there is no such file; check the path." in refused(tmp_path / "no.safetensors")
    assert "there is no such file" in refused(tmp_path / "no" / "no.safetensors")


def test_a_folder(tmp_path: Path) -> None:
    assert "this is a folder" in refused(tmp_path)


def test_a_device() -> None:
    assert "this is not a regular file" in refused(Path(os.devnull))


def test_a_name_that_no_file_has() -> None:
    assert "cannot be read" in refused(Path("a\0b"))


@pytest.mark.parametrize("start", [b"", b"\x80", b"abc", b"\x02\0\0\0\0\0\0\0{}"])
def test_short_files(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(start)
    assert ("the file is empty" in refused(path)) == (not start)


def test_a_zip_archive(tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", b"x")
    assert "this is a zip archive (a PyTorch checkpoint, perhaps), not a trace" in refused(path)


@dataclass
class Bomb:
    """Unpickled, it makes a folder."""

    folder: str

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.folder,)


def test_a_pickle_is_never_run(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    path.write_bytes(pickle.dumps(Bomb(str(tmp_path / "run"))))
    assert "this is a Python pickle, not a trace" in refused(path)
    assert not (tmp_path / "run").exists()


def test_a_text(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear reader, this is no trace.")
    assert "this is not a safetensors file; open a file written by trace.save()." in refused(path)


def test_weights_of_a_model(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file({"a": np.zeros(3), "b": np.zeros(3)}, path, metadata={"format": "pt"})
    assert "this safetensors file holds 2 tensors and no trace" in refused(path)
    save_file({"a": np.zeros(3)}, path)
    assert "this safetensors file holds 1 tensors and no trace" in refused(path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(saved: Path) -> None:
    saved.chmod(0)
    assert "the file may not be read" in refused(saved)


def test_a_newer_format(saved: Path) -> None:
    changed(saved, lambda _, graph: graph.update(version=2, ops="of another kind"))
    assert refused(saved).endswith(
        "the trace is of format 2, and this layerwalk reads up to format 1; upgrade layerwalk."
    )


def test_truncated(saved: Path) -> None:
    raw = saved.read_bytes()
    for length in (*range(20), len(raw) // 2, len(raw) - 1):
        saved.write_bytes(raw[:length])
        refused(saved)
    saved.write_bytes(raw + b"\0")
    assert "the file is damaged" in refused(saved)


@pytest.mark.parametrize("length", [2**63, 2**64 - 1, 99_000_000, 1])
def test_a_header_of_the_wrong_length(length: int, saved: Path) -> None:
    saved.write_bytes(length.to_bytes(8, "little") + saved.read_bytes()[8:])
    refused(saved)


@pytest.mark.parametrize("text", ["[" * 100_000 + "]" * 100_000, '{"a":' * 50_000, "[" * 10**6])
def test_deep_nesting(text: str, saved: Path) -> None:
    header, _, tensors = taken_apart(saved.read_bytes())
    header["__metadata__"]["layerwalk"] = text
    head = json.dumps(header).encode()
    saved.write_bytes(len(head).to_bytes(8, "little") + head + tensors)
    assert "nested too deeply" in refused(saved)
    deep = b'{"a":' + text.encode() + b"}"
    saved.write_bytes(len(deep).to_bytes(8, "little") + deep)
    assert "damaged" in refused(saved)


def test_arguments_nested_as_deeply_as_json_allows(saved: Path) -> None:
    header, graph, tensors = taken_apart(saved.read_bytes())
    for depth in (100, 300, 500, 700, 900, 950, 980):
        graph["ops"][0]["arguments"] = [["x", "DEEP"]]
        header["__metadata__"]["layerwalk"] = json.dumps(graph).replace(
            '"DEEP"', "[" * depth + "]" * depth
        )
        text = json.dumps(header).encode()
        saved.write_bytes(len(text).to_bytes(8, "little") + text + tensors)
        try:
            load(saved)
        except FileError as problem:
            assert "nested too deeply" in str(problem)  # noqa: PT017 - either is right


def test_arrays_are_read_only_views_of_the_file(saved: Path) -> None:
    trace = load(saved)
    whole = trace["conv1"].array()
    part = trace["conv1"].outputs[0].read(0, slice(1, 3))
    assert np.shares_memory(whole, part)
    assert not whole.flags.writeable
    assert not part.flags.writeable
    assert trace.photo is not None
    assert not trace.photo.pixels.flags.writeable


def mapped(path: Path) -> int:
    return Path("/proc/self/maps").read_text().count(str(path))


def opened(path: Path) -> int:
    found = 0
    for link in Path("/proc/self/fd").iterdir():
        try:
            found += os.readlink(link) == str(path)  # noqa: PTH115 - the text of the link
        except FileNotFoundError:
            continue
    return found


@linux
def test_the_file_closes_with_the_trace(saved: Path) -> None:
    gc.collect()
    gc.disable()  # no cycle may keep it open
    try:
        trace = load(saved)
        part = trace["conv1"].array()[0, 1]
        assert mapped(saved) == 1
        del trace
        assert mapped(saved) == 1  # an array is still alive
        del part
        assert (mapped(saved), opened(saved)) == (0, 0)
        saved.write_bytes(saved.read_bytes()[:-1])
        refused(saved)
        assert (mapped(saved), opened(saved)) == (0, 0)
    finally:
        gc.enable()


@linux
def test_the_file_may_be_deleted_meanwhile(walk: Trace, saved: Path) -> None:
    trace = load(saved)
    saved.unlink()
    assert_same(walk, trace)


def resident(path: Path) -> int:
    """Bytes of the mapped file that this process has touched."""
    lines = Path("/proc/self/smaps").read_text().splitlines()
    start = next(k for k, line in enumerate(lines) if line.endswith(str(path)))
    rss = next(line for line in lines[start:] if line.startswith("Rss:"))
    return int(rss.split()[1]) * 1024


@linux
@pytest.mark.parametrize("detail", ["exact", "half", "compact"])
def test_one_channel_touches_only_its_pages(detail: Detail, tmp_path: Path) -> None:
    array = np.random.default_rng(0).random((1, 64, 512, 512), np.float32)
    path = save(trace_of(x=array), tmp_path / "large.safetensors", detail=detail)
    size = path.stat().st_size
    trace = load(path)
    channel = trace.outputs[0].read(0, 40)
    assert abs(float(channel.max()) - 1) < 0.02
    assert resident(path) < size / 4


def test_a_long_walk(tmp_path: Path) -> None:
    # A chain of 20,000 ops: neither reading nor dropping it may recurse.
    trace = trace_of(x=np.zeros(1))
    ops, last = [trace.ops[0]], trace.outputs[0]
    for k in range(1, 20_000):
        made = replace(last, id=k, name=f"op{k}", op=None)
        op = replace(trace.ops[0], index=k, name=f"op{k}", inputs=(last,), made=(made,))
        ops.append(op)
        last = op.outputs[0]
    long = replace(trace, ops=tuple(ops), outputs=(last,))
    loaded = load(save(long, tmp_path / "long.safetensors"))
    assert len(loaded) == 20_000
    value = loaded.outputs[0]
    assert value.op is not None
    assert value.op.inputs[0].name == "op19998"
    del loaded, value
