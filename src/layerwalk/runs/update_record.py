"""One step of an optimiser: what it had, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError
from layerwalk.runs.rules import Settings
from layerwalk.runs.tensor_file import read_arrays, write_arrays

__all__ = ["ParameterUpdate", "UpdateRecord", "kept_rows"]


@dataclass(frozen=True, eq=False, slots=True)
class ParameterUpdate:
    """What happened to one parameter, or to some rows of a large one.

    Attributes
    ----------
    shape
        Of the whole parameter.
    rows
        Which entries of its first axis are kept; ``None`` for all.
    before, gradient, after
        float, of shape (rows, ...): the kept rows.
    state
        The optimiser's memory before the step, by torch's names, of the same shape.
    settings
        The hyperparameters of its group, and those parts of its state that are one number.
    """

    shape: tuple[int, ...]
    rows: tuple[int, ...] | None = field(repr=False)
    before: NDArray[Any] = field(repr=False)
    gradient: NDArray[Any] = field(repr=False)
    after: NDArray[Any] = field(repr=False)
    state: Mapping[str, NDArray[Any]] = field(repr=False)
    settings: Settings = field(repr=False)
    numbers: Mapping[str, float] = field(repr=False)

    def place(self, index: tuple[int, ...], where: str) -> tuple[int, ...]:
        """Where a number of the whole parameter lies in the kept rows.

        Raises
        ------
        NotFoundError
            The parameter has no such place, or it was not kept.
        """
        inside = len(index) == len(self.shape) and all(
            -side <= at < side for at, side in zip(index, self.shape, strict=True)
        )
        if not inside:
            raise NotFoundError(
                f"there is no weight at {list(index)}",
                where=where,
                mend=f"its shape is {list(self.shape)}",
            )
        whole = tuple(at % side for at, side in zip(index, self.shape, strict=True))
        if self.rows is None:
            return whole
        if whole[0] not in self.rows:
            listed = ", ".join(map(str, self.rows[:3]))
            raise NotFoundError(
                f"the update of row {whole[0]} was not kept",
                where=where,
                mend=f"of a large parameter {len(self.rows)} rows are: {listed}, …, "
                f"{self.rows[-1]}; record all with watch(..., updates='all')",
            )
        return (self.rows.index(whole[0]), *whole[1:])


@dataclass(frozen=True, eq=False, slots=True)
class UpdateRecord:
    """The update that followed ``step`` updates, of all parameters that had a gradient."""

    step: int
    optimizer: str
    parameters: Mapping[str, ParameterUpdate] = field(repr=False)

    def write(self, path: Path) -> None:
        """Put it into a file, whole or not at all."""
        arrays: dict[str, NDArray[Any]] = {}
        facts: dict[str, Any] = {}
        for name, one in self.parameters.items():
            arrays |= {
                f"before/{name}": one.before,
                f"gradient/{name}": one.gradient,
                f"after/{name}": one.after,
            }
            arrays |= {f"state.{key}/{name}": value for key, value in one.state.items()}
            facts[name] = {
                "shape": one.shape,
                "rows": one.rows,
                "settings": one.settings,
                "numbers": one.numbers,
                "state": list(one.state),
            }
        write_arrays(
            path, arrays, {"step": self.step, "optimizer": self.optimizer, "parameters": facts}
        )

    @classmethod
    def read(cls, path: Path) -> UpdateRecord:
        """The update in a file.

        Raises
        ------
        FileError
            The file is missing or damaged.
        """
        arrays, facts = read_arrays(path)
        found = {}
        for name, said in facts["parameters"].items():
            settings = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in said["settings"].items()
            }
            found[name] = ParameterUpdate(
                shape=tuple(said["shape"]),
                rows=None if said["rows"] is None else tuple(said["rows"]),
                before=arrays[f"before/{name}"],
                gradient=arrays[f"gradient/{name}"],
                after=arrays[f"after/{name}"],
                state={key: arrays[f"state.{key}/{name}"] for key in said["state"]},
                settings=settings,
                numbers=said["numbers"],
            )
        return cls(facts["step"], facts["optimizer"], found)


def kept_rows(shape: tuple[int, ...], most: int | None) -> NDArray[np.int64] | None:
    """Which rows of a parameter to keep, so that at most ``most`` numbers are; ``None`` for all.

    They lie evenly from the first to the last.

    >>> kept_rows((512, 784), 4000)
    array([  0, 128, 256, 383, 511])
    >>> kept_rows((6, 1, 5, 5), 4000) is None
    True
    """
    count = int(np.prod(shape, dtype=np.int64))
    if most is None or count <= most or len(shape) == 0:
        return None
    rows = max(1, most * shape[0] // count)
    return np.unique(np.linspace(0, shape[0] - 1, rows).round().astype(np.int64))
