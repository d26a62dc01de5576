from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from layerwalk.record import Array, Trace
from layerwalk.store import Mapped, load, save
from layerwalk.store.detail import CHUNK, SMALL, chunks, compact, encoded, half_error, scales_of
from store.traces import one, trace_of


def floats(width: Literal[16, 32, 64]) -> st.SearchStrategy[Array]:
    return hnp.arrays(f"f{width // 8}", (3, 2, 4), elements=st.floats(-60000, 60000, width=width))


@given(array=floats(16) | floats(32) | floats(64))
def test_signs_and_zeros_stay_and_errors_are_bounded(array: Array) -> None:
    low = array.min(axis=(0, 2)).astype(np.float64)
    high = array.max(axis=(0, 2)).astype(np.float64)
    scales = scales_of(low, high, inner=4)
    codes = encoded(array, scales)
    numbers = scales.along(codes, np.arange(2).reshape(1, 2, 1))
    # Below the smallest normal float32 a product may vanish; its sign is not worth a code.
    normal = np.abs(array) >= np.finfo(np.float32).tiny
    np.testing.assert_array_equal(np.sign(numbers)[normal], np.sign(array)[normal])
    assert (numbers[array == 0] == 0).all()
    errors = np.abs(numbers - array.astype(np.float64)).max(axis=(0, 2))
    assert (errors <= scales.scale * np.float32(1.001)).all()
    # No code is wasted on a side where nothing lies.
    span = np.maximum(high, 0) - np.minimum(low, 0)
    assert (scales.scale <= np.maximum(span / 127, np.finfo(np.float32).tiny)).all()


def test_each_sign_has_a_code_however_small() -> None:
    array = np.array([[-1.0, 1e-9, 0.0], [1.0, -1e-9, 0.0]], np.float32)
    scales = scales_of(array.min(axis=1).astype("f8"), array.max(axis=1).astype("f8"), inner=3)
    numbers = scales.along(encoded(array, scales), np.arange(2).reshape(2, 1))
    np.testing.assert_array_equal(np.sign(numbers), np.sign(array))


def test_a_channel_of_zeros() -> None:
    zero = np.zeros(1)
    scales = scales_of(zero, zero, inner=1)
    assert (scales.along(encoded(np.zeros(3), scales), np.array(0)) == 0).all()


@given(array=hnp.arrays(np.float32, hnp.array_shapes(max_dims=3), elements=st.floats(width=32)))
def test_half_error_is_what_a_slow_loop_finds(array: Array) -> None:
    worst = 0.0
    for number in array.ravel():
        with np.errstate(over="ignore", invalid="ignore"):
            half = float(np.float16(number))
        if np.isfinite(number):
            if not np.isfinite(half):
                assert half_error(array) is None
                return
            worst = max(worst, abs(half - float(number)))
    assert half_error(array) == worst


def test_8_bits_do_not_serve_small_or_wild_tensors() -> None:
    large = np.linspace(-1, 1, SMALL + 1)
    assert compact(large, None) is not None
    assert compact(large[1:], None) is None
    for wild in (np.nan, np.inf, -np.inf, 3e38, 1e300):
        assert compact(np.append(large, wild), None) is None


def test_chunks_are_the_array_in_c_order() -> None:
    array = np.arange(2.0 * 3 * CHUNK).reshape(CHUNK, 3, 2)
    for view in (array, array.T, array[::-1, 1], array[:, ::2, ::-1], array[:0]):
        for dtype in (np.dtype("f8"), np.dtype("f4")):
            pieces = [piece.copy() for piece in chunks(view, dtype)]
            flat = view.ravel().astype(dtype)
            np.testing.assert_array_equal(np.concatenate([*pieces, flat[:0]]), flat)
            assert all(piece.dtype == dtype for piece in pieces)


