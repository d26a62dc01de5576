"""What a network got right and wrong."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from layerwalk.errors import FileError
from layerwalk.learn.evaluating import evaluation
from layerwalk.runs.evaluation import Evaluation


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    scores = np.array([[3.0, 0.0, 0.0], [0.0, 2.0, 0.0], [5.0, 0.0, 0.0], [1.0, 0.0, 0.5]])
    labels = np.array([0, 1, 1, 2])
    pictures = np.arange(4, dtype=np.uint8).reshape(4, 1, 1, 1)
    found = evaluation(7, scores, labels, pictures, index=[10, 11, 12, 13])
    found.write(tmp_path / "e.safetensors")
    again = Evaluation.read(tmp_path / "e.safetensors")
    assert again.step == 7
    assert again.confusion.tolist() == [[1, 0, 0], [1, 1, 0], [1, 0, 0]]
    assert (again.count, again.accuracy) == (4, 0.5)
    assert again.loss == found.loss
    # The surest mistake first.
    assert again.worst.index.tolist() == [12, 13]
    assert again.worst.pictures[:, 0, 0, 0].tolist() == [2, 3]
    assert again.worst.predicted.tolist() == [0, 0]
    assert again.worst.label.tolist() == [1, 2]
    assert again.worst.probability[0] == pytest.approx(math.exp(5) / (math.exp(5) + 2))
    assert again.worst.truth[0] == pytest.approx(1 / (math.exp(5) + 2))


def test_nothing_is_nothing() -> None:
    found = evaluation(0, np.zeros((0, 3)), np.zeros(0, np.int64))
    assert found.count == 0
    assert math.isnan(found.accuracy)
    assert math.isnan(found.loss)
    assert len(found.worst) == 0


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "e.safetensors"
    path.write_bytes(b"x")
    with pytest.raises(FileError, match=r"e.safetensors: the file is damaged"):
        Evaluation.read(path)
    with pytest.raises(FileError, match="there is no such file"):
        Evaluation.read(tmp_path / "none.safetensors")
