"""Run every recorded op again on its recorded inputs, and compare the bits."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import torch

from layerwalk.capture.arguments import decode, encode
from layerwalk.capture.assemble import OPAQUE, REREAD
from layerwalk.capture.conditions import below_autograd, unchanged_randomness, whole_operations
from layerwalk.capture.data import TorchData
from layerwalk.capture.guard import WriteGuard, tensors_in
from layerwalk.checks import Mismatch, Report, Skipped
from layerwalk.errors import LayerwalkError
from layerwalk.record import Argument, Op, Ref, Symbol, Trace, Value

__all__ = ["replay"]


class _CannotReplayError(Exception):
    """Why an op cannot be run again."""


def replay(trace: Trace) -> Report:
    """A report on every op, run again on its recorded inputs and compared bit for bit.

    An op that was given a wrong edge, or whose recorded input was overwritten, gives other
    bits: edges and values are proved at once, for about the price of a forward pass. Ops
    that drew random numbers, whose memory was never written or that could not be seen are
    reported as skipped, with the reason.

    Works on a trace just recorded and on one opened from a file that kept its weights and
    its values exactly.
    """
    failures: list[Mismatch] = []
    skipped: list[Skipped] = []
    worst = 0.0
    with unchanged_randomness(), whole_operations(), below_autograd():
        for op in trace.ops:
            try:
                message, distance = _compare(op, _run(op))
            except _CannotReplayError as reason:
                skipped.append(Skipped(op.name, str(reason)))
            except LayerwalkError as error:  # a value that was left out, or changed since
                skipped.append(Skipped(op.name, f"{error.where}: {error.what}"))
            except Exception as error:
                failures.append(Mismatch(op.name, f"{type(error).__name__}: {error}"))
            else:
                if message:
                    failures.append(Mismatch(op.name, message))
                    worst = max(worst, distance)
    return Report(len(trace) - len(skipped), worst, tuple(failures), tuple(skipped))


def _run(op: Op) -> list[torch.Tensor] | Argument:
    """The op's outputs, made anew; its plain answer, if it makes no tensor."""
    if op.random:
        raise _CannotReplayError("it drew random numbers, or took memory as it came")
    if op.target == OPAQUE:
        raise _CannotReplayError("its module made it where no op could be seen")
    tensors = {value.id: _tensor(value) for value in op.inputs}
    given = [tensors[value.id] for value in op.inputs]
    if op.target == REREAD:
        return [_reread(op, given)]
    given = _spared(op, given)
    names, values = [], []
    for name, argument in op.arguments:
        names.append(name)
        try:
            values.append(decode(argument, lambda ref: given[ref.input]))
        except LookupError as error:
            raise _CannotReplayError(str(error)) from None
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
            raise _CannotReplayError("it returned fewer values than were recorded")
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
        raise _CannotReplayError("it is a higher-order operator")
    space, name, overload = target.split(".", 2)
    try:
        return getattr(getattr(getattr(torch.ops, space), name), overload)
    except AttributeError:
        raise _CannotReplayError(f"this PyTorch has no operator {target}") from None


def _tensor(value: Value) -> torch.Tensor:
    """The recorded tensor itself, or one of the same bits and strides from a file."""
    if isinstance(value.data, TorchData):
        if value.data.tensor.is_meta:
            raise _CannotReplayError("tensors on the meta device hold no numbers")
        return value.data.current()
    if value.dtype.startswith("q"):
        raise _CannotReplayError("a file keeps quantised values as the numbers they stand for")
    dtype = getattr(torch, value.dtype)
    array = np.array(value.array())
    loaded = torch.from_numpy(array).to(dtype)
    if tuple(loaded.stride()) == value.data.strides:
        return loaded
    strided = torch.empty_strided(value.shape, value.data.strides, dtype=dtype)
    return strided.copy_(loaded)


def _reread(op: Op, given: list[torch.Tensor]) -> torch.Tensor:
    """The tensor's memory laid out again: its old value, and what was written over it."""
    arguments: dict[str, Any] = dict(op.arguments)
    if not arguments["covers"]:
        raise _CannotReplayError("it was first read after a write; what lay beside is unknown")
    places = arguments["places"]
    size = max(_end(place, t.element_size()) for place, t in zip(places, given, strict=True))
    memory = torch.zeros(-(-size // 16) * 16, dtype=torch.uint8, device=given[0].device)
    for place, tensor in zip(places, given, strict=True):
        _laid(memory, place, tensor.dtype).copy_(tensor)
    return _laid(memory, arguments["place"], given[0].dtype).clone()


def _end(place: tuple[int, tuple[int, ...], tuple[int, ...]], size: int) -> int:
    start, shape, strides = place
    return start + (sum((n - 1) * s for n, s in zip(shape, strides, strict=True)) + 1) * size


def _laid(memory: torch.Tensor, place: Any, dtype: torch.dtype) -> torch.Tensor:
    start, shape, strides = place
    typed = memory.view(dtype)
    return typed.as_strided(shape, strides, start // typed.element_size())


def _compare(op: Op, made: list[torch.Tensor] | Argument) -> tuple[str, float]:
    """What differs, in words, and by how much at most."""
    if not isinstance(made, list):
        recorded = op.settings.get("result")
        return ("" if made == recorded else f"gave {made!r}, not {recorded!r}"), 0.0
    for value, tensor in zip(op.outputs, made, strict=True):
        held = _tensor(value)
        if tuple(tensor.shape) != value.shape or tensor.dtype != held.dtype:
            return f"{value.name}: {tuple(tensor.shape)} {tensor.dtype}, not as recorded", np.inf
        if not _same_bits(tensor, held):
            distance = _distance(tensor, held)
            return f"{value.name}: bits differ, by {distance:.3g} at most", distance
    return "", 0.0


def _same_bits(one: torch.Tensor, other: torch.Tensor) -> bool:
    if one.is_quantized:
        one, other = one.int_repr(), other.int_repr()
    if one.layout != torch.strided:
        one, other = one.to_dense(), other.to_dense()
    return torch.equal(_bits(one), _bits(other))


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    # As bytes, for NaN is not equal to itself and -0.0 is equal to 0.0.
    plain = tensor.detach().resolve_conj().resolve_neg().contiguous()
    if plain.stride()[-1:] not in ((), (1,)):  # of one number, any stride counts as contiguous
        plain = plain.clone(memory_format=torch.contiguous_format)
    return plain.reshape(-1).view(torch.uint8)


def _distance(one: torch.Tensor, other: torch.Tensor) -> float:
    difference = (one.to(torch.complex128) - other.to(torch.complex128)).abs()
    return float(difference.nan_to_num(nan=float("inf")).max())
