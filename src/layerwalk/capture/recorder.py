"""The recorder: a dispatch mode that keeps every call on a tape, and little else.

All that can wait (names, kinds, edges) is worked out after the walk, from the tape: while
the network runs, an op costs one append.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from layerwalk.capture.frames import Frame
from layerwalk.capture.guard import (
    Copy,
    WriteGuard,
    copies_of,
    is_only_view,
    memory_of,
    place_of,
    tensors_in,
)
from layerwalk.capture.signature import Signature, Target, signature
from layerwalk.capture.structure import flatten

__all__ = ["Accident", "Aside", "Call", "Recorder", "Return"]


class Call:
    """One op on the tape: what was called, with what, what came back, and from where.

    ``copies`` are the tensors whose memory the op wrote, each with what it held before.
    """

    # Of few calls: left to the class, so that the many cost less.
    autocast: torch.dtype | None = None
    written: Sequence[torch.Tensor] = ()
    copies: Sequence[Copy] = ()

    def __init__(
        self, sign: Signature, args: tuple[Any, ...], kwargs: dict[str, Any], frame: Frame
    ) -> None:
        self.sign = sign
        self.args = args
        self.kwargs = kwargs
        self.frame = frame
        self.result: Any = None


class Return:
    """The end of a module's call on the tape: the tensors that went in and came out."""

    __slots__ = ("frame", "given", "made")

    def __init__(self, frame: Frame, given: Sequence[Any], made: Sequence[torch.Tensor]) -> None:
        self.frame = frame
        self.given = given
        self.made = made


class Aside:
    """Copies made where no op came of it: a write that failed, or memory put back at the end."""

    __slots__ = ("copies",)

    def __init__(self, copies: Sequence[Copy]) -> None:
        self.copies = copies


@dataclass
class Accident:
    """Where the forward pass raised first: the module's call, and the op if it was one."""

    frame: Frame
    error: BaseException
    signature: Signature | None = field(default=None)


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Records the calls of one thread, for the length of a ``with`` block."""

    # torch hands over higher-order operators instead of refusing them.
    supports_higher_order_operators = True

    def __init__(
        self, root: torch.nn.Module, watch: Callable[[int, int], None] | None = None
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.tape: list[Call | Return | Aside] = []
        self.accident: Accident | None = None
        self.guard = WriteGuard()
        self._noted = 0
        self._calls: dict[int, int] = {}
        self._watch = watch
        self._modules = 0 if watch is None else sum(1 for _ in root.modules())
        # Outside of every module. Frames keep their modules alive, so that one made on the
        # fly cannot hand its identity on to the next.
        self.frame = Frame(root, None, 1)

    def __enter__(self) -> Self:
        self.included_keys = torch._C._dispatch_tls_local_include_set()
        with torch.autocast("cpu", enabled=False), torch.autocast("cuda", enabled=False):
            self.plain_keys = _excluded_keys().raw_repr()
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def enter(self, module: torch.nn.Module) -> None:
        """A module's forward begins."""
        call = self._calls.get(id(module), 0) + 1
        self._calls[id(module)] = call
        self.frame.busy = True
        self.frame = Frame(module, self.frame, call)
        if self._watch is not None:
            self._watch(len(self._calls), self._modules)

    def leave(self, module: torch.nn.Module, args: Any, kwargs: Any, result: Any) -> None:
        """A module's forward has returned."""
        frame = self._close(module)
        if frame is None:
            return
        if isinstance(result, torch.Tensor) and not _is_wrapper(result):
            self.tape.append(Return(frame, (*args, *kwargs.values()), (result,)))
        else:
            # Opened at once: a list may hold other tensors by the end of the walk.
            given, made = flatten((args, kwargs), objects=False), flatten(result, objects=False)
            own = [[t for _, t in found if not _is_wrapper(t)] for found in (given, made)]
            self.tape.append(Return(frame, *own))

    def abandon(self, module: torch.nn.Module, error: BaseException | None) -> None:
        """A module's forward has raised; the network may still catch it."""
        frame = self._close(module)
        known = self.accident is not None and self.accident.error is error
        if frame is not None and error is not None and not known:
            self.accident = Accident(frame, error)

    def _close(self, module: torch.nn.Module) -> Frame | None:
        frame: Frame | None = self.frame
        while frame is not None and frame.module is not module:
            frame = frame.parent
        if frame is not None and frame.parent is not None:
            self.frame = frame.parent
        return frame

    def write(self, call: Call) -> Any:
        """Run a call that writes, after what was recorded there is safe."""
        sign = call.sign
        call.written = sign.writes(call.args, call.kwargs)
        if len(call.written) == 1 and self._is_alone(call.written[0]):
            target = call.written[0]
            self.guard.forget(target)
            if sign.functional is not None and self._write_elsewhere(call, sign.functional):
                return target
            call.copies = copies_of([target])
        elif call.written:
            self._protect(call)
        return _run(self, call)

    def _write_elsewhere(self, call: Call, functional: Callable[..., Any]) -> bool:
        """Run an in-place op out of place, and give its tensor the new memory.

        The old memory, untouched, is then the recorded value, and nothing was copied. Only
        for a tensor that nobody else looks at; ``False`` where the layouts differ.
        """
        target = call.written[0]
        made = functional(*call.args, **call.kwargs)
        if made.dtype != target.dtype or made.shape != target.shape:
            return False
        if made.stride() != target.stride() or memory_of(made) == memory_of(target):
            return False
        call.copies = (Copy(target, target.detach(), place_of(target)),)
        target.set_(made)
        return True

    def _protect(self, call: Call) -> None:
        """Copy what the call is about to write, wherever it was recorded."""
        self._note_tape()
        self.guard.note((*call.args, *call.kwargs.values()), ())
        call.copies = self.guard.protect(call.written)

    def _is_alone(self, tensor: torch.Tensor) -> bool:
        """Whether an op of this walk made the tensor, and nobody else looks at its memory.

        True of nearly every in-place activation; it saves the search for views.
        """
        for entry in reversed(self.tape):
            if isinstance(entry, Call) and entry.result is tensor:
                if entry.written:
                    continue  # written in place before: whose memory it was, an earlier op tells
                return is_only_view(tensor)
        return False

    def undo(self) -> None:
        """Put back what the network wrote outside of itself (running statistics)."""
        if self.guard.has_originals:
            self._note_tape()
            self.tape.append(Aside(self.guard.undo()))

    def _note_tape(self) -> None:
        calls = [entry for entry in self.tape[self._noted :] if isinstance(entry, Call)]
        self._noted = len(self.tape)
        # New memory first: a lazy parameter may have been read (as nothing) before it got it.
        for call in calls:
            if not any(True for _ in tensors_in(call.args)):
                self.guard.note((), (call.result,))
        for call in calls:
            made, read = (call.result, *call.written), (*call.args, *call.kwargs.values())
            if call.sign.is_view and self.guard.looks_past_writes(read[0], call.result):
                read = read[1:]
            self.guard.note(read, made)


