"""What was measured at every step, in Parquet files that each hold a stretch of the training."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import FileError, missing
from layerwalk.store.replacing import replacing

__all__ = [
    "Measured",
    "Series",
    "forget_measured_after",
    "read_series",
    "require_arrow",
    "write_measured",
]


@dataclass(frozen=True, slots=True)
class Measured:
    """One number: ``name`` was ``value`` after ``step`` updates, ``seconds`` after the start."""

    step: int
    name: str
    value: float
    seconds: float


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """How one quantity went.

    ``steps`` is int64, ``values`` and ``seconds`` (since the training began) float64, all of
    shape (N,), in the order of the steps.
    """

    name: str
    steps: NDArray[np.int64] = field(repr=False)
    values: NDArray[np.float64] = field(repr=False)
    seconds: NDArray[np.float64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.steps)

    def at(self, step: int) -> float:
        """The last value that was known after ``step`` updates; NaN where there is none."""
        behind = int(np.searchsorted(self.steps, step, side="right"))
        return float(self.values[behind - 1]) if behind else float("nan")


def require_arrow() -> None:
    """Import what reads and writes Parquet: it takes a moment, the first time.

    Raises
    ------
    MissingPackageError
        It is not installed.
    """
    try:
        importlib.import_module("pyarrow.parquet")
        # The first array brings pandas along, which takes longer than all the rest.
        importlib.import_module("pyarrow").array([0])
    except ModuleNotFoundError as error:
        raise missing(error) from error


def write_measured(path: Path, rows: Iterable[Measured]) -> None:
    """Put rows into a Parquet file: step int64, name (dictionary), value and seconds float64."""
    require_arrow()
    import pyarrow as pa
    from pyarrow import parquet

    listed = list(rows)
    table = pa.table(
        {
            "step": pa.array([row.step for row in listed], pa.int64()),
            "name": pa.array([row.name for row in listed], pa.string()).dictionary_encode(),
            "value": pa.array([row.value for row in listed], pa.float64()),
            "seconds": pa.array([row.seconds for row in listed], pa.float64()),
        }
    )
    whole = io.BytesIO()
    parquet.write_table(table, whole)
    with replacing(path) as stream:
        stream.write(whole.getbuffer())


def read_series(folder: Path) -> Mapping[str, Series]:
    """Every quantity in the Parquet files of a folder, by name, in the order of their coming.

    A step that was measured twice, since the training went on from before it, counts as it was
    measured last.

    Raises
    ------
    FileError
        A file cannot be read.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ModuleNotFoundError as error:
        raise missing(error) from error
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for path in sorted(folder.glob("*.parquet")):
        try:
            columns = parquet.read_table(path, partitioning=None).to_pydict()
            rows = zip(
                columns["step"], columns["name"], columns["value"], columns["seconds"], strict=True
            )
        except (ArrowException, OSError, KeyError) as error:
            said = " ".join(str(error).split())
            raise FileError(
                f"the metrics cannot be read ({said})", where=str(path), mend="delete this file"
            ) from error
        for step, name, value, seconds in rows:
            found.setdefault(name, {})[step] = (value, seconds)
    return {name: _series(name, points) for name, points in found.items()}


def _series(name: str, points: Mapping[int, tuple[float, float]]) -> Series:
    steps = np.array(sorted(points), np.int64)
    pairs = np.array([points[step] for step in steps.tolist()], np.float64).reshape(-1, 2)
    return Series(name, steps, pairs[:, 0].copy(), pairs[:, 1].copy())


def forget_measured_after(folder: Path, step: int) -> None:
    """Leave out of a folder of Parquet files what was measured after ``step`` updates."""
    old = sorted(folder.glob("*.parquet"))
    kept = [
        Measured(at, series.name, value, second)
        for series in read_series(folder).values()
        for at, value, second in zip(
            series.steps.tolist(), series.values.tolist(), series.seconds.tolist(), strict=True
        )
        if at <= step
    ]
    if not old:
        return
    # The new file first: a process that is killed in between has the numbers twice, not never.
    write_measured(folder / f"{int(old[-1].stem) + 1:06d}.parquet", kept)
    for path in old:
        path.unlink()
