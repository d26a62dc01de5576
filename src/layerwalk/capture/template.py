"""What the last walk of a network came to, so that the next need not work it out again.

A network runs the same ops from walk to walk. A template has everything of them but the
tensors; :meth:`Template.follow` fills it with a new tape, and gives up at the first entry
that is not what it was the last time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import torch

from layerwalk.capture.binding import Binding, bind
from layerwalk.capture.data import TorchData, dtype_name
from layerwalk.capture.guard import tensors_in
from layerwalk.capture.inventory import Inventory
from layerwalk.capture.recorder import Aside, Call, Return
from layerwalk.capture.timeline import Timeline
from layerwalk.record import Op, Role, Value

__all__ = ["Assembly", "Entry", "Named", "Template", "value_of", "with_written"]

Entry: TypeAlias = Call | Return | Aside
# Which module ran it, of what class, and in which of its calls.
_Frame: TypeAlias = tuple[int, str, int]
Named: TypeAlias = Sequence[tuple[str, torch.Tensor]]


@dataclass
class Assembly:
    """What the tape came to."""

    ops: list[Op] = field(default_factory=list)
    modules: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[Value, ...] = ()
    outputs: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """What one call came to; ``frame`` tells whose it was."""

    frame: _Frame
    binding: Binding
    name: str
    path: str
    inputs: list[int]
    writes: tuple[int | None, ...]
    titles: tuple[str, ...]


class Template:
    """The ops of a walk without their tensors.

    Only of a walk without surprises: every tensor was a weight, an input or made by an op
    that was seen, and was read as it was made.
    """

    def __init__(self, tape: Sequence[Entry], inputs: Named, done: Assembly) -> None:
        self._modules = done.modules
        given = zip(inputs, done.inputs, strict=True)
        self._inputs = [(asked, value.id, value.name) for (asked, _), value in given]
        # By time: the step of a call, the frame of a module's return.
        self._steps: list[_Step | _Frame | None] = []
        ops = iter(done.ops)
        for entry in tape:
            if isinstance(entry, Call) and entry.sign.is_step:
                self._steps.append(_step(entry, next(ops)))
            else:
                self._steps.append(_frame(entry) if isinstance(entry, Return) else None)

    def follow(
        self,
        inventory: Inventory,
        tape: Sequence[Entry],
        timeline: Timeline,
        inputs: Named,
        outputs: Sequence[torch.Tensor],
    ) -> Assembly | None:
        """What the tape comes to; ``None`` where it is not that of the template's walk."""
        if len(tape) != len(self._steps) or len(inputs) != len(self._inputs):
            return None
        newest: dict[int, Value] = {}
        done = Assembly(modules=self._modules)
        given: list[Value] = []
        count = len(inventory.weights)
        for (asked, tensor), (known, number, name) in zip(inputs, self._inputs, strict=True):
            value = newest.get(id(tensor))
            if value is None:
                value = newest[id(tensor)] = value_of(
                    count, name, "input", timeline.held(tensor, 0)
                )
                count += 1
            if asked != known or value.id != number:
                return None
            given.append(value)
        done.inputs = tuple(given)
        filling = _Filling(inventory.weights, newest, timeline, done.ops, count)
        for time, (entry, step) in enumerate(zip(tape, self._steps, strict=True)):
            if isinstance(entry, Call):
                if not filling.call(entry, step, time):
                    return None
            elif isinstance(entry, Return) and not (
                step == _frame(entry) and all(map(filling.knows, entry.made))
            ):
                return None
        returned = [filling.read(tensor) for tensor in outputs]
        done.outputs = tuple([value for value in returned if value is not None])
        return done if len(done.outputs) == len(returned) else None


@dataclass(slots=True)
class _Filling:
    """One new tape on its way into the template."""

    weights: Mapping[int, Value]
    newest: dict[int, Value]
    timeline: Timeline
    ops: list[Op]
    count: int

    def knows(self, tensor: torch.Tensor) -> bool:
        return id(tensor) in self.newest or id(tensor) in self.weights

    def read(self, tensor: torch.Tensor) -> Value | None:
        return self.newest.get(id(tensor)) or self.weights.get(id(tensor))

    def call(self, call: Call, step: _Step | _Frame | None, time: int) -> bool:
        """Whether a call is that of the step; if so, its op is made."""
        if not isinstance(step, _Step):
            return self._pass_on(call, step)
        binding, read = bind(call)
        inputs = [self.read(tensor) for tensor in read]
        if binding is not step.binding or _frame(call) != step.frame or call.autocast is not None:
            return False
        if [value and value.id for value in inputs] != step.inputs:
            return False
        result = call.result
        results = [result] if isinstance(result, torch.Tensor) else list(tensors_in((result,)))
        if call.written:
            results, writes = with_written(call.written, results, read)
            into = {id(tensor) for tensor in call.written}
            if writes != step.writes or any(id(copy.of) not in into for copy in call.copies):
                return False
        if len(results) != len(step.titles):
            return False
        made: list[Value] = []
        for tensor, title in zip(results, step.titles, strict=True):
            held = self.timeline.held(tensor, time + 1)
            made.append(value_of(self.count + len(made), title, "result", held))
        self.count += len(made)
        op = Op(
            len(self.ops),
            step.name,
            binding.kind,
            step.path,
            step.frame[1],
            step.frame[2],
            binding.settings,
            tuple([value for value in inputs if value is not None]),
            binding.target,
            binding.arguments,
            step.writes,
            binding.random,
            tuple(made),
        )
        self.ops.append(op)
        for tensor, value in zip(results, op.outputs, strict=True):
            self.newest[id(tensor)] = value
        return True

    def _pass_on(self, call: Call, step: _Frame | None) -> bool:
        if step is not None or call.sign.is_step:
            return False
        if isinstance(call.result, torch.Tensor):
            value = self.read(call.args[0])
            if value is None:
                return False
            self.newest[id(call.result)] = value
        return True


def value_of(number: int, name: str, role: Role, held: torch.Tensor) -> Value:
    """The value whose numbers ``held`` holds."""
    shape, dtype = tuple(held.shape), dtype_name(held.dtype)
    return Value(number, name, role, shape, dtype, TorchData(held, name))


def with_written(
    written: Sequence[torch.Tensor], results: list[torch.Tensor], read: list[torch.Tensor]
) -> tuple[list[torch.Tensor], tuple[int | None, ...]]:
    """All that a call made: what it returned, then what else it wrote; and what was where."""
    returned = {id(tensor) for tensor in results}
    results = [*results, *(tensor for tensor in written if id(tensor) not in returned)]
    places = {id(tensor): place for place, tensor in enumerate(read)}
    into = {id(tensor) for tensor in written}
    return results, tuple(places.get(id(t)) if id(t) in into else None for t in results)


def _frame(entry: Call | Return) -> _Frame:
    module = entry.frame.module
    return id(module), type(module).__name__, entry.frame.call


def _step(call: Call, op: Op) -> _Step:
    return _Step(
        _frame(call),
        bind(call)[0],
        op.name,
        op.module,
        [value.id for value in op.inputs],
        op.writes,
        tuple([value.name for value in op.made]),
    )
