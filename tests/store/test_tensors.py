from __future__ import annotations

import json
import mmap
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from layerwalk.store.document import Damaged
from layerwalk.store.tensors import CELLS, Spec, TensorFile, c_strides, header, laid_out

SPECS = [
    Spec("small", "U8", (3,)),
    Spec("none", "F16", (0, 4)),
    Spec("wide", "F64", (2, 2)),
    Spec("one", "F32", ()),
    Spec("bits", "BF16", (5,)),
]


def mapped(path: Path) -> TensorFile:
    with path.open("rb") as stream:
        return TensorFile.over(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))


def written(path: Path, metadata: dict[str, str]) -> Path:
    specs = laid_out(SPECS)
    head = header(specs, metadata)
    assert head is not None
    path.write_bytes(head + b"".join(bytes(spec.nbytes) for spec in specs))
    return path


def test_the_library_reads_the_header(tmp_path: Path) -> None:
    metadata = {"layerwalk": 'quote " \u2028 \U0001f600', "": ""}
    path = written(tmp_path / "a.safetensors", metadata)
    with safe_open(path, framework="numpy") as file:
        assert file.metadata() == metadata
        for spec in SPECS:
            part = file.get_slice(spec.name)
            assert (part.get_dtype(), tuple(part.get_shape())) == (spec.tag, spec.shape)
    ours = mapped(path)
    assert ours.metadata == metadata
    assert {name: slot.shape for name, slot in ours.slots.items()} == {
        spec.name: spec.shape for spec in SPECS
    }


def test_everything_is_aligned(tmp_path: Path) -> None:
    for text in ("", "x", "xx", "xxxxxxx"):
        file = mapped(written(tmp_path / "a.safetensors", {"text": text}))
        for name, slot in file.slots.items():
            assert slot.begin % CELLS[slot.tag].itemsize == 0, name


def test_a_header_that_grows_too_long_is_none() -> None:
    assert header([], {"text": "x" * 100_000_000}) is None


def test_a_type_that_the_library_does_not_know_is_never_written(tmp_path: Path) -> None:
    for tag in CELLS:
        head = header([Spec("x", tag, (2,))], {})
        assert head is not None
        path = tmp_path / f"{tag}.safetensors"
        path.write_bytes(head + bytes(2 * CELLS[tag].itemsize))
        with safe_open(path, framework="numpy") as file:
            assert file.get_slice("x").get_dtype() == tag


@pytest.fixture
def file(tmp_path: Path) -> TensorFile:
    return mapped(written(tmp_path / "a.safetensors", {}))


def test_windows_stay_within_their_tensor(file: TensorFile) -> None:
    slot, double = file.slot("wide"), CELLS["F64"]
    assert file.window(slot, double, 1, (3,), (1,)).shape == (3,)
    assert file.window(slot, double, 0, (10**6, 4), (0, 1)).shape == (10**6, 4)
    assert file.window(slot, double, 9, (0, 7), (9, 9)).shape == (0, 7)
    for offset, shape, strides in [
        (1, (4,), (1,)),
        (4, (), ()),
        (0, (2, 2), (3, 2)),
        (0, (2,), (2**62,)),
        (2**62, (1,), (0,)),
        (3, (2,), (-1,)),
        (0, (2,), ()),
        (0, (2**40, 2**40), (0, 0)),
    ]:
        with pytest.raises(Damaged):
            file.window(slot, double, offset, shape, strides)


def test_windows_of_an_empty_tensor(file: TensorFile) -> None:
    slot = file.slot("none")
    assert file.window(slot, CELLS["F16"], 0, (0, 4), (0, 1)).shape == (0, 4)
    with pytest.raises(Damaged):
        file.window(slot, CELLS["F16"], 0, (1,), (1,))


def test_cells_are_of_the_type_and_shape_asked_for(file: TensorFile) -> None:
    assert file.cells("wide", "F64", (2, 2)).dtype == np.float64
    for name, tag, shape in [("wide", "F32", (2, 2)), ("wide", "F64", (4,)), ("x", "F64", ())]:
        with pytest.raises(Damaged):
            file.cells(name, tag, shape)


@pytest.mark.parametrize(
    "table",
    [
        {"a": {"dtype": "U8", "shape": [1]}},
        {"a": {"dtype": "U8", "shape": [1], "data_offsets": [0]}},
        {"a": {"dtype": "U8", "shape": [-1], "data_offsets": [0, 1]}},
        {"a": {"dtype": 8, "shape": [1], "data_offsets": [0, 1]}},
        {"a": []},
        {"__metadata__": {"a": 1}},
        [],
    ],
    ids=str,
)
def test_headers_are_read_again_without_trust(table: object, tmp_path: Path) -> None:
    # The library has refused these already; the arrays are laid over our own reading.
    text = json.dumps(table).encode()
    path = tmp_path / "a.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"\0")
    with pytest.raises(Damaged):
        mapped(path)
    path.write_bytes((len(text) + 2).to_bytes(8, "little") + text)
    with pytest.raises(Damaged, match="longer than the file"):
        mapped(path)


def test_c_strides_are_numpys() -> None:
    for shape in [(), (3,), (2, 3, 4), (1, 5, 1)]:
        steps = tuple(s // 8 for s in np.empty(shape).strides)
        expected = tuple(s if n > 1 else 0 for n, s in zip(shape, steps, strict=True))
        assert c_strides(shape) == expected
