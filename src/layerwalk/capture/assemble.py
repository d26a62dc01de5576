"""From the tape to the trace: names, kinds, settings and the edges between ops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch

from layerwalk.capture.arguments import encode
from layerwalk.capture.binding import bind
from layerwalk.capture.data import TorchData, dtype_name
from layerwalk.capture.frames import Frame
from layerwalk.capture.guard import tensors_in
from layerwalk.capture.naming import Names
from layerwalk.capture.recorder import Call, Recorder, Return, Undo
from layerwalk.capture.rereads import Older, Rereads
from layerwalk.capture.signature import signature
from layerwalk.capture.structure import flatten
from layerwalk.capture.timeline import Timeline
from layerwalk.record import Argument, Op, Ref, Role, Symbol, Value

__all__ = ["OPAQUE", "REREAD", "Assembly", "assemble"]

OPAQUE = "layerwalk.opaque"
REREAD = "layerwalk.reread"


@dataclass
class Assembly:
    """What the tape came to; ``brought`` are all values that came from outside."""

    ops: list[Op] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    inputs: tuple[Value, ...] = ()
    outputs: tuple[Value, ...] = ()
    brought: list[Value] = field(default_factory=list)


def assemble(
    recorder: Recorder,
    root: torch.nn.Module,
    inputs: Sequence[tuple[str, torch.Tensor]],
    outputs: Sequence[torch.Tensor],
) -> Assembly:
    """Ops and values of one walk.

    ``inputs`` are the tensors given to the network by name, ``outputs`` what it returned.
    """
    tape = recorder.tape
    assembler = _Assembler(Names(root, tape), Timeline(tape), Frame(root, None, 1))
    return assembler.run(tape, inputs, outputs)


class _Assembler:
    def __init__(self, names: Names, timeline: Timeline, outside: Frame) -> None:
        self.names = names
        self.outside = outside
        self.done = Assembly()
        self.timeline = timeline
        self.time = 0
        self.newest: dict[int, Value] = {}  # by tensor object
        self.rereads = Rereads()
        self.count = 0

    def run(
        self,
        tape: Sequence[Call | Return | Undo],
        inputs: Sequence[tuple[str, torch.Tensor]],
        outputs: Sequence[torch.Tensor],
    ) -> Assembly:
        done = self.done
        self.note_module(self.outside)
        done.inputs = tuple(self.bring(tensor, name, "input") for name, tensor in inputs)
        for self.time, entry in enumerate(tape):
            if isinstance(entry, Call):
                self.call(entry)
            elif isinstance(entry, Return):
                self.leave(entry)
        # An Undo is the last entry: outputs are what they were before it.
        done.outputs = tuple(self.value_of(tensor, None) for tensor in outputs)
        return done

    # -- values ---------------------------------------------------------------------------

    def value(self, tensor: torch.Tensor, name: str, role: Role, op: Op | None = None) -> Value:
        """What the tensor holds at this time, as a new value, the newest of its tensor."""
        held = self.timeline.held(tensor, self.time)
        shape, dtype = tuple(held.shape), dtype_name(held.dtype)
        made = Value(self.count, name, role, shape, dtype, TorchData(held, name), op)
        self.count += 1
        self.newest[id(tensor)] = made
        if role != "result":
            self.done.brought.append(made)
        return made

    def bring(self, tensor: torch.Tensor, name: str, role: Role) -> Value:
        """A value from outside of the walk."""
        known = self.newest.get(id(tensor))
        if known is not None:
            return known
        return self.value(tensor, self.names.unique(name), role)

    def value_of(self, tensor: torch.Tensor, frame: Frame | None) -> Value:
        """The value that a tensor holds now, as somebody reads it."""
        known = self.newest.get(id(tensor))
        if known is not None and not self.rereads.is_stale(tensor):
            return known
        if known is None:
            weight = self.names.weight(tensor, frame)
            if weight is not None:
                return self.bring(tensor, *weight)
        older = self.rereads.parents(tensor, known, self.newest)
        if older is not None:
            return self.reread(tensor, known, older, frame)
        return self.bring(tensor, "constant", "constant")

    # -- ops ------------------------------------------------------------------------------

    def call(self, call: Call) -> None:
        """One recorded call becomes one op."""
        if not signature(call.func).is_step:
            self.pass_on(call)
            return
        binding, read = bind(call)
        inputs = [self.value_of(tensor, call.frame) for tensor in read]
        settings = binding.settings
        result = call.result
        results = [result] if isinstance(result, torch.Tensor) else list(tensors_in((result,)))
        if call.autocast is not None:
            settings = {**settings, "autocast": Symbol("dtype", dtype_name(call.autocast))}
        if not results and result is not None:
            settings = {**settings, "result": encode(result, lambda _: Ref(0))}
        writes: tuple[int | None, ...] = (None,)
        if call.written:
            results, writes = _with_written(call.written, results, read)
        elif len(results) != 1:
            writes = (None,) * len(results)
        self.time += 1  # what was read lay there before the op, what it made lies there after
        self.finish(
            _Draft(
                name=self.names.of_call(call, binding.kind),
                kind=binding.kind,
                frame=call.frame,
                settings=settings,
                inputs=inputs,
                target=binding.target,
                arguments=binding.arguments,
                writes=writes,
                random=binding.random,
            ),
            results,
        )
        if call.copies or self.rereads:
            self.rereads.written(call, self.newest, lambda t: self.timeline.place(t, self.time))

    def pass_on(self, call: Call) -> None:
        """The result is the argument's value under another object (``detach``)."""
        if isinstance(call.result, torch.Tensor):
            self.newest[id(call.result)] = self.value_of(call.args[0], call.frame)

    def leave(self, leaving: Return) -> None:
        """A module's outputs that no op made become one opaque op."""
        self.note_module(leaving.frame)
        result = leaving.result
        if isinstance(result, torch.Tensor) and id(result) in self.newest:
            return
        unseen = [t for _, t in flatten(result) if self.is_unseen(t, leaving.frame.module)]
        if not unseen:
            return
        given = list(tensors_in((leaving.args, *leaving.kwargs.values())))
        inputs = [self.value_of(tensor, leaving.frame) for tensor in given]
        self.finish(
            _Draft(
                name=self.names.of_opaque(leaving.frame),
                kind="opaque",
                frame=leaving.frame,
                settings={},
                inputs=inputs,
                target=OPAQUE,
                arguments=(("inputs", tuple(Ref(k) for k in range(len(inputs)))),),
                writes=(None,) * len(unseen),
                random=False,
            ),
            unseen,
        )

    def is_unseen(self, tensor: torch.Tensor, module: torch.nn.Module) -> bool:
        """Whether a tensor was made within the walk where the recorder could not look."""
        if id(tensor) in self.newest or self.names.weight(tensor, None) is not None:
            return False
        if any(tensor is item for item in tensors_in(vars(module).values())):
            return False  # a constant the module keeps
        return self.rereads.parents(tensor, None, self.newest) is None

    def reread(
        self,
        tensor: torch.Tensor,
        known: Value | None,
        older: Sequence[Older],
        frame: Frame | None,
    ) -> Value:
        """The tensor read again after its memory was written under another name."""
        frame = frame or self.outside
        own = self.timeline.place(tensor, self.time)
        earlier = [Older(known, own)] if known is not None else []
        inputs = [*earlier, *older]
        arguments: tuple[tuple[str, Argument], ...] = (
            ("inputs", tuple(Ref(k) for k in range(len(inputs)))),
            ("places", tuple(item.place for item in inputs)),
            ("place", own),
            ("covers", known is not None),
        )
        self.rereads.refreshed(tensor)
        op = self.finish(
            _Draft(
                name=self.names.inside(frame, "reread"),
                kind="reread",
                frame=frame,
                settings={},
                inputs=[item.value for item in inputs],
                target=REREAD,
                arguments=arguments,
                writes=(None,),
                random=False,
            ),
            [tensor],
        )
        return op.outputs[0]

    def note_module(self, frame: Frame) -> str:
        """Keep the module of a frame; returns its path."""
        path = self.names.path(frame)
        self.done.modules.setdefault(path, type(frame.module).__name__)
        return path

    def finish(self, draft: _Draft, results: Sequence[torch.Tensor]) -> Op:
        """The op with its outputs, added to the walk."""
        numbered = len(results) > 1
        made = tuple(
            [
                self.value(tensor, f"{draft.name}[{k}]" if numbered else draft.name, "result")
                for k, tensor in enumerate(results)
            ]
        )
        frame = draft.frame
        op = Op(
            index=len(self.done.ops),
            name=draft.name,
            kind=draft.kind,
            module=self.note_module(frame),
            module_type=type(frame.module).__name__,
            module_call=frame.call,
            settings=draft.settings,
            inputs=tuple(draft.inputs),
            target=draft.target,
            arguments=draft.arguments,
            writes=draft.writes,
            random=draft.random,
            made=made,
        )
        self.done.ops.append(op)
        for tensor, value in zip(results, op.outputs, strict=True):
            self.newest[id(tensor)] = value
        return op


@dataclass(slots=True)
class _Draft:
    """An op before its outputs have names."""

    name: str
    kind: str
    frame: Frame
    settings: Mapping[str, Argument]
    inputs: list[Value]
    target: str
    arguments: tuple[tuple[str, Argument], ...]
    writes: tuple[int | None, ...]
    random: bool


def _with_written(
    written: Sequence[torch.Tensor], results: list[torch.Tensor], read: list[torch.Tensor]
) -> tuple[list[torch.Tensor], tuple[int | None, ...]]:
    """All that a call made: what it returned, then what else it wrote; and what was where."""
    returned = {id(tensor) for tensor in results}
    results = [*results, *(tensor for tensor in written if id(tensor) not in returned)]
    places = {id(tensor): place for place, tensor in enumerate(read)}
    into = {id(tensor) for tensor in written}
    return results, tuple(places.get(id(t)) if id(t) in into else None for t in results)
