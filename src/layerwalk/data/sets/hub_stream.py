"""A data set of the Hugging Face Hub, read as it comes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from layerwalk.data.sets.class_names import name_classes
from layerwalk.data.sets.columns import find_columns
from layerwalk.data.sets.hub_set import as_files, decode_cell
from layerwalk.data.sets.stream import Example, Stream
from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError

__all__ = ["HubStream"]


class HubStream(Stream):
    """The pictures and labels of a ``datasets.IterableDataset``.

    Parameters
    ----------
    table
        The ``datasets.IterableDataset``.
    wanted
        Its columns and class names, where they cannot be found out.
    name, about
        As of :class:`.Stream`.

    Raises
    ------
    DataError
        No column of pictures or labels is found, or nothing says what its classes are.
    """

    def __init__(self, table: Any, wanted: Wanted, *, name: str, about: str = "") -> None:
        if table.features is None:
            table = table._resolve_features()  # noqa: SLF001 - it has no public name for this
        columns = find_columns(table.features, wanted, name)
        classes = wanted.classes or columns.classes
        if not classes:
            raise DataError(
                "what its classes are cannot be known before all of it was read",
                where=name,
                mend="name them with classes=[...]",
            )
        super().__init__(self._examples, name, classes, about=about)
        self._table, self._wanted, self._columns = table, wanted, columns

    def shuffled(self, seed: int = 0, buffer: int = 1000) -> Stream:
        """The same pictures shuffled: its files among themselves, then through a buffer.

        Raises
        ------
        DataError
            ``buffer`` is below 1.
        """
        if buffer < 1:
            return super().shuffled(seed, buffer)
        table = self._table.shuffle(seed=seed, buffer_size=buffer)
        return HubStream(table, self._wanted, name=self.name, about=self.about)

    def _examples(self) -> Iterator[Example]:
        columns, rounded = self._columns, self._wanted.rounded
        for number, row in enumerate(self._rows()):
            where = f"{self.name}, picture {number}"
            picture = decode_cell(row[columns.image], columns, where, rounded=rounded)
            given = np.array([row[columns.label]])
            labels, _ = name_classes(given, where, self.classes)
            label = int(labels[0])
            if not 0 <= label < len(self.classes):
                raise DataError(
                    f"it has the label {label}, and the classes have the numbers 0 to "
                    f"{len(self.classes) - 1}",
                    where=where,
                )
            yield picture, label

    def _rows(self) -> Iterator[Any]:
        rows = iter(as_files(self._table, self._columns))
        for number in itertools.count():
            try:
                row = next(rows)
            except StopIteration:
                return
            except Exception as error:
                # What reads it from wherever it lies may raise anything.
                said = f"{type(error).__name__}: {error}"
                raise DataError(
                    f"it broke off after {number:,} of its pictures ({said})",
                    where=self.name,
                    mend="is the network still there?",
                ) from error
            yield row
