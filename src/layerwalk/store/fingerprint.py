"""Which weights a trace was made with, as one hash."""

from __future__ import annotations

import hashlib

import numpy as np

from layerwalk.errors import CaptureError
from layerwalk.record import Trace, Value
from layerwalk.store.detail import chunks
from layerwalk.store.mapped import Absent, Mapped

__all__ = ["WEIGHTS", "weights_sha256"]

WEIGHTS = "weights_sha256"
"""Its name in the provenance."""


def weights_sha256(trace: Trace) -> str | None:
    """Return the SHA-256 of the weights that the walk read; ``None`` where it is not known.

    Parameters and buffers are hashed in the order of their names, for each a line with name,
    dtype and shape, ``"conv1.bias float32 (64,)"`` and a newline, then the numbers of
    ``value.array()`` in C order, little-endian. What the walk did not read is not in the trace
    and changes nothing. Not known is the hash of no weights at all, of weights that were left
    out of a file or rounded in it, and of weights trained on since the walk.

    Examples
    --------
    >>> weights_sha256(trace)                                   # doctest: +SKIP
    '2f8c0a...'
    """
    weights = [value for value in trace.values if value.role in ("parameter", "buffer")]
    if not weights or not all(_is_exact(value) for value in weights):
        return None
    digest = hashlib.sha256()
    try:
        for value in sorted(weights, key=lambda value: value.name):
            _add(digest, value)
    except CaptureError:  # raised for what was written since: its numbers are gone
        return None
    return digest.hexdigest()


def _is_exact(value: Value) -> bool:
    data = value.data
    return not isinstance(data, Absent) and not (
        isinstance(data, Mapped) and data.detail != "exact"
    )


def _add(digest: hashlib._Hash, value: Value) -> None:
    title = f"{value.name} {value.dtype} {value.shape}\n"
    digest.update(title.encode(errors="backslashreplace"))
    array = value.array()
    for part in chunks(array, array.dtype.newbyteorder("<")):
        digest.update(np.ascontiguousarray(part).data.cast("B"))
