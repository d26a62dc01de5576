from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from layerwalk.data.sets.pixels import PixelScale, channels_last, unit_levels
from layerwalk.errors import DataError

EVERY = np.arange(256, dtype=np.uint8)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_every_level_comes_back_from_its_float(kind: type[np.floating[Any]]) -> None:
    made = (
        EVERY.astype(kind) / kind(255),
        (EVERY / 255).astype(kind),
        (EVERY.astype(np.float32) / np.float32(255)).astype(kind),
        EVERY.astype(kind) * kind(1 / 255)
        if kind != np.float16
        else EVERY.astype(kind) / kind(255),
    )
    for floats in made[: 3 if kind != np.float64 else 2]:
        assert np.array_equal(unit_levels(floats, "floats"), EVERY)
    assert np.array_equal(unit_levels(made[3], "floats"), EVERY)


def test_torchvisions_floats_are_levels() -> None:
    floats = torch.from_numpy(EVERY.copy()).div(255).numpy()
    assert np.array_equal(unit_levels(floats, "floats"), EVERY)


def test_floats_between_levels_are_refused_or_rounded() -> None:
    halves = np.array([0.0, 0.5, 1.0])
    with pytest.raises(DataError) as caught:
        unit_levels(halves, "halves")
    assert str(caught.value) == (
        "halves: its floats are no levels divided by 255 (one is 0.5); "
        "give levels of 0 to 255, or let them be rounded with rounded=True."
    )
    assert unit_levels(halves, "halves", rounded=True).tolist() == [0, 128, 255]


@pytest.mark.parametrize("bad", [[-0.1, 0.5], [0.0, 2.6], [np.nan, 0.0], [0.0, np.inf]])
def test_normalised_floats_are_refused(bad: list[float]) -> None:
    with pytest.raises(DataError, match="as they were before they were normalised"):
        unit_levels(np.array(bad), "bad", rounded=True)
    array = np.array(bad) * 300
    with pytest.raises(DataError, match="as they were before they were normalised"):
        PixelScale(array[:, None], "bad").levels(array)


@pytest.mark.parametrize(
    ("array", "levels"),
    [
        (np.array([[0, 255], [3, 4]], np.uint8), [0, 255]),
        (np.array([[0, 255], [3, 4]], np.int64), [0, 255]),
        (np.array([[True, False], [True, True]]), [255, 0]),
        (np.array([[0.0, 1.0], [0.0, 0.0]]), [0, 255]),
        (np.array([[0.0, 1.0], [0.0, 200.0]]), [0, 1]),
        (np.array([[0, 1], [1, 1]], np.int32), [0, 1]),
    ],
)
def test_the_whole_array_tells_what_white_is(array: NDArray[Any], levels: list[int]) -> None:
    assert PixelScale(array, "array").levels(array[0]).tolist() == levels


def test_levels_with_a_fraction() -> None:
    array = np.array([[0.5, 200.0]])
    with pytest.raises(DataError, match="above 1 and not whole"):
        PixelScale(array, "array").levels(array)
    assert PixelScale(array, "array", rounded=True).levels(array).tolist() == [[0, 200]]


def test_numbers_that_are_no_pictures() -> None:
    with pytest.raises(DataError, match="numbers of type complex128 are no pictures"):
        PixelScale(np.zeros(2, complex), "waves")
    with pytest.raises(DataError, match="go from 0 to 300, and levels from 0 to 255"):
        PixelScale(np.array([[0, 300]]), "wide").levels(np.array([0]))


def test_bounded_passes_find_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerwalk.data.sets.pixels._CHUNK", 8)
    array = np.zeros((9, 2, 2))
    array[8, 1, 1] = 7
    assert PixelScale(array, "array").levels(array[8])[1, 1] == 7


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [
        ((4, 6, 5), (4, 6, 5, 1)),
        ((4, 6, 5, 1), (4, 6, 5, 1)),
        ((4, 6, 5, 3), (4, 6, 5, 3)),
        ((4, 1, 6, 5), (4, 6, 5, 1)),
        ((4, 3, 6, 5), (4, 6, 5, 3)),
    ],
)
def test_channels_come_last(shape: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    assert channels_last(np.zeros(shape), "array").shape == wanted


@pytest.mark.parametrize(
    ("shape", "mend"),
    [
        ((4, 784), r"reshape it to \(4, 28, 28\)"),
        ((4, 783), "give"),
        ((4, 6, 5, 4), "with C 1 or 3"),
        ((4,), "give"),
        ((0, 6, 5), "give"),
    ],
)
def test_shapes_that_hold_no_pictures(shape: tuple[int, ...], mend: str) -> None:
    with pytest.raises(DataError, match=mend):
        channels_last(np.zeros(shape), "array")
