"""What was measured, in Parquet files."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from layerwalk.errors import FileError
from layerwalk.runs.series import Measured, forget_measured_after, read_series, write_measured


def _rows(*steps: int, value: float = 1.0) -> list[Measured]:
    return [Measured(step, "loss", value * step, 0.5 * step) for step in steps]


def test_files_are_read_in_their_order(tmp_path: Path) -> None:
    write_measured(tmp_path / "000000.parquet", [*_rows(1, 2), Measured(2, "accuracy", 0.5, 1.0)])
    write_measured(tmp_path / "000001.parquet", _rows(3))
    found = read_series(tmp_path)
    assert list(found) == ["loss", "accuracy"]
    loss = found["loss"]
    assert loss.steps.tolist() == [1, 2, 3]
    assert loss.values.tolist() == [1.0, 2.0, 3.0]
    assert loss.seconds.tolist() == [0.5, 1.0, 1.5]
    assert (loss.at(2), loss.at(100)) == (2.0, 3.0)
    assert math.isnan(loss.at(0))


def test_what_was_measured_again_counts(tmp_path: Path) -> None:
    write_measured(tmp_path / "000000.parquet", _rows(1, 2, 3))
    write_measured(tmp_path / "000001.parquet", _rows(2, value=10.0))
    assert read_series(tmp_path)["loss"].values.tolist() == [1.0, 20.0, 3.0]


def test_any_parquet_reader_reads_them(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_measured(tmp_path / "a.parquet", _rows(4))
    assert parquet.read_table(tmp_path / "a.parquet").to_pylist() == [
        {"step": 4, "name": "loss", "value": 4.0, "seconds": 2.0}
    ]


def test_what_came_later_is_forgotten(tmp_path: Path) -> None:
    for part in range(3):
        write_measured(tmp_path / f"{part:06d}.parquet", _rows(2 * part, 2 * part + 1))
    forget_measured_after(tmp_path, 2)
    assert read_series(tmp_path)["loss"].steps.tolist() == [0, 1, 2]
    assert len(list(tmp_path.iterdir())) == 1
    write_measured(tmp_path / "000004.parquet", _rows(3))
    assert read_series(tmp_path)["loss"].steps.tolist() == [0, 1, 2, 3]


def test_nothing_is_nothing(tmp_path: Path) -> None:
    forget_measured_after(tmp_path, 2)
    assert read_series(tmp_path) == {}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "000000.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(FileError, match=r"000000.parquet: the metrics cannot be read .* delete"):
        read_series(tmp_path)
