"""A .csv or .tsv that lists the files of pictures and their labels."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from layerwalk.data.sets.class_names import name_classes
from layerwalk.data.sets.file_set import FileSet
from layerwalk.data.sets.wanted import Wanted, choose_split
from layerwalk.errors import DataError

__all__ = ["read_path_table"]

_PATHS: Final = ("path", "file", "filename", "file_name", "filepath", "file_path", "image", "img")
_LABELS: Final = ("label", "class", "class_name", "target", "category", "y", "labels")
_SPLITS: Final = ("split", "subset", "part", "fold")
_DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class _Columns:
    path: int
    label: int
    split: int | None
    delimiter: str


def read_path_table(path: Path, wanted: Wanted = Wanted()) -> FileSet:  # noqa: B008 - frozen
    """The data set that a table lists, a picture a line below a line of column names.

    Columns are found by their names (``path`` or ``file`` or ``image``, ``label`` or
    ``class``, and ``split`` if there is one), between commas, semicolons or tabs. Paths are
    relative to the table. Labels are texts, or whole numbers from 0.

    Raises
    ------
    DataError
        The table is missing, no text, or empty; a column is not there; a line lacks one.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            columns = _columns(header, path, wanted)
            rows = list(_rows(csv.reader(file, delimiter=columns.delimiter), columns, path))
    except FileNotFoundError as error:
        raise DataError("there is no such file", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise DataError("it is no UTF-8 text", where=str(path), mend="save it as UTF-8") from error
    except (OSError, csv.Error) as error:
        raise DataError(f"the table cannot be read ({error})", where=str(path)) from error
    name = path.name
    if columns.split is None and wanted.split is not None:
        wanted.no_parts(str(path))
    if columns.split is not None and rows:
        split = choose_split(dict.fromkeys(row[2] for row in rows), wanted.split, str(path))
        rows = [row for row in rows if row[2] == split]
        name = f"{name} ({split})"
    if not rows:
        raise DataError(
            "no picture is listed below its first line", where=str(path), mend="add a line for each"
        )
    labels, classes = name_classes(_labels([row[1] for row in rows]), name, wanted.classes)
    files = [row[0] for row in rows]
    return FileSet(files, labels, name, classes, root=path.parent, about=f"listed in {path}")


def _columns(header: str, path: Path, wanted: Wanted) -> _Columns:
    """Which column is what, by the delimiter that finds both."""
    needs = ((wanted.image, _PATHS), (wanted.label, _LABELS))
    best: list[str] = []
    for delimiter in _DELIMITERS:
        names = [one.strip().lower() for one in next(csv.reader([header], delimiter=delimiter), [])]
        best = names if len(names) > len(best) else best
        at = [_place(names, (own.lower(),) if own else known) for own, known in needs]
        if at[0] is not None and at[1] is not None:
            return _Columns(at[0], at[1], _place(names, _SPLITS), delimiter)
    there = ", ".join(best) if any(best) else "none"
    raise DataError(
        "its first line does not name a column of paths and one of labels",
        where=str(path),
        mend="call them path and label, or say which with image= and label= (--image and "
        f"--label): it has {there}",
    )


def _place(names: Sequence[str], known: Sequence[str]) -> int | None:
    return next((names.index(one) for one in known if one in names), None)


def _rows(
    lines: Iterator[list[str]], columns: _Columns, path: Path
) -> Iterator[tuple[str, str, str]]:
    last = max(columns.path, columns.label, columns.split or 0)
    for number, line in enumerate(lines, start=2):
        if not any(line):
            continue
        cells = [cell.strip() for cell in line]
        cells += [""] * (last + 1 - len(cells))
        if not cells[columns.path] or not cells[columns.label]:
            lacking = "label" if cells[columns.path] else "path"
            raise DataError(
                f"line {number} has no {lacking}",
                where=str(path),
                mend="complete the line, or remove it",
            )
        split = "" if columns.split is None else cells[columns.split]
        yield cells[columns.path], cells[columns.label], split


def _labels(texts: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.str_ | np.int64]]:
    """Numbers if every text is one as Python writes it: ``007`` is a name."""
    if all(text.isdecimal() and text == str(int(text)) for text in set(texts)):
        return np.array([int(text) for text in texts], np.int64)
    return np.array(texts)
