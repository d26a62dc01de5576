"""One recorded op, run again on tensors of the caller's choice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import torch

from layerwalk.capture.arguments import decode, encode
from layerwalk.capture.assemble import OPAQUE, REREAD
from layerwalk.capture.channels import changes_of
from layerwalk.capture.data import TorchData
from layerwalk.capture.guard import WriteGuard, tensors_in
from layerwalk.record import Argument, Op, Ref, Symbol, Value

__all__ = ["CannotRunError", "recorded_tensor", "run_again"]


class CannotRunError(Exception):
    """Why an op cannot be run again."""


def run_again(
    op: Op, tensor_of: Callable[[Value], torch.Tensor], *, gradients: bool = False
) -> list[torch.Tensor] | Argument:
    """The op's outputs, made anew; its plain answer, if it makes no tensor.

    What edits do to its channels is done again, too.

    Parameters
    ----------
    op
        The recorded op.
    tensor_of
        Gives the tensor that is to stand for a value that the op reads. None of them is
        written, also where the op works in place.
    gradients
        Whether gradients are to flow through what an op that works in place writes.

    Raises
    ------
    CannotRunError
        The op drew random numbers, could not be seen when it was recorded, or its arguments
        are not in the file that the trace came from.
    """
    made = _made(op, tensor_of, gradients)
    if isinstance(made, list):
        for change in changes_of(op):
            made[0] = change(made[0])
    return made


def recorded_tensor(value: Value) -> torch.Tensor:
    """The recorded tensor itself, or one of the same bits and strides from a file."""
    if isinstance(value.data, TorchData):
        if value.data.tensor.is_meta:
            raise CannotRunError("tensors on the meta device hold no numbers")
        return value.data.current()
    if value.dtype.startswith("q"):
        raise CannotRunError("a file keeps quantised values as the numbers they stand for")
    dtype = getattr(torch, value.dtype)
    array = np.array(value.array())
    loaded = torch.from_numpy(array).to(dtype)
    if tuple(loaded.stride()) == value.data.strides:
        return loaded
    strided = torch.empty_strided(value.shape, value.data.strides, dtype=dtype)
    return strided.copy_(loaded)


def _made(
    op: Op, tensor_of: Callable[[Value], torch.Tensor], gradients: bool
) -> list[torch.Tensor] | Argument:
    if op.random:
        raise CannotRunError("it drew random numbers, or took memory as it came")
    if op.target == OPAQUE:
        raise CannotRunError("its module made it where no op could be seen")
    tensors = {value.id: tensor_of(value) for value in op.inputs}
    given = [tensors[value.id] for value in op.inputs]
    if op.target == REREAD:
        return [_reread(op, given)]
    given = _cloned(op, given) if gradients else _spared(op, given)
    names, values = [], []
    for name, argument in op.arguments:
        names.append(name)
        try:
            values.append(decode(argument, lambda ref: given[ref.input]))
        except LookupError as error:
            raise CannotRunError(str(error)) from None
    with _autocast(op):
        result = _call(_target(op.target), names, values)
    if not op.made:
        return encode(result, lambda _: Ref(0))
    return _with_written(op, list(tensors_in((result,))), given)


def _autocast(op: Op) -> AbstractContextManager[None]:
    """The autocast under which the op ran: a composite op casts its inner steps."""
    target = op.settings.get("autocast")
    if not isinstance(target, Symbol):
        return nullcontext()
    data = op.inputs[0].data if op.inputs else None
    device = data.tensor.device.type if isinstance(data, TorchData) else "cpu"
    return torch.autocast(device, dtype=getattr(torch, target.name))


def _with_written(
    op: Op, returned: list[torch.Tensor], given: list[torch.Tensor]
) -> list[torch.Tensor]:
    """Outputs in the recorded order: those returned, then written ones that were not."""
    made = returned[: len(op.made)]
    for place in range(len(made), len(op.made)):
        position = op.writes[place]
        if position is None:
            raise CannotRunError("it returned fewer values than were recorded")
        made.append(given[position])
    return made


def _spared(op: Op, given: list[torch.Tensor]) -> list[torch.Tensor]:
    """The inputs, with copies of those that the op writes and of all that share their memory."""
    written = [given[position] for position in op.writes if position is not None]
    if not written:
        return given
    guard = WriteGuard()
    guard.note(given, ())
    copies = {id(copy.of): copy.held for copy in guard.protect(written)}
    return [copies.get(id(tensor), tensor) for tensor in given]


def _cloned(op: Op, given: list[torch.Tensor]) -> list[torch.Tensor]:
    """The inputs, with clones of those that the op writes: autograd follows a clone."""
    written = {position for position in op.writes if position is not None}
    return [tensor.clone() if k in written else tensor for k, tensor in enumerate(given)]


def _call(func: Any, names: list[str], values: list[Any]) -> Any:
    schema = getattr(func, "_schema", None)
    if schema is None:
        return func(*values)
    positional, keywords = [], {}
    for argument, name, value in zip(schema.arguments, names, values, strict=True):
        if argument.kwarg_only:
            keywords[name] = value
        else:
            positional.append(value)
    return func(*positional, **keywords)


def _target(target: str) -> Any:
    if target.startswith("higher_order."):
        raise CannotRunError("it is a higher-order operator")
    space, name, overload = target.split(".", 2)
    try:
        return getattr(getattr(getattr(torch.ops, space), name), overload)
    except AttributeError:
        raise CannotRunError(f"this PyTorch has no operator {target}") from None


def _reread(op: Op, given: list[torch.Tensor]) -> torch.Tensor:
    """The tensor's memory laid out again: its old value, and what was written over it."""
    arguments: dict[str, Any] = dict(op.arguments)
    if not arguments["covers"]:
        raise CannotRunError("it was first read after a write; what lay beside is unknown")
    places = arguments["places"]
    if any(tuple(t.shape) != shape for t, (_, shape, _) in zip(given, places, strict=True)):
        raise CannotRunError("its memory was laid out for values of another shape")
    size = max(_end(place, t.element_size()) for place, t in zip(places, given, strict=True))
    types = {tensor.dtype for tensor in given}
    # Gradients flow through numbers, not through bytes.
    dtype = types.pop() if len(types) == 1 else torch.uint8
    memory = torch.zeros(-(-size // 16) * 16 // dtype.itemsize, dtype=dtype, device=given[0].device)
    for place, tensor in zip(places, given, strict=True):
        _laid(memory, place, tensor.dtype).copy_(tensor)
    return _laid(memory, arguments["place"], given[0].dtype).clone()


def _end(place: tuple[int, tuple[int, ...], tuple[int, ...]], size: int) -> int:
    start, shape, strides = place
    return start + (sum((n - 1) * s for n, s in zip(shape, strides, strict=True)) + 1) * size


def _laid(memory: torch.Tensor, place: Any, dtype: torch.dtype) -> torch.Tensor:
    start, shape, strides = place
    typed = memory if memory.dtype == dtype else memory.view(dtype)
    return typed.as_strided(shape, strides, start // typed.element_size())
