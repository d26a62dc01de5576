"""Class numbers and names: from whatever a source says, and whether they fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import DataError

__all__ = ["check_classes", "check_labels", "name_classes"]

_MOST: Final = 1 << 17  # five times as many as the largest ImageNet has


def name_classes(
    labels: NDArray[Any], where: str, classes: Sequence[str] | None = None
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Labels as class numbers, and what the classes are called.

    Whole numbers are taken as class numbers; without names, class 3 is called ``"3"``, and
    there are as many as the largest number says. Of texts each is a class, in the order of
    the alphabet, or of ``classes``.

    Examples
    --------
    >>> name_classes(np.array(["dog", "cat", "dog"]), "pets")
    (array([1, 0, 1]), ('cat', 'dog'))
    >>> name_classes(np.array([2, 0]), "numbers")
    (array([2, 0]), ('0', '1', '2'))

    Raises
    ------
    DataError
        They are neither, a text is none of ``classes``, or a number is negative or so large
        that it is no class number.
    """
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    kind = labels.dtype.kind
    if labels.ndim == 1 and kind == "b":
        labels, kind = labels.astype(np.int64), "i"
        classes = classes or ("False", "True")
    if labels.ndim == 1 and kind == "f" and np.array_equal(labels, np.trunc(labels)):
        labels, kind = labels.astype(np.int64), "i"
    if labels.ndim == 1 and kind in "iu":
        return labels, tuple(classes) if classes else _numbered(labels, where)
    if labels.ndim == 1 and kind in "US":
        return _from_texts(labels.astype(np.str_), where, classes)
    raise DataError(
        f"labels of type {labels.dtype} and shape {labels.shape} are no classes",
        where=where,
        mend="give one whole number or one text for each picture",
    )


def _numbered(labels: NDArray[Any], where: str) -> tuple[str, ...]:
    low, high = (int(labels.min()), int(labels.max())) if labels.size else (0, 0)
    if low < 0 or high >= _MOST:
        wrong = low if low < 0 else high
        at = int(np.flatnonzero(labels == wrong)[0])
        raise DataError(
            f"picture {at} has the label {wrong:,}, which is no class number",
            where=where,
            mend="number the classes from 0",
        )
    return tuple(map(str, range(high + 1)))


def _from_texts(
    labels: NDArray[np.str_], where: str, classes: Sequence[str] | None
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    found, numbers = np.unique(labels, return_inverse=True)
    names = tuple(classes) if classes else tuple(map(str, found))
    at = {name: number for number, name in enumerate(names)}
    for text in found:
        if text not in at:
            wrong = int(np.flatnonzero(labels == text)[0])
            raise DataError(
                f"picture {wrong} has the label {str(text)!r}, which is none of the classes named",
                where=where,
                mend="name it, or correct the label",
            )
    places = np.array([at[str(text)] for text in found], np.int64)
    return places[numbers], names


def check_classes(classes: Sequence[str], where: str) -> None:
    """Nothing, when there are two classes or more, each with a name of its own.

    Raises
    ------
    DataError
        There are fewer, or two of one name.
    """
    if len(classes) < 2:
        only = f"one class only, {classes[0]!r}" if classes else "no class"
        raise DataError(
            f"it has {only}", where=where, mend="a data set needs two, to tell them apart"
        )
    seen: set[str] = set()
    for name in classes:
        if name in seen:
            raise DataError(f"two of its classes are called {name!r}", where=where)
        seen.add(name)


def check_labels(labels: NDArray[Any], classes: int, where: str) -> NDArray[np.int64]:
    """The labels as int64, read-only.

    Raises
    ------
    DataError
        They are no whole numbers of shape (N,), or one is not the number of a class.
    """
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise DataError(
            f"labels of type {labels.dtype} and shape {labels.shape} are no class numbers",
            where=where,
            mend="give whole numbers of shape (N,)",
        )
    wrong = np.flatnonzero((labels < 0) | (labels >= classes))
    if wrong.size:
        raise DataError(
            f"picture {wrong[0]} has the label {labels[wrong[0]]}, and its {classes} classes "
            f"have the numbers 0 to {classes - 1}",
            where=where,
            mend="correct the label, or name more classes",
        )
    found = labels.astype(np.int64)
    found.flags.writeable = False
    return found