def test_half(walk: Trace, tmp_path: Path) -> None:
    opened = load(save(walk, tmp_path / "half.safetensors", detail="half"))
    for value in walk.values:
        found = one(opened, value.name)
        data = found.data
        assert isinstance(data, Mapped)
        exact = value.array()
        if value.role == "input":
            assert (data.detail, data.max_error) == ("exact", 0.0)
            assert found.array().tobytes() == exact.tobytes()
            continue
        assert data.detail == "half"
        assert found.array().dtype == np.float32
        np.testing.assert_array_equal(found.array(), exact.astype(np.float16).astype(np.float32))
    relu = one(opened, "relu").data
    exact = one(walk, "relu").array()
    assert isinstance(relu, Mapped)
    assert relu.max_error == np.abs(exact - exact.astype(np.float16)).max()
    assert one(opened, "relu").data.strides == one(walk, "relu").data.strides
    assert opened.provenance["detail"].startswith("half: ")
    assert "largest error" in opened.provenance["detail"]
    assert opened.photo is not None
    assert walk.photo is not None
    np.testing.assert_array_equal(opened.photo.pixels, walk.photo.pixels)


def test_half_keeps_what_float16_cannot(tmp_path: Path) -> None:
    arrays = {
        "loud": np.array([1.0, 70000.0], np.float32),
        "edge": np.array([65519.9, 1.0], np.float32),
        "odd": np.array([np.nan, np.inf, -np.inf, 0.1], np.float32),
        "huge": np.array([1e300, 1.0]),
        "whole": np.array([2**40, 3]),
        "flags": np.array([True, False]),
        "complex": np.array([0.1 + 0.3j], np.complex64),
        "already": np.array([0.1], np.float16),
    }
    trace = trace_of(arrays)
    opened = load(save(trace, tmp_path / "a.safetensors", detail="half"))
    details = {value.name: value.data.detail for value in opened.outputs}  # type: ignore[attr-defined]
    assert {name for name, detail in details.items() if detail == "half"} == {"edge", "odd"}
    for value in opened.outputs:
        if value.name in ("edge", "odd"):
            halves = arrays[value.name].astype(np.float16).astype(np.float32)
            np.testing.assert_array_equal(value.array(), halves)
        else:
            assert value.array().tobytes() == arrays[value.name].tobytes()
    odd = opened.outputs[2].data
    assert isinstance(odd, Mapped)
    assert odd.max_error == float(abs(np.float32(0.1) - np.float32(np.float16(0.1))))


