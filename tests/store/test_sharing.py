from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import as_strided

from layerwalk.record import Array
from layerwalk.store.sharing import Place, once, places


def restored(place: Place, arrays: list[Array], shape: tuple[int, ...]) -> Array:
    """The array as a reader of the file finds it: the stored one in C order, viewed."""
    stored = np.ascontiguousarray(once(arrays[place.stored])).reshape(-1)
    strides = [step * stored.itemsize for step in place.strides]
    found: Array = as_strided(stored[place.offset :], shape, strides)
    return found


def assert_restored(arrays: list[Array]) -> tuple[Place, ...]:
    found = places(arrays)
    for array, place in zip(arrays, found, strict=True):
        if array.size:
            np.testing.assert_array_equal(restored(place, arrays, array.shape), array)
        assert found[place.stored].stored == place.stored
    return found


def stored(arrays: list[Array]) -> list[int]:
    return [place.stored for place in assert_restored(arrays)]


def channels_last(*shape: int) -> Array:
    n, c, h, w = shape
    return np.arange(n * c * h * w, dtype=np.float32).reshape(n, h, w, c).transpose(0, 3, 1, 2)


def test_the_same_memory() -> None:
    array = np.arange(12.0).reshape(3, 4)
    assert stored([array, array.view(), array[:]]) == [0, 0, 0]


def test_views_of_plain_memory() -> None:
    array = np.arange(2 * 3 * 4 * 4.0).reshape(2, 3, 4, 4)
    views = [array.reshape(2, -1), array.T, array[:, 1:], array[1, :, ::2, 3], array[:, :, None]]
    assert stored([array, *views]) == [0] * 6


def test_a_base_that_comes_later() -> None:
    array = np.arange(24.0).reshape(4, 6)
    assert stored([array[1:], array.reshape(-1), array[2, 3:]]) == [1, 1, 1]


def test_views_of_channels_last_memory() -> None:
    array = channels_last(2, 6, 4, 5)
    views = [array[:, :3], array[:, 3:], array[1:, 2], array[:, ::2], array.transpose(0, 2, 3, 1)]
    assert stored([array, *views])[:5] in ([0] * 5, [5] * 5)
    assert stored([array, *views[:4]]) == [0] * 5


def test_a_view_that_runs_across_the_axes_of_its_base_is_stored_itself() -> None:
    array = channels_last(2, 6, 4, 5)
    across = array.transpose(0, 2, 3, 1).reshape(2, -1)[:, 3:9]
    assert np.shares_memory(array, across)
    assert stored([array, across]) == [0, 1]


def test_memory_that_merely_overlaps() -> None:
    line = np.arange(10.0)
    assert stored([line[:6], line[4:]]) == [0, 1]


def test_other_types_are_other_arrays() -> None:
    array = np.arange(4, dtype=np.complex64)
    assert stored([array, array.view(np.float32), array.real, array.view(np.int64)]) == [0, 1, 1, 3]


def test_neighbours_in_memory() -> None:
    block = np.arange(12.0)
    assert stored([block[:4], block[4:8], block[8:]]) == [0, 1, 2]


def test_two_strided_views_of_memory_that_nobody_recorded() -> None:
    block = np.arange(24.0).reshape(4, 6)
    assert stored([block[:, ::2], block[:, ::2].view(), block[:, 1::2]]) == [0, 0, 2]


def test_repeated_axes_are_met_once() -> None:
    row = np.arange(5.0)
    wide = np.broadcast_to(row, (1000, 5))
    assert once(wide).shape == (1, 5)
    assert stored([wide, row]) == [0, 0]


def test_empty_arrays_and_single_numbers() -> None:
    array = np.arange(3.0)
    assert stored([array[:0], array[1], array, np.zeros((2, 0)), array[1:2].reshape(())]) == [
        0, 1, 2, 3, 2,
    ]  # fmt: skip


def test_a_view_between_cells_is_no_view_of_cells() -> None:
    raw = np.zeros(24, np.uint8)
    assert stored([raw[:16].view(np.float32), raw[2:14].view(np.float32)]) == [0, 1]


@st.composite
def families(draw: st.DrawFn) -> list[Array]:
    """A block of memory in any order of its axes, and views of views of it, shuffled."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    block = np.arange(np.prod(shape), dtype=np.int32).reshape(shape)
    arrays: list[Array] = [block.transpose(draw(st.permutations(range(block.ndim))))]
    for _ in range(draw(st.integers(1, 6))):
        view = draw(st.sampled_from(arrays))
        for _ in range(draw(st.integers(1, 2))):
            view = draw(views_of(view))
        arrays.append(view)
    return draw(st.permutations(arrays))


@st.composite
def views_of(draw: st.DrawFn, array: Array) -> Array:
    kind = draw(st.sampled_from(["slice", "transpose", "flatten", "expand", "index"]))
    if kind == "transpose":
        turned: Array = array.transpose(draw(st.permutations(range(array.ndim))))
        return turned
    if kind == "flatten":
        return array.reshape(-1)  # a copy where the memory does not allow a view: as in torch
    if kind == "expand" and array.ndim < 5:
        return np.broadcast_to(array, (3, *array.shape))
    if kind == "index" and array.ndim > 1 and len(array):
        inner: Array = array[draw(st.integers(0, len(array) - 1))]
        return inner
    steps = st.integers(-3, 3).filter(bool)
    ends = st.none() | st.integers(-4, 4)
    return array[tuple(slice(draw(ends), draw(ends), draw(steps)) for _ in array.shape)]


@given(arrays=families())
def test_any_family_of_views_is_restored(arrays: list[Array]) -> None:
    found = assert_restored(arrays)
    for k, array in enumerate(arrays):
        if found[k].stored == k and array.size:
            # No two stored arrays are the same cells in the same order.
            twins = [
                j
                for j, other in enumerate(arrays)
                if found[j].stored == j and other.size and _cells(other) == _cells(array)
            ]
            assert twins == [k]


def _cells(array: Array) -> tuple[object, ...]:
    met = once(array)
    steps = tuple(s if n > 1 else 0 for n, s in zip(met.shape, met.strides, strict=True))
    start: int = met.__array_interface__["data"][0]
    return start, *((n, step) for n, step in zip(met.shape, steps, strict=True) if n > 1)
