from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.data.sets import ArraySet
from layerwalk.data.sets.mapped import MappedArray
from layerwalk.errors import DataError

Levels = NDArray[np.uint8]
CLASSES = ("a", "b", "c")


def test_a_mapped_array_is_opened_when_a_picture_is_asked_for(
    tmp_path: Path, pictures: Levels, labels: NDArray[np.int64]
) -> None:
    file = tmp_path / "levels"
    file.write_bytes(b"head" + pictures.tobytes())
    held = MappedArray(file, 4, np.dtype(np.uint8), pictures.shape)
    data = ArraySet(held, labels, "mapped", CLASSES)
    file.rename(tmp_path / "moved")
    assert (len(data), data.label(2)) == (12, 2)
    with pytest.raises(DataError, match=r"levels: its numbers cannot be read any more .*changed"):
        data.picture(0)
    (tmp_path / "moved").rename(file)
    assert np.array_equal(data.pictures(range(12))[..., 0], pictures)
    assert len(pickle.dumps(data)) < 2000
    again = pickle.loads(pickle.dumps(data))  # noqa: S301 - made here
    assert np.array_equal(again.picture(7), data.picture(7))


def test_floats_are_read_as_levels(pictures: Levels, labels: NDArray[np.int64]) -> None:
    floats = (pictures / 255).astype(np.float32)
    data = ArraySet(floats, labels, "floats", CLASSES)
    assert np.array_equal(data.picture(3)[..., 0], pictures[3])
    assert data.shape == (6, 5, 1)
    dim = ArraySet(floats * 0.999, labels, "dim", CLASSES)
    with pytest.raises(DataError, match="no levels divided by 255"):
        dim.picture(3)
    rounded = ArraySet(floats * 0.999, labels, "dim", CLASSES, rounded=True)
    assert np.array_equal(rounded.picture(3), np.rint(pictures[3] * 0.999)[..., None])


def test_arrays_that_do_not_go_together(pictures: Levels, labels: NDArray[np.int64]) -> None:
    with pytest.raises(DataError, match="it has 12 pictures and 11 labels"):
        ArraySet(pictures, labels[1:], "it", CLASSES)
    with pytest.raises(DataError, match="it has no picture"):
        ArraySet(pictures[:0], labels[:0], "it", CLASSES)
    with pytest.raises(DataError, match="holds no pictures"):
        ArraySet(pictures.reshape(12, 30), labels, "it", CLASSES)
    wrong = ArraySet(pictures, labels, "it", CLASSES[:2])
    with pytest.raises(DataError, match="picture 2 has the label 2, and its 2 classes"):
        _ = wrong.labels
