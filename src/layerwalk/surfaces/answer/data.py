"""A data set: what was counted in it, and its pictures in an order."""

from __future__ import annotations

from typing import Final

import numpy as np

from layerwalk.data.sets import Statistics
from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Array
from layerwalk.surfaces.answer.binary import Binary, Document, binary
from layerwalk.surfaces.answer.tensors import packed
from layerwalk.surfaces.library import Library, OpenData
from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.wire import (
    AskData,
    AskExamples,
    AskMeans,
    AskPictures,
    DataSheet,
    DataStatistics,
    ExamplesSheet,
)

__all__ = ["data", "examples", "means", "pictures"]

_MOST: Final = 256
_MOST_NUMBERS: Final = 1 << 24


def data(library: Library, ask: AskData) -> DataSheet:
    """A data set, and what was counted in it by now.

    Raises
    ------
    NotFoundError
        There is no such data set.
    """
    opened = library.data.find(ask.data)
    opened.count()
    held = opened.data
    return DataSheet(
        id=opened.id,
        name=held.name,
        about=held.about,
        pictures=len(held),
        classes=held.classes,
        counts=tuple(np.bincount(held.labels, minlength=len(held.classes)).tolist()),
        white=held.white,
        state=opened.state,
        counted=opened.counted,
        statistics=_statistics(opened.statistics) if opened.statistics else None,
        problem=opened.problem,
    )


def _statistics(found: Statistics) -> DataStatistics:
    heights, widths = zip(*(size for size, _ in found.sizes), strict=True)
    return DataStatistics(
        mean=found.mean,
        std=found.std,
        grey=found.grey,
        sizes=len(found.sizes),
        least=(min(heights), min(widths)),
        most=(max(heights), max(widths)),
        means=found.class_sums is not None,
    )


def examples(library: Library, ask: AskExamples) -> ExamplesSheet:
    """Which pictures stand in a part of an order.

    Raises
    ------
    LayerwalkError
        There is no such data set or class, or too much is asked for.
    """
    opened = library.data.find(ask.data)
    if not (0 <= ask.count <= _MOST and ask.first >= 0):
        raise RequestError(f"a part has at most {_MOST} pictures, from 0 on", where="count")
    classes = len(opened.data.classes)
    if ask.label is not None and not 0 <= ask.label < classes:
        raise NotFoundError(f"there is no class {ask.label}", where=f"0 to {classes - 1}")
    if ask.seed is not None and ask.seed < 0:
        raise RequestError("a seed is a whole number from 0", where="seed")
    order = opened.order(ask.label, ask.seed)
    part = order[ask.first : ask.first + ask.count]
    place = np.flatnonzero(order == ask.find) if ask.find is not None else np.empty(0)
    return ExamplesSheet(
        total=len(order),
        indices=tuple(part.tolist()),
        labels=tuple(opened.data.labels[part].tolist()),
        place=int(place[0]) if place.size else None,
    )


def pictures(library: Library, ask: AskPictures) -> Document:
    """The levels of some pictures.

    Raises
    ------
    LayerwalkError
        There is no such data set or picture; too many are asked for; the only one cannot be read.
    """
    opened = library.data.find(ask.data)
    if len(ask.indices) > _MOST or ask.side < 0:
        raise RequestError(f"at most {_MOST} pictures come at once", where="indices")
    for index in ask.indices:
        opened.data.number(index)
    alone = len(ask.indices) == 1
    return packed([_picture(opened, index, ask.side, alone=alone) for index in ask.indices])


def _picture(opened: OpenData, index: int, side: int, *, alone: bool) -> Binary:
    try:
        levels: Array = opened.picture(index)
    except LayerwalkError:
        if alone:
            raise
        # One damaged file among many: its neighbours are shown, and it says why when it is chosen.
        return Binary(np.empty((0, 0, 1), np.uint8), exact=False)
    step = _step(levels.shape[:2], side)
    return Binary(np.ascontiguousarray(levels[::step, ::step]), exact=step == 1)


def _step(size: tuple[int, ...], side: int) -> int:
    """Every which row and column is taken, for so many pixels along a side."""
    return -(-max(size) // side) if side else 1


def means(library: Library, ask: AskMeans) -> Binary:
    """The mean pictures of some classes.

    Raises
    ------
    LayerwalkError
        There is no such data set, there are no mean pictures of it, or too many are asked for.
    """
    opened = library.data.find(ask.data)
    found = opened.statistics
    if found is None or found.class_sums is None:
        what = (
            "its pictures are not counted yet" if found is None else "its pictures differ in size"
        )
        raise NotFoundError(what, where=opened.data.name)
    if ask.first < 0 or ask.count < 0 or ask.side < 0:
        raise RequestError("classes and pixels are counted from 0", where="first")
    step = _step(found.class_sums.shape[1:3], ask.side)
    sums = found.class_sums[ask.first : ask.first + ask.count, ::step, ::step]
    if sums.size > _MOST_NUMBERS:
        raise RequestError("so many mean pictures do not come at once", where="count")
    counts = np.array(found.counts[ask.first : ask.first + ask.count], np.float64)
    counts[counts == 0] = np.nan
    return binary((sums / counts[:, None, None, None]).astype(np.float32))
