from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from layerwalk.record import Array
from layerwalk.store.halves import Halver


def single(*numbers: float) -> Array:
    return np.array(numbers, np.float32)


def cast(numbers: Array) -> Array:
    """The slow replica: numpy's own cast."""
    with np.errstate(all="ignore"):
        return numbers.astype(np.float16)


@given(numbers=hnp.arrays(np.float32, st.integers(0, 40), elements=st.floats(width=32)))
def test_halves_are_what_numpy_casts(numbers: Array) -> None:
    found = Halver(40).halves(numbers)
    assert found.dtype == np.float16
    assert found.tobytes() == cast(numbers).tobytes()


@pytest.mark.parametrize("sign", [1, -1])
def test_every_half_and_every_tie_between_two(sign: int) -> None:
    halves = np.arange(0x7C00, dtype=np.uint16).view(np.float16).astype(np.float32)
    ties = (halves[1:] + halves[:-1]) / 2
    edges: list[Array] = [
        *(halves, ties, np.nextafter(ties, np.float32(0)), np.nextafter(ties, np.float32(1e9))),
        single(65519.996, 2.0**-25, 1e-45, 0.0),
    ]
    numbers = sign * np.concatenate(edges).astype(np.float32)
    halver = Halver(len(numbers))
    assert halver.halves(numbers).tobytes() == cast(numbers).tobytes()
    exact = np.abs(cast(numbers).astype(np.float64) - numbers).max()
    assert halver.error(numbers) == exact


def test_every_exponent_with_random_mantissas() -> None:
    random = np.random.default_rng(0)
    mantissas = random.integers(0, 1 << 23, (2, 256, 64), dtype=np.uint32)
    exponents = np.arange(256, dtype=np.uint32).reshape(256, 1) << 23
    signs = np.array([0, 1 << 31], np.uint32).reshape(2, 1, 1)
    halver = Halver(64)
    for numbers in (mantissas | exponents | signs).reshape(-1, 64).view(np.float32):
        assert halver.halves(numbers).tobytes() == cast(numbers).tobytes()


def test_the_error_of_what_overflows_and_of_what_is_no_number() -> None:
    halver = Halver(8)
    assert halver.error(single(1.0, 65520.0)) is None
    assert halver.error(single(1.0, -65520.0)) is None
    assert halver.error(single(np.inf, 0.1, np.nan)) == halver.error(single(0.1))
    assert halver.error(single(np.nan)) == 0.0
    assert halver.error(single()) == 0.0


def test_a_run_is_not_written_into() -> None:
    numbers = np.random.default_rng(1).standard_normal(64).astype(np.float32)
    before = numbers.copy()
    numbers.flags.writeable = False
    halver = Halver(64)
    halver.halves(numbers)
    halver.error(numbers)
    assert numbers.tobytes() == before.tobytes()
