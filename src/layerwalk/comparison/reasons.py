"""Why an op departs: what of its inputs, weights and settings is not the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from layerwalk.comparison.difference import OpDifference
from layerwalk.comparison.measure import measure
from layerwalk.comparison.spans import read_by
from layerwalk.errors import LayerwalkError
from layerwalk.record import Op, Value

__all__ = ["reasons"]

_WEIGHTS = ("parameter", "buffer", "constant")


def reasons(found: OpDifference, compared: Collection[str]) -> tuple[str, ...]:
    """What differs around an op, in sentences without a full stop; NaN and infinities first.

    Parameters
    ----------
    found
        The op.
    compared
        The names of all ops of the reference that were compared.
    """
    one, two = found.reference, found.other
    said = []
    flaws = found.measure
    for counts, what in ((flaws.nan, "NaN"), (flaws.infinite, "infinite")):
        if counts[0] != counts[1]:
            here, there = (f"{count:,}" if count else "none" for count in counts)
            said.append(f"{there} of its {flaws.count:,} values are {what} in the other, "
                        f"{here} in the reference")  # fmt: skip
    said += [*_call(one, two)]
    said += [] if found.how in ("folded", "module") else [*_weights(one, two)]
    if one.random or two.random:
        said.append("it draws random numbers, so no two runs are alike")
    if found.inherited > found.tolerance:
        said.append(f"what it reads differs already, by {found.inherited:.3g} of its values")
    reads = read_by(found.spans)
    unknown = [v.name for v in reads if v.op is not None and v.op.name not in compared]
    if unknown:
        said.append(f"it reads {unknown[0]}, which could not be compared")
    elif not said:
        said.append("what it reads and its weights agree: the op itself computes otherwise")
    return tuple(said)


def _call(one: Op, two: Op) -> Iterator[str]:
    if one.kind != two.kind:
        yield f"it is {one.kind} in the reference, {two.kind} in the other"
    types = tuple(op.made[0].dtype for op in (one, two))
    if types[0] != types[1]:
        yield f"it makes {types[0]} in the reference, {types[1]} in the other"
    for name in one.settings.keys() & two.settings.keys() if one.kind == two.kind else ():
        if one.settings[name] != two.settings[name]:
            yield f"its {name} is {one.settings[name]} in the reference, {two.settings[name]}"


def _weights(one: Op, two: Op) -> Iterator[str]:
    pairs = [[v for v in op.inputs if v.role in _WEIGHTS] for op in (one, two)]
    if len(pairs[0]) != len(pairs[1]):
        counts = " and ".join(str(len(values)) for values in pairs)
        if one.kind == two.kind:
            yield f"it reads {counts} weights"
        return
    for here, there in zip(*pairs, strict=True):
        yield from _weight(here, there)


def _weight(here: Value, there: Value) -> Iterator[str]:
    if here.shape != there.shape:
        yield f"the shape of {here.name} is {here.shape} and {there.shape}"
        return
    try:
        found = measure(here.array(), there.array())
    except LayerwalkError as error:
        yield f"{here.name} cannot be compared ({error.what})"
        return
    if found.flawed:
        verb = "is" if found.flawed == 1 else "are"
        yield (
            f"{found.flawed:,} of {found.count:,} numbers of {here.name} {verb} NaN or infinite "
            "in only one of the two"
        )
    elif found.unequal:
        verb = "differs" if found.unequal == 1 else "differ"
        yield (
            f"{found.unequal:,} of {found.count:,} numbers of {here.name} {verb}, "
            f"by up to {found.max_error:.3g}"
        )
