"""Run a network once and record every op."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import torch

from layerwalk.capture.assemble import assemble
from layerwalk.capture.conditions import below_autograd, unchanged_randomness, whole_operations
from layerwalk.capture.frames import is_listening, listening
from layerwalk.capture.inventory import take_inventory
from layerwalk.capture.memory import keep_memory_warm
from layerwalk.capture.naming import Names
from layerwalk.capture.recorder import Call, Recorder
from layerwalk.capture.structure import flatten
from layerwalk.errors import CaptureError
from layerwalk.record import Failure, Photo, Trace

__all__ = ["record"]

_LONGEST_MESSAGE = 400
# They have a fused fast path in eval mode, whose last bits differ, and which fills padded
# positions with zeros.
_FUSED = frozenset(("MultiheadAttention", "TransformerEncoderLayer", "TransformerEncoder"))


def record(
    module: torch.nn.Module,
    args: Sequence[Any],
    kwargs: Mapping[str, Any] | None = None,
    *,
    name: str | None = None,
    labels: tuple[str, ...] | None = None,
    photo: Photo | None = None,
    provenance: Mapping[str, str] | None = None,
    watch: Callable[[int, int], None] | None = None,
    rewind: bool = True,
) -> Trace:
    """The trace of one forward pass ``module(*args, **kwargs)``, without gradients.

    The network runs in the mode it is in (``train`` or ``eval``) and comes back untouched:
    no hooks, the same flags, the same random state; what it wrote in place into memory that
    it had before (running statistics, the input) is put back. Values stay where the
    network made them, by reference.

    A network that raises half-way gives the ops so far, with ``trace.failure`` set, and a
    warning.

    ``watch`` is told at the start of each module's forward how many modules have been entered
    and how many there are. What it raises ends the walk and reaches the caller: as a
    ``BaseException`` that is no ``Exception``, past a network that catches its own errors.

    The random generators of torch, numpy and Python belong to the whole process: putting them
    back takes back what other threads drew meanwhile, too, so that these draw it again. Without
    ``rewind`` they stay where the network left them, which in ``eval`` mode is mostly where they
    were.

    Raises
    ------
    CaptureError
        The network raised before its first op, or this thread is recording already.

    Examples
    --------
    >>> trace = record(torch.nn.ReLU(), (torch.tensor([-1.0, 2.0]),))
    >>> trace[0].kind, trace[0].array().tolist()
    ('relu', [0.0, 2.0])
    """
    kwargs = dict(kwargs or {})
    title = name or type(module).__name__
    if is_listening():
        raise CaptureError(
            "this thread is recording already", where=title, mend="trace one network at a time"
        )
    keep_memory_warm()
    fused = torch.backends.mha.get_fastpath_enabled()
    recorder = Recorder(module, watch)
    with unchanged_randomness() if rewind else nullcontext():
        result, failure = _walk(recorder, module, args, kwargs)
    outputs = flatten(result)
    try:
        with torch.no_grad():
            given = _named(args, kwargs)
            done = assemble(recorder, module, given, [tensor for _, tensor in outputs])
    except RuntimeError as error:  # torch refuses to tell where such a tensor lies
        raise CaptureError(
            f"it works on tensors of a sort that cannot be recorded ({_shortened(str(error))})",
            where=title,
            mend="nested tensors and the like have no memory that a trace could keep",
        ) from error
    if failure is not None:
        warnings.warn(
            f"{title} raised at {failure.where}: {failure.message} "
            f"(the trace holds {_before_it(len(done.ops))})",
            stacklevel=_users_level(),
        )
    return Trace(
        ops=tuple(done.ops),
        inputs=done.inputs,
        outputs=done.outputs,
        output_paths=tuple(place for place, _ in outputs),
        modules=done.modules,
        name=title,
        labels=labels,
        photo=photo,
        failure=failure,
        provenance={**(provenance or {}), **(_in_steps(done.modules) if fused else {})},
    )


def _in_steps(modules: Mapping[str, str]) -> dict[str, str]:
    """What to say of a network whose attention may otherwise have run as one fused op."""
    if _FUSED.isdisjoint(modules.values()):
        return {}
    return {"attention": "in steps: the fused fast path is off while recording"}


def _before_it(count: int) -> str:
    return "the op before it" if count == 1 else f"the {count} ops before it"


def _users_level() -> int:
    """How far up the stack, as seen from the caller, the user's own line is."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("layerwalk."):
        level, frame = level + 1, frame.f_back
    return level


def _walk(
    recorder: Recorder, module: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> tuple[Any, Failure | None]:
    """What the network returned, and why it did not come to its end."""
    with whole_operations(), below_autograd():
        try:
            with listening(recorder), recorder:
                return module(*args, **kwargs), None
        except Exception as error:
            failure = _failure(recorder, module, error)
            if not any(isinstance(entry, Call) for entry in recorder.tape):
                raise CaptureError(failure.message, where=failure.where) from error
            return None, failure
        finally:
            recorder.undo()


def _named(args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[tuple[str, torch.Tensor]]:
    """The tensors that the network is given: ``input``, and by keyword ``input.mask``."""
    return [
        *(("input", tensor) for _, tensor in flatten(tuple(args))),
        *((f"input.{place}", tensor) for place, tensor in flatten(dict(kwargs))),
    ]


def _shortened(message: str) -> str:
    message = " ".join(message.split())
    if len(message) > _LONGEST_MESSAGE:
        message = message[: _LONGEST_MESSAGE - 1] + "…"
    return message


def _failure(recorder: Recorder, module: torch.nn.Module, error: Exception) -> Failure:
    message = " ".join(str(error).split()) or type(error).__name__
    if "does not require grad" in message:
        message = f"layerwalk records without gradients, and the network asked for one ({message})"
    message = _shortened(message)
    # The error holds every frame of the walk; kept, it would keep all tensors alive.
    accident, recorder.accident = recorder.accident, None
    if accident is None or accident.error is not error:
        return Failure(type(module).__name__, message)
    where = Names(take_inventory(module).paths, ()).path(accident.frame) or type(module).__name__
    if accident.signature is not None:
        where = f"{where} ({accident.signature.kind})"
    return Failure(where, message)
