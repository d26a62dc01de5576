"""Numbers as they travel."""

from __future__ import annotations

import numpy as np
import pytest

from layerwalk.surfaces.answer.binary import binary

TYPES = ("float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "uint16")


@pytest.mark.parametrize("dtype", TYPES)
def test_every_bit_travels(dtype: str) -> None:
    array = np.arange(24).astype(dtype).reshape(2, 3, 4)
    found = binary(array)
    assert (found.dtype, found.shape, found.exact) == (dtype, (2, 3, 4), True)
    back = np.frombuffer(found.data, np.dtype(dtype).newbyteorder("<")).reshape(2, 3, 4)
    assert (back == array).all()


def test_what_lies_otherwise_is_put_in_order() -> None:
    array = np.arange(6, dtype=">f4").reshape(2, 3).T
    assert bytes(binary(array).data) == array.astype("<f4").tobytes()


def test_what_lies_in_order_is_not_copied() -> None:
    array = np.zeros((3, 4), np.float32)
    array.flags.writeable = False
    assert np.shares_memory(binary(array).array, array)
    assert np.shares_memory(binary(array == 0).array, binary(array == 0).array) is False


def test_truth_values_are_bytes() -> None:
    found = binary(np.array([True, False]))
    assert (found.dtype, bytes(found.data), found.exact) == ("uint8", b"\x01\x00", True)


@pytest.mark.parametrize(("given", "sent"), [("complex64", "float32"), ("complex128", "float64")])
def test_of_complex_numbers_the_magnitudes(given: str, sent: str) -> None:
    found = binary(np.array([3 + 4j], dtype=given))
    assert (found.dtype, found.array.tolist(), found.exact) == (sent, [5.0], False)


@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3)])
def test_one_number_and_none(shape: tuple[int, ...]) -> None:
    found = binary(np.zeros(shape, np.float32))
    assert found.shape == shape
    assert len(found.data) == 4 * int(np.prod(shape))


def test_half_is_taken_where_it_does() -> None:
    found = binary(np.array([0.1, np.nan, np.inf, 0.0], np.float32), half=True)
    assert (found.dtype, found.exact) == ("float16", False)
    assert found.array[0] == np.float16(0.1)
    assert np.isnan(found.array[1])
    assert np.isinf(found.array[2])


@pytest.mark.parametrize(
    "array",
    [
        np.array([1.0, 70_000.0], np.float32),
        np.array([-70_000.0, np.nan], np.float32),
        np.array([1e-9, 2e-9], np.float32),
        np.array([1, 2], np.int32),
        np.array([True]),
    ],
    ids=["too large", "too large and NaN", "too small", "whole", "truth"],
)
def test_half_is_not_taken_where_it_would_lie(array: np.ndarray) -> None:
    found = binary(array, half=True)
    assert found.exact
    assert found.dtype == ("uint8" if array.dtype == bool else array.dtype.name)


def test_what_is_half_already_is_exact() -> None:
    found = binary(np.array([1e-7], np.float16), half=True)
    assert (found.dtype, found.exact) == ("float16", True)


@pytest.mark.parametrize("numbers", [[0.0, 0.0], [np.nan], [np.inf, -np.inf], []])
def test_half_holds_what_has_no_magnitude(numbers: list[float]) -> None:
    found = binary(np.array(numbers, np.float32), half=True)
    assert found.dtype == "float16"
    assert np.array_equal(found.array, np.array(numbers), equal_nan=True)