def test_compact(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    loud = rng.standard_normal((2, 6, 30, 31)) * 10.0 ** np.arange(-3, 3).reshape(1, 6, 1, 1)
    relu = np.maximum(loud, 0).astype(np.float32)
    trace = trace_of(relu=relu, view=relu.reshape(2, -1), channel=relu[:, 2], logits=relu[:1, 0, 0])
    path = save(trace, tmp_path / "a.safetensors", detail="compact")
    stored = safetensors.numpy.load_file(path)
    assert set(stored) == {"relu", "relu.scale", "relu.zero"}
    assert stored["relu"].dtype == np.uint8
    # Any tool can decode it: (code - zero) * scale.
    by_hand = (stored["relu"].astype(np.float32) - stored["relu.zero"].reshape(1, 6, 1, 1)) * (
        stored["relu.scale"].reshape(1, 6, 1, 1)
    )
    opened = load(path)
    whole, view, channel, logits = opened.outputs
    np.testing.assert_array_equal(whole.array(), by_hand)
    np.testing.assert_array_equal(view.array(), by_hand.reshape(2, -1))
    np.testing.assert_array_equal(channel.array(), by_hand[:, 2])
    np.testing.assert_array_equal(logits.array(), by_hand[:1, 0, 0])
    np.testing.assert_array_equal(whole.array() == 0, relu == 0)
    data = whole.data
    assert isinstance(data, Mapped)
    assert data.detail == "compact"
    assert data.max_error == np.abs(by_hand - relu.astype(np.float64)).max()
    # A quiet channel is not drowned by a loud one.
    for c in range(6):
        worst = np.abs(by_hand[:, c] - relu[:, c]).max()
        assert worst <= relu[:, c].max() / 255
    assert opened.provenance["detail"].startswith("compact: 1 tensors in 8 bits")


def test_compact_goes_by_output_channel_for_weights(tmp_path: Path) -> None:
    weight = np.random.default_rng(4).standard_normal((8, 32, 5, 5)).astype(np.float32)
    weight[3] *= 1000
    path = save(trace_of(role="parameter", w=weight), tmp_path / "a.safetensors", detail="compact")
    assert safetensors.numpy.load_file(path)["w.scale"].shape == (8,)
    (value,) = load(path).values
    np.testing.assert_allclose(value.array()[:3], weight[:3], atol=np.abs(weight[:3]).max() / 100)


def test_compact_keeps_what_8_bits_cannot(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    plain = rng.standard_normal((1, 4, 40, 40)).astype(np.float32)
    odd, wide = plain.copy(), plain.astype(np.float64) * 1e300
    odd[0, 0, 0, :3] = np.nan, np.inf, -np.inf
    trace = trace_of(
        plain=plain, odd=odd, wide=wide, small=plain[..., 0].copy(), whole=np.arange(5000)
    )
    opened = load(save(trace, tmp_path / "a.safetensors", detail="compact"))
    details = [value.data.detail for value in opened.outputs]  # type: ignore[attr-defined]
    assert details == ["compact", "half", "exact", "half", "exact"]
    np.testing.assert_array_equal(opened.outputs[1].array(), odd.astype(np.float16))
    np.testing.assert_array_equal(opened.outputs[2].array(), wide)


def test_compact_takes_every_float_and_flat_tensors(tmp_path: Path) -> None:
    line = np.random.default_rng(10).standard_normal(5000)
    kinds = {name: line.astype(name) for name in ("f2", "f4", "f8")}
    opened = load(save(trace_of(kinds), tmp_path / "a.safetensors", detail="compact"))
    for value in opened.outputs:
        assert isinstance(value.data, Mapped)
        assert value.data.detail == "compact"
        found, exact = value.array(), kinds[value.name].astype(np.float64)
        assert found.dtype == np.float32
        assert np.abs(found - exact).max() == value.data.max_error < 0.05


def test_compact_shares_a_scale_where_channels_are_short(tmp_path: Path) -> None:
    features = np.random.default_rng(6).standard_normal((1, 25088)).astype(np.float32)
    path = save(trace_of(x=features), tmp_path / "a.safetensors", detail="compact")
    assert safetensors.numpy.load_file(path)["x.scale"].shape == (1,)
    found = load(path).outputs[0].array()
    assert np.abs(found - features).max() <= (features.max() - features.min()) / 254


def test_constants_and_whatever_shares_their_memory_stay_exact(tmp_path: Path) -> None:
    table = np.random.default_rng(7).standard_normal((80, 80)).astype(np.float32)
    trace = trace_of(role="constant", table=table)
    same_trace = load(save(trace, tmp_path / "a.safetensors", detail="half"))
    np.testing.assert_array_equal(same_trace.values[0].array(), table)


def test_what_was_lost_is_not_forgotten(tmp_path: Path) -> None:
    array = np.random.default_rng(8).standard_normal((1, 4, 40, 40)).astype(np.float32)
    first = load(save(trace_of(x=array), tmp_path / "a.safetensors", detail="compact"))
    exact = load(save(first, tmp_path / "b.safetensors"))
    half = load(save(exact, tmp_path / "c.safetensors", detail="half"))
    np.testing.assert_array_equal(first.outputs[0].array(), exact.outputs[0].array())
    lost = [trace.outputs[0].data for trace in (first, exact, half)]
    assert [data.detail for data in lost] == ["compact"] * 3  # type: ignore[attr-defined]
    one_, two, three = [data.max_error for data in lost]  # type: ignore[attr-defined]
    assert one_ == two < three
    assert np.abs(half.outputs[0].array() - array).max() <= three
    assert exact.provenance["detail"] == first.provenance["detail"]
    assert "; then half: " in half.provenance["detail"]
