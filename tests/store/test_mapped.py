from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerwalk.errors import FileError, NotFoundError
from layerwalk.record import Array, Trace
from layerwalk.store import Absent, Detail, Mapped, load, save
from store.surgery import changed, taken_apart
from store.traces import one, trace_of

SHAPE = (2, 5, 24, 25)


def families(folder: Path) -> dict[str, Trace]:
    """One array and views of it, saved and loaded with each detail."""
    base = np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32)
    base[base < 0] = 0
    windows = np.lib.stride_tricks.sliding_window_view(base, (3, 3), axis=(2, 3))
    trace = trace_of(
        base=base,
        flat=base.reshape(2, -1),
        part=base[:, 1:4, ::2],
        turned=base.transpose(3, 1, 0, 2),
        odd=base.reshape(-1)[7:-13].reshape(4, -1),
        wide=np.broadcast_to(base[:, :1], SHAPE),
        windows=windows,
    )
    bits = trace_of(dtype="bfloat16", base=(base.view(np.uint32) & 0xFFFF0000).view(np.float32))
    details: tuple[Detail, ...] = ("exact", "half", "compact")
    loaded = {
        detail: load(save(trace, folder / f"{detail}.safetensors", detail=detail))
        for detail in details
    }
    return loaded | {"bfloat16": load(save(bits, folder / "bits.safetensors"))}


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Trace]:
    return families(tmp_path_factory.mktemp("mapped"))


@pytest.mark.parametrize("detail", ["half", "compact"])
def test_views_decode_to_what_their_base_decodes_to(detail: str, family: dict[str, Trace]) -> None:
    trace = family[detail]
    base = one(trace, "base").array()
    assert base.dtype == np.float32
    for name, expected in {
        "flat": base.reshape(2, -1),
        "part": base[:, 1:4, ::2],
        "turned": base.transpose(3, 1, 0, 2),
        "odd": base.reshape(-1)[7:-13].reshape(4, -1),
        "wide": np.broadcast_to(base[:, :1], SHAPE),
        "windows": np.lib.stride_tricks.sliding_window_view(base, (3, 3), axis=(2, 3)),
    }.items():
        np.testing.assert_array_equal(one(trace, name).array(), expected)


@st.composite
def regions(draw: st.DrawFn, shape: tuple[int, ...]) -> tuple[slice | int, ...]:
    region: list[slice | int] = []
    for length in shape[: draw(st.integers(0, len(shape)))]:
        if draw(st.booleans()):
            region.append(draw(st.integers(-length, length - 1)))
        else:
            ends = st.none() | st.integers(-length - 1, length + 1)
            step = draw(st.none() | st.integers(-3, 3).filter(bool))
            region.append(slice(draw(ends), draw(ends), step))
    return tuple(region)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_region_of_any_value(data: st.DataObject, family: dict[str, Trace]) -> None:
    trace = family[data.draw(st.sampled_from(sorted(family)))]
    value = data.draw(st.sampled_from(trace.values))
    region = data.draw(regions(value.shape))
    found, expected = value.read(*region), value.array()[(*region, ...)]
    assert found.dtype == expected.dtype
    assert not found.flags.writeable
    np.testing.assert_array_equal(found, expected)


def test_a_region_that_is_not_there(family: dict[str, Trace]) -> None:
    value = one(family["exact"], "base")
    with pytest.raises(NotFoundError, match=r"no region \(2,\) in a value of shape \(2, 5, 24, 25"):
        value.read(2)
    with pytest.raises(NotFoundError):
        value.read(0, 0, 0, 0, 0)


def test_one_number_is_an_array(family: dict[str, Trace]) -> None:
    for trace in family.values():
        number = one(trace, "base").read(0, 1, 2, 3)
        assert isinstance(number, np.ndarray)
        assert number.shape == ()


def peak_of_reading(trace: Trace, *region: slice | int) -> int:
    value = trace.values[0]
    tracemalloc.start()
    try:
        value.read(*region)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("detail", ["exact", "half", "compact"])
def test_only_the_region_is_decoded(detail: Detail, tmp_path: Path) -> None:
    array = np.random.default_rng(0).random((1, 64, 128, 128), np.float32)
    trace = load(save(trace_of(x=array), tmp_path / "a.safetensors", detail=detail))
    channel = 4 * 128 * 128
    assert peak_of_reading(trace, 0, 9) < (4096 if detail == "exact" else 3 * channel)


@pytest.mark.parametrize("detail", ["half", "compact"])
def test_a_small_file_cannot_ask_for_much_memory(detail: Detail, tmp_path: Path) -> None:
    array = np.random.default_rng(0).random((1, 3, 50, 50), np.float32)
    path = save(trace_of(x=array), tmp_path / "a.safetensors", detail=detail)

    def swell(header: dict[str, Any], graph: dict[str, Any]) -> None:
        view = {"offset": 0, "strides": [0, 0, 1, 1]}
        graph["values"][0].update(shape=[2**15, 2**15, 3000, 3000], strides=[], view=view)

    trace = load(changed(path, swell))
    assert peak_of_reading(trace) < 1 << 20
    found = trace.values[0].array()
    assert found.shape == (2**15, 2**15, 3000, 3000)
    flat = load(save(trace_of(x=array), path, detail=detail)).values[0].array().reshape(-1)
    assert found[5, 5, 100, 200] == flat[300]


def test_data_is_frozen(family: dict[str, Trace]) -> None:
    data = one(family["half"], "base").data
    assert isinstance(data, Mapped)
    assert data.strides == (3000, 600, 25, 1)
    with pytest.raises(AttributeError):
        data.max_error = 0.0  # type: ignore[misc]


def test_absent() -> None:
    absent = Absent((3, 1), "fc.weight")
    assert absent.strides == (3, 1)
    with pytest.raises(FileError, match=r"fc.weight was left out .*; save it with weights=True"):
        absent.read((0,))


def test_bfloat16_of_every_bit_pattern(tmp_path: Path) -> None:
    every = (np.arange(2**16, dtype=np.uint32) << 16).view(np.float32)
    path = save(trace_of(dtype="bfloat16", x=every), tmp_path / "a.safetensors")
    found: Array = load(path).values[0].array()
    np.testing.assert_array_equal(found.view(np.uint32), every.view(np.uint32))
    assert taken_apart(path.read_bytes())[0]["x"]["dtype"] == "BF16"
