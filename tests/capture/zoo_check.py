"""Every promise of the recorder, checked on one whole network."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.modules import module as torch_modules

from capture.alike import differences
from capture.judge import bits, tensor_of
from layerwalk.capture import record, replay
from layerwalk.capture.structure import flatten
from layerwalk.checks import Report
from layerwalk.record import Op, Trace
from recipes.coverage import Known, recipes_of

Net = TypeVar("Net", bound=nn.Module)

__all__ = ["Outcome", "awaken", "check", "global_hooks", "photo"]


@dataclass(frozen=True)
class Outcome:
    """What the check of one network found; ``notes`` says what a number cannot."""

    parameters: int
    shape: tuple[int, ...]
    ops: int
    opaque: int
    rereads: int
    replayed: int
    output: bool
    replay: bool
    untouched: bool
    reachable: bool
    recipes: Known
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every promise was kept."""
        kept = self.output and self.replay and self.untouched and self.reachable
        return kept and not self.recipes.wrong


def photo(shape: tuple[int, ...]) -> Tensor:
    """The same normalised noise every time."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def awaken(net: Net) -> Net:
    """The network in eval mode, its constant parameters made uneven.

    A branch that is scaled by zeros at first would hide an error in all that lies before it.
    """
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in net.parameters():
            flat = parameter.reshape(-1)
            if flat.numel() and bool((flat == flat[0]).all()):
                noise = torch.randn(parameter.shape, generator=generator)
                parameter.add_(noise.to(parameter.dtype), alpha=0.05)
    return net.eval()


def check(net: nn.Module, *args: Any) -> Outcome:
    """Trace the network before anything else has run it, then compare with a plain pass.

    A network may set buffers of its own in its first pass (tables for the size of its input), in
    a trace as in a plain pass; they are noted, and a second trace must find all as it left it.
    """
    before, given = _state(net), [bits(tensor) for _, tensor in flatten(args)]
    random_before = torch.get_rng_state()
    trace = record(net, args)
    after = _state(net)
    made = sorted(
        name for name, it in after.identities.items() if before.identities.get(name) != it
    )
    if made:
        record(net, args)
        before, after = after, _state(net)
    untouched = _changes(before, after)
    if not torch.equal(torch.get_rng_state(), random_before):
        untouched.append("the random state was changed")
    if [bits(tensor) for _, tensor in flatten(args)] != given:
        untouched.append("the input was changed")
    if any(global_hooks()):
        untouched.append("hooks were left behind")
    untouched.extend(list(differences(*_twice(net, args)))[:2])
    report = replay(trace)
    with torch.no_grad(), _attention_in_steps():
        plain = [tensor for _, tensor in flatten(net(*args))]
    recorded = [tensor_of(value) for value in trace.outputs]
    kinds = Counter(op.kind for op in trace)
    known = recipes_of(trace)
    reachable = bool(trace.outputs) and all(
        value.role == "result" and _reaches_input(trace, value.op) for value in trace.outputs
    )
    return Outcome(
        parameters=sum(parameter.numel() for parameter in net.parameters()),
        shape=tuple(trace.inputs[0].shape),
        ops=len(trace),
        opaque=kinds["opaque"],
        rereads=kinds["reread"],
        replayed=report.checked,
        output=trace.complete and [bits(one) for one in recorded] == [bits(one) for one in plain],
        replay=not report.failures and report.checked + len(report.skipped) == len(trace),
        untouched=not untouched,
        reachable=reachable,
        recipes=known,
        notes=(
            *untouched,
            *_notes(trace, report, recorded, plain, reachable=reachable),
            *[f"arithmetic: {wrong}" for wrong in known.wrong[:3]],
            *([f"sets {made[0]} and {len(made) - 1} more in its first pass"] if made else []),
        ),
    )


def _twice(net: nn.Module, args: Any) -> list[Trace]:
    """Two walks more with the same random numbers: the later of them from a template."""
    traces = []
    for _ in range(2):
        torch.manual_seed(0)
        traces.append(record(net, args))
    return traces


def global_hooks() -> tuple[int, ...]:
    """How many hooks are on every module of the process, of each sort."""
    return (
        len(torch_modules._global_forward_hooks),
        len(torch_modules._global_forward_pre_hooks),
        len(torch_modules._global_backward_hooks),
    )


def _notes(
    trace: Trace, report: Report, recorded: list[Tensor], plain: list[Tensor], *, reachable: bool
) -> Iterator[str]:
    if trace.failure is not None:
        yield f"raised at {trace.failure.where}: {trace.failure.message}"
    for one, other in zip(recorded, plain, strict=False):
        if bits(one) != bits(other):
            distance = float((one.double() - other.double()).abs().max())
            yield f"output differs by {distance:.2g}"
    if any(one.numel() and not bool(one.isfinite().all()) for one in recorded):
        yield "output is not finite"
    if any(one.numel() > 1 and bool((one == one.reshape(-1)[0]).all()) for one in recorded):
        yield "output is constant"
    if not reachable:
        yield "no way from the output back to the input"
    for failure in report.failures[:3]:
        yield f"replay: {failure.op}: {failure.message}"
    for reason, count in Counter(item.reason for item in report.skipped).items():
        yield f"{count} not replayed: {reason}"


def _reaches_input(trace: Trace, last: Op | None) -> bool:
    wanted = {value.id for value in trace.inputs}
    waiting, seen = [last], set()
    while waiting:
        op = waiting.pop()
        if op is None or op.index in seen:
            continue
        seen.add(op.index)
        if any(value.id in wanted for value in op.inputs):
            return True
        waiting.extend(value.op for value in op.inputs)
    return False


@dataclass(frozen=True)
class _State:
    tensors: dict[str, tuple[str, bool, bool]]
    identities: dict[str, int]
    training: list[bool]
    hooks: list[tuple[int, ...]]


def _state(net: nn.Module) -> _State:
    tensors = dict([*net.named_parameters(), *net.named_buffers()])
    return _State(
        {name: (_digest(t), t.requires_grad, t.is_inference()) for name, t in tensors.items()},
        {name: id(tensor) for name, tensor in tensors.items()},
        [module.training for module in net.modules()],
        [
            (len(m._forward_hooks), len(m._forward_pre_hooks), len(m._backward_hooks))
            for m in net.modules()
        ],
    )


def _changes(before: _State, after: _State) -> list[str]:
    changed = [
        name
        for name in sorted({*before.tensors, *after.tensors})
        if before.tensors.get(name) != after.tensors.get(name)
        or before.identities.get(name) != after.identities.get(name)
    ]
    found = [f"changed: {', '.join(changed[:3])}"] if changed else []
    if before.training != after.training:
        found.append("training flags were changed")
    if before.hooks != after.hooks:
        found.append("modules have other hooks")
    return found


def _digest(tensor: Tensor) -> str:
    # A hash and not the bytes: the largest networks hold gigabytes.
    plain = tensor.detach().clone(memory_format=torch.contiguous_format)
    plain = plain.reshape(-1).view(torch.uint8)
    held = hashlib.blake2b(np.ascontiguousarray(plain.numpy()).data).hexdigest()
    return f"{tuple(tensor.shape)} {tensor.dtype} {held}"


@contextmanager
def _attention_in_steps() -> Iterator[None]:
    """Without the fused path of attention, which the recorder turns off too."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)
