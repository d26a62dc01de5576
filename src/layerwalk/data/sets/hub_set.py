"""A data set that Hugging Face ``datasets`` holds on disk."""

from __future__ import annotations

from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.images import load_image
from layerwalk.data.sets.class_names import name_classes
from layerwalk.data.sets.columns import Columns, find_columns
from layerwalk.data.sets.data_set import DataSet
from layerwalk.data.sets.picture import as_picture, levels_of
from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError, ImageError, LayerwalkError

__all__ = ["HubSet", "as_files", "decode_cell"]


class HubSet(DataSet):
    """The pictures and labels of a ``datasets.Dataset``; it stays on disk, mapped.

    Parameters
    ----------
    table
        The ``datasets.Dataset``.
    wanted
        Its columns and class names, where they cannot be found out.
    name
        What to call it.
    about
        Where it comes from.

    Raises
    ------
    DataError
        It is empty, or no column of pictures or labels is found.
    """

    def __init__(self, table: Any, wanted: Wanted, *, name: str, about: str = "") -> None:
        columns = find_columns(table.features, wanted, name)
        if not len(table):
            raise DataError("it has no picture", where=name)
        # A column at a time, in numbers: the pictures beside it stay where they are.
        plain = table.with_format(None).select_columns([columns.label])
        held = np.array(plain[:][columns.label])
        labels, classes = name_classes(held, name, wanted.classes or columns.classes)
        super().__init__(name, classes, about=about)
        self._table, self._columns = as_files(table.with_format(None), columns), columns
        self._held, self._rounded = labels, wanted.rounded

    def __len__(self) -> int:
        return len(self._table)

    def picture(self, index: SupportsIndex) -> NDArray[np.uint8]:
        """Picture number ``index``; see :meth:`.DataSet.picture`."""
        number = self.number(index)
        cell = self._table[number][self._columns.image]
        where = f"{self.name}, picture {number}"
        return decode_cell(cell, self._columns, where, rounded=self._rounded)

    def _read_labels(self) -> NDArray[np.integer[Any]]:
        return self._held


def as_files(table: Any, columns: Columns) -> Any:
    """The table with its pictures as the bytes of their files, to be decoded here."""
    if not columns.encoded:
        return table
    from datasets import Image

    return table.cast_column(columns.image, Image(decode=False))


def decode_cell(
    cell: Any, columns: Columns, where: str, *, rounded: bool = False
) -> NDArray[np.uint8]:
    """The picture in a cell of the table: a file's bytes, its path, or numbers.

    Raises
    ------
    LayerwalkError
        It cannot be read.
    """
    if cell is None:
        raise DataError("its picture is missing", where=where)
    if not columns.encoded:
        return as_picture(np.asarray(cell), where, rounded=rounded)
    source = cell["bytes"] if cell["bytes"] is not None else _path(cell["path"], where)
    try:
        return levels_of(load_image(source))
    except LayerwalkError as error:
        if cell["bytes"] is None:
            raise
        named = f"{where} ({cell['path']})" if cell["path"] else where
        raise ImageError(error.what, where=named, mend=error.mend) from error


def _path(path: str | None, where: str) -> str:
    if path is None:
        raise DataError("its picture is missing", where=where)
    return path
