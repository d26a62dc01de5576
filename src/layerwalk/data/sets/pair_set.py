"""Somebody else's data set of (picture, label) pairs, such as PyTorch's ``Dataset``."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, Protocol, SupportsIndex, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.sets.class_names import name_classes
from layerwalk.data.sets.data_set import DataSet
from layerwalk.data.sets.picture import as_picture
from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError, LayerwalkError

__all__ = ["PairSet", "Pairs"]


@runtime_checkable
class Pairs(Protocol):
    """What has a length and gives a (picture, label) pair by number."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: Any, /) -> Any: ...


class PairSet(DataSet):
    """The pictures and labels of a data set that gives them in pairs.

    Pictures are Pillow images, arrays or tensors; floats have to be levels divided by 255, as
    torchvision's ``ToTensor`` makes them, so leave ``Normalize`` out. Labels are taken from
    its ``targets`` or ``labels`` where the pairs have the same, else each pair is read once;
    class names from its ``classes``.

    Parameters
    ----------
    pairs
        The data set.
    wanted
        Its class names, if it does not say, and whether floats may be rounded.
    name
        What to call it; its type's name if not given.

    Examples
    --------
    >>> pairs = [(np.zeros((2, 2)), 0), (np.ones((2, 2)), 1)]
    >>> data = PairSet(pairs, name="black and white")
    >>> data.picture(1)[0, 0], data.labels
    (array([255], dtype=uint8), array([0, 1]))

    Raises
    ------
    DataError
        It is empty, or what it gives is no pair of a picture and a label.
    """

    def __init__(self, pairs: Pairs, wanted: Wanted = Wanted(), *, name: str = "") -> None:  # noqa: B008 - frozen
        kind = type(pairs)
        name = name or kind.__name__
        wanted.no_parts(name)
        self._pairs, self._rounded = pairs, wanted.rounded
        self._name = name
        self._length = len(pairs)
        if not self._length:
            raise DataError("it has no picture", where=name)
        given = wanted.classes or _classes(pairs)
        labels, classes = name_classes(self._labels_of(pairs), name, given)
        self._held = labels
        about = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
        super().__init__(name, classes, about=about)

    def __len__(self) -> int:
        return self._length

    def picture(self, index: SupportsIndex) -> NDArray[np.uint8]:
        """Picture number ``index``; see :meth:`.DataSet.picture`."""
        number = self.number(index)
        where = f"{self._name}, picture {number}"
        return as_picture(self._pair(number)[0], where, rounded=self._rounded)

    def _read_labels(self) -> NDArray[np.integer[Any]]:
        return self._held

    def _pair(self, number: int) -> Sequence[Any]:
        try:
            pair = self._pairs[number]
        except LayerwalkError:
            raise
        except Exception as error:
            # Whoever wrote it may raise anything.
            raise DataError(
                f"picture {number} cannot be read ({type(error).__name__}: {error})",
                where=self._name,
            ) from error
        if not isinstance(pair, tuple | list) or len(pair) < 2:
            raise DataError(
                f"number {number} is a {type(pair).__name__}, not a picture and its label",
                where=self._name,
                mend="its [i] should be (picture, label)",
            )
        return pair

    def _labels_of(self, pairs: Pairs) -> NDArray[Any]:
        total = self._length
        quick = _listed(pairs)
        if quick is not None and len(quick) == total:
            probes = (0, total // 2, total - 1)
            if all(self._label(number) == quick[number] for number in probes):
                return quick
        return np.array([self._label(number) for number in range(total)])

    def _label(self, number: int) -> int | str:
        label = self._pair(number)[1]
        if isinstance(label, str):
            return label
        try:
            return operator.index(label)
        except TypeError:
            raise DataError(
                f"the label of picture {number} is a {type(label).__name__}, not a class number",
                where=self._name,
                mend="its [i] should be (picture, label), with a whole number or a text as label",
            ) from None


def _listed(pairs: object) -> NDArray[Any] | None:
    """The labels that a data set keeps in a list; of a subset, those of the whole by number."""
    whole, indices = getattr(pairs, "dataset", None), getattr(pairs, "indices", None)
    if whole is not None and indices is not None:
        found = _listed(whole)
        return None if found is None else found[np.asarray(indices)]
    if getattr(pairs, "target_transform", None) is not None:
        return None
    for name in ("targets", "labels"):
        held = getattr(pairs, name, None)
        if held is not None and not callable(held):
            array = np.asarray(held)
            return array if array.ndim == 1 and array.dtype.kind in "iuU" else None
    return None


def _classes(pairs: object) -> tuple[str, ...] | None:
    whole = getattr(pairs, "dataset", None)
    found = getattr(pairs, "classes", None)
    if found is None and whole is not None:
        return _classes(whole)
    if isinstance(found, list | tuple) and found:
        return tuple(map(str, found))
    return None
