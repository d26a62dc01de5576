"""What an ONNX network is given, checked against what it takes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from layerwalk.errors import CaptureError
from layerwalk.record import Array, Trace

__all__ = ["given_to"]

_TYPES = {
    "tensor(float)": "float32", "tensor(double)": "float64", "tensor(float16)": "float16",
    "tensor(int64)": "int64", "tensor(int32)": "int32", "tensor(uint8)": "uint8",
    "tensor(int8)": "int8", "tensor(bool)": "bool",
}  # fmt: skip


def given_to(slots: Sequence[Any], inputs: Sequence[Any], where: str) -> dict[str, Array]:
    """The arrays by the names of the network's inputs.

    Parameters
    ----------
    slots
        The inputs as onnxruntime tells them: ``name``, ``shape`` and ``type``.
    inputs
        Arrays or tensors in order; or one mapping of them by name; or one trace, for what the
        network was given there.
    where
        What to call the network.

    Raises
    ------
    CaptureError
        There are too many or too few, or one has another type or shape.
    """
    if len(inputs) == 1 and isinstance(inputs[0], Trace):
        inputs = [value.array() for value in inputs[0].inputs]
    if len(inputs) == 1 and isinstance(inputs[0], Mapping):
        found = dict(inputs[0])
    else:
        found = {slot.name: item for slot, item in zip(slots, inputs, strict=False)}
        if len(inputs) != len(slots):
            raise CaptureError(f"{len(inputs)} inputs were given", where=where, mend=_takes(slots))
    if set(found) != {slot.name for slot in slots}:
        names = ", ".join(sorted(map(str, found)))
        raise CaptureError(f"the inputs given are called {names}", where=where, mend=_takes(slots))
    return {slot.name: _checked(slot, found[slot.name], where, slots) for slot in slots}


def _checked(slot: Any, item: Any, where: str, slots: Sequence[Any]) -> Array:
    if isinstance(item, (str, bytes, os.PathLike)) or hasattr(item, "pixels"):
        raise CaptureError(
            f"the input {slot.name} is given as a picture, and the file does not say how its "
            "network wants them",
            where=where,
            mend="give the prepared array, or the trace of the network that it was exported from",
        )
    array = _array(item)
    wanted = _TYPES.get(slot.type)
    if wanted is not None and array.dtype.name != wanted:
        raise CaptureError(
            f"the input {slot.name} is given as {array.dtype.name}",
            where=where,
            mend=f"give it as {wanted}",
        )
    fits = len(array.shape) == len(slot.shape) and all(
        not isinstance(side, int) or side == length
        for side, length in zip(slot.shape, array.shape, strict=True)
    )
    if not fits:
        shape = "x".join(map(str, array.shape)) or "scalar"
        raise CaptureError(f"the input {slot.name} is {shape}", where=where, mend=_takes(slots))
    return array


def _array(item: Any) -> Array:
    if hasattr(item, "detach"):  # a torch tensor, which this room does not know
        item = item.detach().cpu().numpy()
    return np.ascontiguousarray(item)


def _takes(slots: Sequence[Any]) -> str:
    told = ", ".join(
        f"{slot.name} ({'x'.join(map(str, slot.shape)) or 'scalar'}, "
        f"{_TYPES.get(slot.type, slot.type)})"
        for slot in slots
    )
    return f"it takes {told or 'nothing'}"
