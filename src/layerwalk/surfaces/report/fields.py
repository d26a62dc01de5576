"""Receptive fields for a page without Python: where the box of index 0 lies, and how it moves."""

from __future__ import annotations

from layerwalk.errors import NotFoundError
from layerwalk.recipes.receptive_field import receptive_field
from layerwalk.recipes.receptive_fields import FieldRow, receptive_fields
from layerwalk.record import Trace
from layerwalk.surfaces.wire import EvenField

__all__ = ["EvenField", "even_fields"]


def even_fields(trace: Trace) -> dict[int, EvenField]:
    """The fields of the ops that have one, the same for all channels, that moves evenly, by op.

    Examples
    --------
    >>> import layerwalk as lw
    >>> even_fields(lw.trace(lw.load_model("edges"), "sample:dog"))[2]
    EvenField(axes=(2, 3), offsets=(2.0, 2.0), strides=(2.0, 2.0), sizes=(5, 5))
    """
    try:
        rows = list(receptive_fields(trace))
    except NotFoundError:  # the network was given nothing that could have a field
        return {}
    found = {row.op.index: _even(row) for row in rows if not _varies(trace, row)}
    return {op: field for op, field in found.items() if field is not None}


def _varies(trace: Trace, row: FieldRow) -> bool:
    """Whether the first and the last of a map's channels have other fields than all together.

    They do behind a concatenation of branches, until an op reads all of them.
    """
    if row.missing or None not in row.index:
        return False
    for end in (0, -1):
        index = [
            end % length if place is None else place
            for place, length in zip(row.index, row.op.shape, strict=True)
        ]
        if receptive_field(trace, row.op, index).size != row.size:
            return True
    return False


def _even(row: FieldRow) -> EvenField | None:
    spatial = row.spatial
    if row.missing or not spatial:
        return None
    moving = [axis for axis, place in enumerate(row.index) if place is not None]
    if len(moving) > len(spatial) or (moving == [0] and row.op.shape[0] == 1):
        moving = moving[1:]  # the sample
    if not moving:
        centres = tuple(span.centre for span in spatial)
        return EvenField((0,) * len(spatial), centres, (0.0,) * len(spatial), row.size)
    strides = tuple(stride for stride in row.stride if stride is not None)
    offsets = tuple(offset for offset in row.offset if offset is not None)
    if not len(moving) == len(strides) == len(offsets) == len(spatial):
        return None
    return EvenField(tuple(moving), offsets, strides, row.size)
