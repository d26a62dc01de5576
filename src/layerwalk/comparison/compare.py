"""Compare two walks, op by op."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from layerwalk.axes import channel_axes
from layerwalk.comparison.comparison import Comparison, Prediction
from layerwalk.comparison.difference import Difference, OpDifference
from layerwalk.comparison.grain import default_tolerance, grains
from layerwalk.comparison.matching import Match, match, spell_shape
from layerwalk.comparison.measure import Measure, measure
from layerwalk.comparison.notes import notes
from layerwalk.comparison.reasons import reasons
from layerwalk.comparison.spans import read_by
from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.prediction import probabilities
from layerwalk.record import Op, Trace, Value

__all__ = ["NAME_THEM", "compare"]

NAME_THEM: Final = "name those that belong together: names={'conv1': 'stem.conv'}"
"""How to mend a comparison in which nothing has a twin."""

_SHOWN = 5
_MOST_IMAGES = 64


def compare(
    reference: Trace,
    other: Trace,
    *,
    tolerance: float | None = None,
    names: Mapping[str, str] | None = None,
) -> Comparison:
    """Where two walks part: the errors of each op, and the first that departs.

    For two walks of one network (before and after an edit, two images, two checkpoints,
    float32 and another type) or of two networks with ops of the same names; others are
    matched by kind and shape in order, and what has no twin is told. Values are read one op
    at a time.

    Parameters
    ----------
    reference, other
        Errors are the other's, relative to the reference.
    tolerance
        The relative error (norm of the difference over norm of the reference) beyond which an
        op departs. By default as much as rounding explains in the coarsest type met on the way
        to it (:func:`layerwalk.comparison.grain.default_tolerance`): 1e-5 for float32, 0.016
        for float16, 0.125 for bfloat16 and 8 bits. 0 asks for the same values.
    names
        Ops of the reference, by name, with those of the other that they belong to.

    Raises
    ------
    LayerwalkError
        One of the two is no trace, or the tolerance is no positive number.
    NotFoundError
        The walks have no op in common, or a name that was given is in neither.

    Examples
    --------
    >>> import layerwalk as lw
    >>> model = lw.load_model("edges")
    >>> one, two = (lw.trace(model, f"sample:{name}") for name in ("dog", "dog"))
    >>> found = compare(one, two)
    >>> bool(found), str(found)
    (True, '3 ops compared: equal within tolerance')
    >>> found["conv"].measure.snr
    inf
    """
    for one in (reference, other):
        if not isinstance(one, Trace):
            raise LayerwalkError(
                f"{type(one).__name__} is no trace",
                where="compare",
                mend="walk it first, lw.trace(model, image), or open a file, lw.open(...)",
            )
    if tolerance is not None and not (math.isfinite(tolerance) and tolerance >= 0):
        raise LayerwalkError(
            f"{tolerance!r} is no tolerance", where="compare", mend="give a number from 0: 1e-4"
        )
    matching = match(reference, other, names)
    if not matching.pairs:
        raise _strangers(reference, other)
    inputs = _pairs(reference.inputs, other.inputs, tolerance)
    work = _Work(reference, other, tolerance, inputs)
    ops = [found for pair in matching.pairs for found in work.differences(pair)]
    first = next((one for one in ops if one.departs), None)
    compared = {one.reference.name for one in ops}
    return Comparison(
        reference=reference,
        other=other,
        ops=tuple(ops),
        inputs=tuple(inputs),
        outputs=tuple(_pairs(reference.outputs, other.outputs, tolerance, work.grains)),
        unmatched=matching.unmatched,
        predictions=tuple(_predictions(reference, other)),
        reasons=() if first is None else reasons(first, compared),
        notes=tuple(notes(reference, other, inputs)),
    )


def _strangers(reference: Trace, other: Trace) -> NotFoundError:
    """Nothing has a twin: the walks of one network on other inputs, or of two networks."""
    common = {op.name: op.shape for op in reference if op.made}
    shapes = next(
        (
            (op.name, common[op.name], op.shape)
            for op in other
            if op.made and op.shape != common.get(op.name, op.shape)
        ),
        None,
    )
    alike = common.keys() & {op.name for op in other}
    if shapes is None or 2 * len(alike) < len(reference):
        return NotFoundError(
            f"no op of {reference.name} has a twin in {other.name}",
            where="compare",
            mend=NAME_THEM,
        )
    name, here, there = shapes
    given = [" and ".join(spell_shape(value.shape) for value in trace.inputs)
             for trace in (reference, other)]  # fmt: skip
    why = f", given {given[0]} and {given[1]}" if given[0] != given[1] else ""
    return NotFoundError(
        f"no op has the same shape in both: {name} makes {spell_shape(here)} and "
        f"{spell_shape(there)}{why}",
        where="compare",
        mend="walk both on inputs of one shape, as many images at a time" if why else NAME_THEM,
    )


class _Work:
    """What is known of the walks while their ops are compared, one after the other."""

    def __init__(
        self,
        reference: Trace,
        other: Trace,
        tolerance: float | None,
        inputs: Sequence[Difference],
    ) -> None:
        self.traces = reference, other
        self.tolerance = tolerance
        self.grains = grains(reference), grains(other)
        self.axes = channel_axes(reference)
        self.errors = {
            one.reference.id: one.measure.relative_error for one in inputs if one.measure
        }

    def differences(self, pair: Match) -> Iterator[OpDifference]:
        one, two = self.traces[0].ops[pair.reference], self.traces[1].ops[pair.other]
        found = _worst_output(one, two)
        if found is None:  # given by the caller, and of other shapes
            raise NotFoundError(
                f"shapes {one.shape} and {two.shape} cannot be compared",
                where=f"{one.name}, {two.name}",
                mend="name two ops of one shape",
            )
        output, measured = found
        grain = max(self.grains[0][one.index], self.grains[1][two.index])
        spans = tuple(self.traces[0].ops[index] for index in pair.spans)
        known = [self.errors[v.id] for v in read_by(spans) if v.id in self.errors]
        self.errors.update((value.id, measured.relative_error) for value in one.made)
        yield OpDifference(
            reference=one,
            other=two,
            how=pair.how,
            spans=spans,
            output=output,
            measure=measured,
            tolerance=default_tolerance(grain) if self.tolerance is None else self.tolerance,
            grain=grain,
            inherited=max(known, default=math.nan),
            channel_axis=self.axes[one.index],
        )


def _worst_output(one: Op, two: Op) -> tuple[int, Measure] | None:
    worst: tuple[int, Measure] | None = None
    for at, (here, there) in enumerate(zip(one.made, two.made, strict=False)):
        if here.shape != there.shape:
            continue
        found = measure(here.array(), there.array())
        key = found.flawed, found.relative_error
        if worst is None or key > (worst[1].flawed, worst[1].relative_error):
            worst = at, found
    return worst


def _pairs(
    here: Sequence[Value],
    there: Sequence[Value],
    tolerance: float | None,
    spacings: tuple[Sequence[float], Sequence[float]] = ((), ()),
) -> list[Difference]:
    """Inputs or outputs in pairs; as coarse as the ops that made them."""
    found = []
    for one, two in zip(here, there, strict=False):
        allowed = tolerance
        if allowed is None:
            coarse = [
                known[value.op.index]
                for value, known in zip((one, two), spacings, strict=True)
                if value.op is not None
            ]
            allowed = default_tolerance(max(coarse, default=2.0**-23))
        same = one.shape == two.shape
        measured = measure(one.array(), two.array()) if same else None
        found.append(Difference(one, two, measured, allowed))
    return found


def _predictions(reference: Trace, other: Trace) -> Iterator[Prediction]:
    """The classes of each image, as far as both walks have such."""
    if not reference.outputs or not other.outputs:
        return
    shape = reference.outputs[0].shape
    if len(shape) != 2 or shape[1] < 2 or other.outputs[0].shape != shape:
        return
    labels = reference.labels or other.labels
    for sample in range(min(shape[0], _MOST_IMAGES)):
        with np.errstate(invalid="ignore", over="ignore"):
            before, after = (probabilities(trace, sample) for trace in (reference, other))
            change = np.abs(after - before)
        tops = []
        for chances in (before, after):
            order = np.argsort(-chances, kind="stable")[:_SHOWN]
            named = labels if labels and len(labels) == len(chances) else None
            tops.append(
                tuple((named[k] if named else f"class {k}", float(chances[k])) for k in order)
            )
        yield Prediction(sample, tops[0], tops[1], float(np.nan_to_num(change, nan=1.0).max()))
