from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Array, Value
from layerwalk.render.planes import Planes, planes_of


def planes(make_trace: Any, array: Array, kind: str = "thing", **options: int) -> Planes:
    value: Value = make_trace([("op", kind, array)]).ops[0].outputs[0]
    return planes_of(value, **options)


RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("shape", "layout", "drawn"),
    [
        ((1, 4, 5, 6), "maps", (4, 5, 6)),
        ((1, 4, 7, 5, 6), "maps", (4, 5, 6)),
        ((1, 4, 9), "plane", (1, 4, 9)),
        ((1, 4, 1, 9), "plane", (1, 4, 9)),
        ((1, 4, 9, 1), "plane", (1, 4, 9)),
        ((1, 4), "vector", (1, 1, 4)),
        ((1, 4, 1, 1), "vector", (1, 1, 4)),
        ((4,), "vector", (1, 1, 4)),
        ((), "vector", (1, 1, 1)),
    ],
)
def test_every_shape_has_planes(
    make_trace: Any, shape: tuple[int, ...], layout: str, drawn: tuple[int, ...]
) -> None:
    array = RANDOM.normal(size=shape)
    found = planes(make_trace, array)
    assert found.layout == layout
    assert found.array.shape == drawn
    assert np.isin(found.array, array).all()


def test_a_volume_is_cut_in_the_middle_and_says_so(make_trace: Any) -> None:
    array = RANDOM.normal(size=(1, 4, 7, 5, 6))
    found = planes(make_trace, array)
    assert np.array_equal(found.array, array[0, :, 3])
    assert found.notes == ("middle slice: depth 3 of 0..6",)


def test_the_sample_is_told_when_there_are_several(make_trace: Any) -> None:
    array = RANDOM.normal(size=(3, 4, 5, 6))
    found = planes(make_trace, array, sample=2)
    assert np.array_equal(found.array, array[2])
    assert found.notes == ("sample 2 of 0..2",)
    with pytest.raises(NotFoundError, match="no sample 3"):
        planes(make_trace, array, sample=3)


def test_channels_may_be_last(make_trace: Any) -> None:
    array = RANDOM.normal(size=(1, 5, 6, 4))
    found = planes(make_trace, array, channel_axis=-1)
    assert np.array_equal(found.array, np.moveaxis(array[0], -1, 0))
    assert found.notes == ("channels are axis 3",)
    for axis in (0, 4, -4):
        with pytest.raises(LayerwalkError, match="cannot be the channels"):
            planes(make_trace, array, channel_axis=axis)


def test_an_image_without_a_batch_keeps_its_channels(make_trace: Any) -> None:
    array = RANDOM.normal(size=(4, 5, 6))
    assert np.array_equal(planes(make_trace, array, "conv2d").array, array)


def test_complex_values_are_drawn_by_magnitude(make_trace: Any) -> None:
    array = np.array([[3 + 4j, 1j]])
    found = planes(make_trace, array)
    assert found.array.tolist() == [[[5, 1]]]
    assert found.notes == ("magnitude of complex values",)


def test_an_empty_value_has_no_planes(make_trace: Any) -> None:
    with pytest.raises(LayerwalkError, match="holds no number"):
        planes(make_trace, np.zeros((1, 0, 4, 4)))
