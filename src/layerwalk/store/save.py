"""A trace into one file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import get_args

from layerwalk.errors import FileError, LayerwalkError
from layerwalk.recipes.notation import notated
from layerwalk.record import Trace
from layerwalk.store.describe import KEY, RECIPES, described
from layerwalk.store.detail import Detail
from layerwalk.store.fingerprint import WEIGHTS, weights_sha256
from layerwalk.store.pieces import Piece
from layerwalk.store.plan import planned
from layerwalk.store.replacing import replacing
from layerwalk.store.tensors import header, laid_out

__all__ = ["contents", "save"]


def save(
    trace: Trace,
    path: str | os.PathLike[str],
    *,
    detail: Detail = "exact",
    weights: bool = True,
) -> Path:
    """Return the path of the ``.safetensors`` file that now holds the trace.

    The tensors lie raw under the values' names, so any tool opens them; the graph is JSON in
    the metadata, and so are the recipes, how each number is made, for readers without Python
    (docs/recipes.md). Values that share memory are stored once. The file takes the place of an
    older one only when it is whole, and the same trace gives the same bytes. The provenance
    in it tells the weights' hash, ``"weights_sha256"`` (see
    :func:`layerwalk.store.fingerprint.weights_sha256`), also where they are left out.

    Parameters
    ----------
    trace
        The trace.
    path
        Where to; its folder must exist.
    detail
        ``"exact"`` keeps every bit. ``"half"`` writes floating results and weights as
        float16, except tensors that hold a number too large for it. ``"compact"`` writes
        them in 8 bits, one scale a channel, and those as float16 that are small (4096
        numbers or fewer) or hold numbers that are not finite; 0.0 stays 0.0 and signs stay.
        Inputs, constants, integers, complex numbers and the photo are exact always. What was
        done is told by ``value.data.detail``, ``value.data.max_error`` and
        ``trace.provenance["detail"]``.
    weights
        Whether to keep parameters and buffers. Without them their values have a shape and
        no numbers.

    Raises
    ------
    FileError
        The file cannot be written, or a value cannot be stored.
    LayerwalkError
        There is no such detail.

    Examples
    --------
    >>> lw.trace(model, image).save("dog.safetensors", detail="half")   # doctest: +SKIP
    PosixPath('dog.safetensors')
    """
    if detail not in get_args(Detail):
        choices = ", ".join(get_args(Detail))
        raise LayerwalkError(f"there is no detail {detail!r}", mend=f"choose one of {choices}")
    target = Path(path)
    provenance = dict(trace.provenance)
    if WEIGHTS not in provenance and (found := weights_sha256(trace)) is not None:
        provenance[WEIGHTS] = found
    _, parts = contents(replace(trace, provenance=provenance), detail, weights=weights)
    with replacing(target) as stream:
        for part in parts:
            stream.write(part)
    return target


def contents(
    trace: Trace, detail: Detail, *, weights: bool
) -> tuple[int, Iterator[bytes | memoryview]]:
    """Return the length of a trace's file, and its bytes part by part.

    A part is to be used before the next is asked for.

    Raises
    ------
    FileError
        A value cannot be stored, or the graph is too large.
    """
    plan = planned(trace, detail, weights=weights)
    pieces = {piece.spec.name: piece for piece in plan.pieces}
    specs = laid_out(piece.spec for piece in plan.pieces)
    head = header(specs, {KEY: described(trace, plan), RECIPES: notated(trace)})
    if head is None:
        mend = "trace a part of the network"
        raise FileError(
            "the graph is too large for a safetensors header", where=trace.name, mend=mend
        )
    tensors = (cells for spec in specs for cells in _bytes(pieces[spec.name]))
    return len(head) + sum(spec.nbytes for spec in specs), chain([head], tensors)


def _bytes(piece: Piece) -> Iterator[memoryview]:
    """The bytes of a piece, exactly as many as the header says."""
    left = piece.spec.nbytes
    for cells in piece.cells():
        left -= cells.nbytes
        if left < 0:
            break
        if cells.size:
            yield cells.data.cast("B")
    if left:
        raise FileError(f"{piece.spec.name} changed while it was being saved")
