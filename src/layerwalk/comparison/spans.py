"""Several ops that another walk may have in one: those before a ReLU, and those of a module."""

from __future__ import annotations

from collections.abc import Sequence

from layerwalk.comparison.families import family
from layerwalk.record import Op, Trace, Value

__all__ = ["leaves", "led_to", "read_by"]


def led_to(relu: Op, wanted: str | None = None) -> tuple[Op, ...]:
    """The op whose result a ReLU takes, and the batch norms between the two, the last first.

    Empty where that op is not of the ``wanted`` family.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> [op.name for op in led_to(trace["relu"])], led_to(trace["relu"], "linear")
    (['conv'], ())
    """
    passed: list[Op] = []
    at = relu
    while at.inputs and at.inputs[0].op is not None:
        at = at.inputs[0].op
        passed.append(at)
        if family(at.kind) != "batch_norm":
            return tuple(passed) if wanted in (None, family(at.kind)) else ()
    return ()


def leaves(trace: Trace) -> dict[str, tuple[Op, ...]]:
    """The ops of each module that holds no other and was called once.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> {path: len(ops) for path, ops in leaves(trace).items()}
    {'conv': 1, 'relu': 1, 'pool': 1}
    """
    parents = {
        path[:at] for path in trace.modules for at, letter in enumerate(path) if letter == "."
    }
    found: dict[str, list[Op]] = {}
    again: set[str] = set()
    for op in trace:
        if not op.made:
            continue
        found.setdefault(op.module, []).append(op)
        if op.module_call > 1:
            again.add(op.module)
    left_out = {"", *parents, *again}
    return {path: tuple(ops) for path, ops in found.items() if path not in left_out}


def read_by(ops: Sequence[Op]) -> tuple[Value, ...]:
    """What several ops together read: the values that none of them made.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> [value.name for value in read_by(trace.ops)]
    ['input', 'conv.weight']
    """
    inside = {value.id for op in ops for value in op.made}
    return tuple(value for op in ops for value in op.inputs if value.id not in inside)