# Within vmap and its like, tensors are wrapped: the ops see what is inside.
_is_wrapper = torch._C._functorch.is_functorch_wrapped_tensor
_callers_keys = torch._C._RestorePythonTLSSnapshot  # type: ignore[attr-defined]
_excluded_keys = torch._C._dispatch_tls_local_exclude_set
_keys = torch._C._ForceDispatchKeyGuard


def _autocast_type(excluded: Any) -> torch.dtype | None:
    """The type that the caller's autocast casts to, if one is active."""
    for device, key in (("cpu", "AutocastCPU"), ("cuda", "AutocastCUDA")):
        if not excluded.has(getattr(torch._C.DispatchKey, key)):
            return torch.get_autocast_dtype(device)
    return None


def _run(self: Recorder, call: Call) -> Any:
    """Run an op as it would have run in the plain forward pass.

    torch calls a mode with most dispatch keys shut off. Its inner steps would then take
    other paths (views of weights in `linear`, autocast within `einsum`), and the last bits
    would differ: the caller's keys are put back for ops that are made of others.
    """
    sign = call.sign
    if not sign.composite:
        return sign.run(*call.args, **call.kwargs)
    with _callers_keys():
        excluded = _excluded_keys()
    if excluded.raw_repr() != self.plain_keys:
        call.autocast = _autocast_type(excluded)
    with _keys(self.included_keys, excluded):
        return sign.run(*call.args, **call.kwargs)


def _dispatch(
    self: Recorder,
    func: Target,
    _types: Any,
    args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
) -> Any:
    sign = signature(func)
    call = Call(sign, args, kwargs or {}, self.frame)
    try:
        if sign.written and (sign.written_if is None or args[sign.written_if]):
            result = self.write(call)
        elif sign.composite:
            result = _run(self, call)
        elif kwargs:
            result = sign.run(*args, **kwargs)
        else:
            result = sign.run(*args)
    except Exception as error:
        if call.copies:
            self.guard.note((), [copy.of for copy in call.copies])
            self.tape.append(Aside(call.copies))
        self.accident = Accident(self.frame, error, sign)
        raise
    if not sign.written and args and result is args[0]:
        if not sign.kept_when_idle:
            return result  # nothing was done: `to` the type it has, `contiguous` as it is
        # A tensor of its own, so that readers of the input and of the output differ.
        result = result.detach()
    call.result = result
    self.tape.append(call)
    return result


# Assigned after the class is made: torch wraps a method named so in the class body with a
# guard against compilation that costs as much as the recording itself.
setattr(Recorder, "__torch_dispatch__", _dispatch)  # noqa: B010 - mypy: the signature is narrower
