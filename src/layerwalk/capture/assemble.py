"""From the tape to the trace: names, kinds, settings and the edges between ops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from layerwalk.capture.arguments import encode
from layerwalk.capture.binding import Binding, bind
from layerwalk.capture.data import TorchData, dtype_name
from layerwalk.capture.frames import Frame
from layerwalk.capture.guard import tensors_in
from layerwalk.capture.inventory import SMALL_BUFFER, Inventory, take_inventory
from layerwalk.capture.naming import Names
from layerwalk.capture.recorder import Aside, Call, Recorder, Return
from layerwalk.capture.rereads import Older, Rereads
from layerwalk.capture.template import (
    Assembly,
    Entry,
    Named,
    Template,
    value_of,
    with_written,
)
from layerwalk.capture.timeline import Timeline
from layerwalk.record import Argument, Op, Ref, Role, Symbol, Value

__all__ = ["OPAQUE", "REREAD", "Assembly", "assemble"]

OPAQUE = "layerwalk.opaque"
REREAD = "layerwalk.reread"


def assemble(
    recorder: Recorder,
    root: torch.nn.Module,
    inputs: Named,
    outputs: Sequence[torch.Tensor],
) -> Assembly:
    """Ops and values of one walk.

    ``inputs`` are the tensors given to the network by name, ``outputs`` what it returned.
    """
    tape = recorder.tape
    inventory = take_inventory(root)
    timeline = Timeline(tape)
    if inventory.template is not None:
        done = inventory.template.follow(inventory, tape, timeline, inputs, outputs)
        if done is not None:
            return done
    names, outside = Names(inventory.paths, tape), Frame(root, None, 1)
    assembler = _Assembler(inventory, names, timeline, outside)
    done = assembler.run(tape, inputs, outputs)
    inventory.template = None if assembler.surprised else Template(tape, inputs, done)
    return done


class _Assembler:
    def __init__(
        self, inventory: Inventory, names: Names, timeline: Timeline, outside: Frame
    ) -> None:
        self.weights = inventory.weights
        self.names = names
        self.outside = outside
        self.done = Assembly()
        self.timeline = timeline
        self.time = 0
        self.newest: dict[int, Value] = {}  # by tensor object
        self.rereads = Rereads()
        self.count = len(inventory.weights)
        self.surprised = False  # whether something happened that no template foresees

    def run(
        self,
        tape: Sequence[Entry],
        inputs: Named,
        outputs: Sequence[torch.Tensor],
    ) -> Assembly:
        done = self.done
        self.names.path(self.outside)
        done.modules = self.names.modules
        done.inputs = tuple(self.bring(tensor, name, "input") for name, tensor in inputs)
        for self.time, entry in enumerate(tape):
            if isinstance(entry, Call):
                self.call(entry)
            elif isinstance(entry, Return):
                self.leave(entry)
        # Outputs are what they were before memory from outside was put back.
        self.time = len(tape) - bool(tape and isinstance(tape[-1], Aside))
        done.outputs = tuple(self.value_of(tensor, None) for tensor in outputs)
        return done

    # -- values ---------------------------------------------------------------------------

    def value(self, tensor: torch.Tensor, name: str, role: Role) -> Value:
        """What the tensor holds at this time, as a new value, the newest of its tensor."""
        made = value_of(self.count, name, role, self.timeline.held(tensor, self.time))
        self.count += 1
        self.newest[id(tensor)] = made
        return made

    def bring(self, tensor: torch.Tensor, name: str, role: Role) -> Value:
        """A value from outside of the walk."""
        known = self.newest.get(id(tensor))
        if known is not None:
            return known
        return self.value(tensor, self.names.unique(name), role)

    def bring_weight(self, tensor: torch.Tensor, weight: Value) -> Value:
        """A weight; what it held before the network wrote it, if it did."""
        held = self.timeline.held(tensor, self.time)
        data = weight.data
        if held is tensor and weight.role == "buffer" and weight.size <= SMALL_BUFFER:
            own = isinstance(data, TorchData) and data.tensor is tensor
            held = tensor.clone() if own else tensor
        if held is not tensor:
            self.surprised = True
            weight = replace(weight, data=TorchData(held, weight.name))
        self.newest[id(tensor)] = weight
        return weight

    def value_of(self, tensor: torch.Tensor, frame: Frame | None) -> Value:
        """The value that a tensor holds now, as somebody reads it."""
        known = self.newest.get(id(tensor))
        if known is None:
            weight = self.weights.get(id(tensor))
            if weight is not None:
                return self.bring_weight(tensor, weight)
        elif not self.rereads or not self.rereads.is_stale(tensor):
            return known
        older = self.rereads.parents(tensor, known, self.newest)
        if older is not None:
            return self.reread(tensor, known, older, frame)
        self.surprised = True
        return self.bring(tensor, "constant", "constant")

    # -- ops ------------------------------------------------------------------------------

    def call(self, call: Call) -> None:
        """One recorded call becomes one op."""
        if not call.sign.is_step:
            self.pass_on(call)
            return
        binding, read = bind(call)
        frame, result = call.frame, call.result
        results = [result] if isinstance(result, torch.Tensor) else list(tensors_in((result,)))
        inputs = self.read(call, read, results)
        if call.autocast is not None:
            self.surprised = True
            binding = binding.and_set("autocast", Symbol("dtype", dtype_name(call.autocast)))
        if not results and result is not None:
            self.surprised = True
            binding = binding.and_set("result", encode(result, lambda _: Ref(0)))
        writes: tuple[int | None, ...] = (None,)
        if call.written:
            results, writes = with_written(call.written, results, read)
        elif len(results) != 1:
            writes = (None,) * len(results)
        self.time += 1  # what was read lay there before the op, what it made lies there after
        name = self.names.of_call(call, binding.kind)
        self.finish(name, frame, binding, inputs, writes, results)
        if call.copies or self.rereads:
            self.rereads.written(call, self.newest, lambda t: self.timeline.place(t, self.time))
            self.surprised = self.surprised or bool(self.rereads)

    def read(
        self, call: Call, read: Sequence[torch.Tensor], results: Sequence[torch.Tensor]
    ) -> tuple[Value, ...]:
        """The values that a call reads."""
        if call.sign.is_view and read and self.rereads.is_stale(read[0]):
            old = self.newest.get(id(read[0]))
            views = [(tensor, self.timeline.place(tensor, self.time + 1)) for tensor in results]
            if old is not None and self.rereads.looks_past_writes(read[0], views):
                rest = [self.value_of(tensor, call.frame) for tensor in read[1:]]
                return (old, *rest)
        return tuple([self.value_of(tensor, call.frame) for tensor in read])

    def pass_on(self, call: Call) -> None:
        """The result is the argument's value under another object (``detach``)."""
        if isinstance(call.result, torch.Tensor):
            self.newest[id(call.result)] = self.value_of(call.args[0], call.frame)

    def leave(self, leaving: Return) -> None:
        """A module's outputs that no op made become one opaque op."""
        self.names.path(leaving.frame)
        unseen = [t for t in leaving.made if self.is_unseen(t, leaving.frame.module)]
        if not unseen:
            return
        self.surprised = True
        given = list(tensors_in(leaving.given))
        inputs = tuple([self.value_of(tensor, leaving.frame) for tensor in given])
        binding = Binding(OPAQUE, "opaque", {}, (("inputs", _all_of(inputs)),), random=False)
        name = self.names.of_opaque(leaving.frame)
        self.finish(name, leaving.frame, binding, inputs, (None,) * len(unseen), unseen)

    def is_unseen(self, tensor: torch.Tensor, module: torch.nn.Module) -> bool:
        """Whether a tensor was made within the walk where the recorder could not look."""
        if id(tensor) in self.newest or id(tensor) in self.weights:
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
        self.surprised = True
        frame = frame or self.outside
        own = self.timeline.place(tensor, self.time)
        sources = [*([Older(known, own)] if known is not None else []), *older]
        inputs = tuple([source.value for source in sources])
        arguments: tuple[tuple[str, Argument], ...] = (
            ("inputs", _all_of(inputs)),
            ("places", tuple([source.place for source in sources])),
            ("place", own),
            ("covers", known is not None),
        )
        self.rereads.refreshed(tensor)
        binding = Binding(REREAD, "reread", {}, arguments, random=False)
        name = self.names.inside(frame, "reread")
        self.finish(name, frame, binding, inputs, (None,), [tensor])
        return self.newest[id(tensor)]

    def finish(  # noqa: PLR0917 - called for every op: keywords would cost as much as the rest
        self,
        name: str,
        frame: Frame,
        binding: Binding,
        inputs: tuple[Value, ...],
        writes: tuple[int | None, ...],
        results: Sequence[torch.Tensor],
    ) -> None:
        """An op with its outputs, added to the walk."""
        titles = [name] if len(results) == 1 else [f"{name}[{k}]" for k in range(len(results))]
        made = [self.value(results[k], title, "result") for k, title in enumerate(titles)]
        op = Op(
            len(self.done.ops),
            name,
            binding.kind,
            self.names.path(frame),
            type(frame.module).__name__,
            frame.call,
            binding.settings,
            inputs,
            binding.target,
            binding.arguments,
            writes,
            binding.random,
            tuple(made),
        )
        self.done.ops.append(op)
        for tensor, value in zip(results, op.outputs, strict=True):
            self.newest[id(tensor)] = value


def _all_of(inputs: Sequence[Value]) -> tuple[Ref, ...]:
    return tuple([Ref(place) for place in range(len(inputs))])
