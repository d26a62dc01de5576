"""A trace as one array of bytes, the same as its file: what a pickle carries."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import FileError
from layerwalk.record import Trace
from layerwalk.store.document import Damaged
from layerwalk.store.load import document
from layerwalk.store.rebuild import rebuilt
from layerwalk.store.save import contents
from layerwalk.store.tensors import TensorFile

__all__ = ["packed", "unpacked"]


def packed(trace: Trace) -> NDArray[np.uint8]:
    """Return the bytes of the trace's file, every number exact.

    An array, so that pickle's protocol 5 can hand it over without a copy, as Ray does.

    Raises
    ------
    FileError
        A value cannot be stored.
    CaptureError
        A value was written after the trace was recorded.
    """
    size, parts = contents(trace, "exact", weights=True)
    whole = np.empty(size, np.uint8)
    room, begin = whole.data, 0
    for part in parts:
        room[begin : begin + len(part)] = part
        begin += len(part)
    return whole


def unpacked(whole: NDArray[np.uint8]) -> Trace:
    """Return the trace that :func:`packed` packed; its arrays lie in ``whole``."""
    try:
        file = TensorFile.over(whole.data.toreadonly())
        return rebuilt(document("a pickled trace", file), file)
    except (Damaged, RecursionError) as problem:
        raise FileError(
            f"the pickled trace is damaged ({problem})", mend="pickle it again"
        ) from problem
