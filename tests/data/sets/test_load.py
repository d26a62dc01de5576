from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

import layerwalk as lw
from layerwalk.data import digits
from layerwalk.data.sets import DataSet, load_data
from layerwalk.errors import DataError, NotFoundError


def test_the_digits_that_come_with_the_package() -> None:
    data = lw.load_data("mnist")
    assert isinstance(data, lw.DataSet)
    assert (len(data), data.shape, data.classes) == (10_000, (28, 28, 1), tuple("0123456789"))
    assert np.array_equal(data.pictures([17, 4])[..., 0], digits().images[[17, 4]])
    assert np.array_equal(data.labels, digits().labels)
    assert lw.load_data(data) is data


def test_scikit_learns_digits_keep_their_seventeen_levels() -> None:
    data, theirs = load_data("digits"), load_digits()
    assert (data.shape, data.white) == ((8, 8, 1), 16)
    assert np.array_equal(data.pictures(range(len(data)))[..., 0], theirs.images)
    assert np.array_equal(data.labels, theirs.target)
    assert data.subset([0]).white == 16


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("mnst", "there is no data set 'mnst'; did you mean mnist?"),
        ("Fashion_MNIST", "there is no data set 'Fashion_MNIST'; did you mean fashion-mnist?"),
        (
            "zoo",
            "there is no data set 'zoo'; there are mnist, digits, fashion-mnist, cifar10, files",
        ),
    ],
)
def test_unknown_names(name: str, sentence: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        load_data(name)
    assert str(caught.value).startswith(sentence)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    for path in ("no.npz", "no/where", tmp_path / "no.csv"):
        with pytest.raises(DataError, match="there is no such file or folder; check the path"):
            load_data(path)
    (tmp_path / "dog.jpg").write_bytes(b"")
    with pytest.raises(DataError, match="this is no data set; give a folder, or a"):
        load_data(tmp_path / "dog.jpg")


def test_arrays_in_hand() -> None:
    levels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    data = load_data((levels, np.array(["cat", "dog"])))
    assert (data.classes, data.labels.tolist(), data.shape) == (("cat", "dog"), [0, 1], (2, 3, 1))
    halves = np.full((2, 1, 1), 0.5)
    assert load_data((halves, np.array([0, 1])), rounded=True).picture(0).item() == 128


@pytest.mark.parametrize("thing", [3, None, {1, 2}.__iter__()])
def test_what_is_no_data_set(thing: DataSet) -> None:
    with pytest.raises(DataError, match="is no data set; give a name, a path, or what has"):
        load_data(thing)


def test_one_whole_has_no_parts() -> None:
    for name in ("mnist", "digits"):
        with pytest.raises(DataError, match=f"{name}: it has no part 'test'"):
            load_data(name, split="test")
