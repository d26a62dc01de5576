"""Numbers as a report holds them, read again by a plain reader."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from layerwalk.record import Array
from layerwalk.surfaces.report.coding import code
from surfaces.report.unpack import numbers

_ANY = arrays.arrays(
    st.sampled_from([np.float32, np.float64, np.int64, np.uint8, np.bool_, np.float16]),
    arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)


@given(_ANY)
def test_exact_is_every_bit(array: Array) -> None:
    coded = code(array, "exact")
    back = numbers(coded.text, coded.dtype).reshape(array.shape)
    assert back.tobytes() == array.tobytes()
    assert (coded.worst, coded.scales) == (0.0, "")


def test_half_is_float16_and_says_how_far_off_it_is() -> None:
    array = np.random.default_rng(0).normal(size=(2, 3, 7)).astype(np.float32)
    coded = code(array, "half")
    back = numbers(coded.text, coded.dtype).reshape(array.shape)
    assert coded.dtype == "float16"
    assert (back == array.astype(np.float16)).all()
    assert coded.worst == np.abs(array.astype(float) - back.astype(float)).max()
    assert coded.spread == np.abs(array).max()


@pytest.mark.parametrize("detail", ["half", "compact"])
def test_what_does_not_fit_stays_exact(detail: str) -> None:
    wide = np.array([1e30, 1e-3, np.inf, np.nan], dtype=np.float32)
    coded = code(wide, detail)  # type: ignore[arg-type]
    assert coded.dtype == "float32"
    assert np.array_equal(numbers(coded.text, "float32"), wide, equal_nan=True)
    assert coded.worst == 0


def test_compact_has_a_scale_for_each_channel() -> None:
    array = np.random.default_rng(1).normal(size=(1, 4, 5, 6)).astype(np.float32)
    array[0, 1] *= 1000
    array[0, 2] = 7.5
    coded = code(array, "compact")
    scales = numbers(coded.scales, "float32").reshape(4, 2)
    levels = numbers(coded.text, "uint8").reshape(array.shape)
    back = levels * scales[:, 1].reshape(1, 4, 1, 1) + scales[:, 0].reshape(1, 4, 1, 1)
    off = np.abs(back - array).max(axis=(0, 2, 3))
    assert (off <= scales[:, 1] * 0.5 + 1e-5).all()
    assert (back[0, 2] == 7.5).all()
    assert np.isclose(coded.worst, off.max(), rtol=1e-3)


def test_compact_with_channels_last() -> None:
    array = np.random.default_rng(2).normal(size=(1, 5, 6, 4)).astype(np.float32)
    coded = code(array, "compact", channel_axis=-1)
    scales = numbers(coded.scales, "float32").reshape(4, 2)
    levels = numbers(coded.text, "uint8").reshape(array.shape)
    assert np.abs(levels * scales[:, 1] + scales[:, 0] - array).max() <= coded.worst * 1.001


def test_complex_numbers_are_kept_as_magnitudes() -> None:
    coded = code(np.array([3 + 4j], dtype=np.complex64), "exact")
    assert numbers(coded.text, coded.dtype).tolist() == [5.0]
