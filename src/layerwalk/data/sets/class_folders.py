"""A folder of class folders: the pictures of each class in a folder of its name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from layerwalk.data.sets.class_names import name_classes
from layerwalk.data.sets.file_set import ENDINGS, FileSet
from layerwalk.data.sets.wanted import Wanted, choose_split, same_split
from layerwalk.errors import DataError

__all__ = ["read_class_folders"]

_SPLITS = ("train", "test", "validation")


def read_class_folders(folder: Path, wanted: Wanted = Wanted()) -> FileSet:  # noqa: B008 - frozen
    """The data set in a folder: ``folder/cat/1.jpg``, ``folder/dog/more/2.png``.

    A class is called as its folder; they are numbered in the order of the alphabet. Where
    the folders are called ``train`` and ``test`` and have folders in them, they are parts of
    the set. Files that are no pictures by their ending, and hidden ones, are left alone.

    Raises
    ------
    DataError
        The folder or one of its class folders holds no picture, or there is no such part.
    """
    name = folder.resolve().name or str(folder)
    classes = _folders(folder)
    parts = [one for one in classes if any(same_split(one, split) for split in _SPLITS)]
    if parts and len(parts) == len(classes) and all(_folders(folder / one) for one in parts):
        split = choose_split(parts, wanted.split, str(folder))
        name, folder = f"{name} ({split})", folder / split
        classes = _folders(folder)
    elif wanted.split is not None:
        wanted.no_parts(str(folder))
    if not classes:
        raise _no_classes(folder)
    files: list[str] = []
    texts: list[str] = []
    for one in classes:
        found = list(_pictures(folder / one))
        if not found:
            raise DataError(
                "no picture is in this class folder",
                where=str(folder / one),
                mend=f"put some in, or remove it; pictures end in {', '.join(sorted(ENDINGS))}",
            )
        files += [os.fspath(Path(one, file)) for file in found]
        texts += [one] * len(found)
    labels, names = name_classes(np.array(texts), name, wanted.classes or classes)
    return FileSet(files, labels, name, names, root=folder, about=f"class folders in {folder}")


def _folders(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as found:
            return sorted(
                one.name for one in found if one.is_dir() and not one.name.startswith(".")
            )
    except OSError as error:
        raise DataError(
            f"the folder cannot be read ({error.strerror or error})", where=str(folder)
        ) from error


def _pictures(folder: Path) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders.sort()
        folders[:] = [one for one in folders if not one.startswith(".")]
        below = os.path.relpath(root, folder)
        for file in sorted(files):
            if os.path.splitext(file)[1].lower() in ENDINGS and not file.startswith("."):  # noqa: PTH122 - of a million
                yield os.path.normpath(os.path.join(below, file))  # noqa: PTH118


def _no_classes(folder: Path) -> DataError:
    alone = sum(1 for _ in _pictures(folder))
    if alone:
        return DataError(
            "its picture lies in no class folder"
            if alone == 1
            else f"its {alone:,} pictures lie in no class folder",
            where=str(folder),
            mend="move those of each class into a folder of its name",
        )
    return DataError(
        "the folder holds no picture",
        where=str(folder),
        mend="make a folder for each class in it, and put its pictures there",
    )
