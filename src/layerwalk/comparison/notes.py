"""What has to be known beside the errors: other inputs, edits, a walk that stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from layerwalk.comparison.difference import Difference
from layerwalk.record import Trace

__all__ = ["notes"]

# What a cast of the input to bfloat16 does to it.
_ALLOWED_OF_INPUTS: Final = 0.01
_SHOWN: Final = 4


def notes(reference: Trace, other: Trace, inputs: Sequence[Difference]) -> Iterator[str]:
    """What has to be known of the two walks, in sentences without a full stop.

    Parameters
    ----------
    reference, other
        The two walks.
    inputs
        What the networks were given, compared.
    """
    yield from _edited(reference, other)
    if len(reference.inputs) != len(other.inputs):
        counts = len(reference.inputs), len(other.inputs)
        yield f"the reference was given {counts[0]} inputs, the other {counts[1]}"
    for one in inputs:
        if one.measure is None:
            yield f"the inputs are of shapes {one.reference.shape} and {one.other.shape}"
        elif one.measure.flawed or one.measure.relative_error > _ALLOWED_OF_INPUTS:
            yield (
                f"the networks were given other inputs: {one.reference.name} differs by "
                f"{one.measure.relative_error:.3g} of its values"
            )
    for trace, which in ((reference, "reference"), (other, "other")):
        if trace.failure is not None:
            yield f"the {which} stopped at {trace.failure.where}: {trace.failure.message}"
    if len(reference.outputs) != len(other.outputs):
        counts = len(reference.outputs), len(other.outputs)
        yield f"the reference returned {counts[0]} tensors, the other {counts[1]}"


def _edited(reference: Trace, other: Trace) -> Iterator[str]:
    """What was edited in just one of the two."""
    here, there = _edits(reference), _edits(other)
    for steps, which in ((here, "reference"), (there, "other")):
        if steps and here != there:
            yield f"the {which} is an edited walk: {_listed(steps)}"


def _edits(trace: Trace) -> list[dict[str, object]]:
    """The steps that a walk was edited by, as they are written beside it."""
    try:
        steps = json.loads(trace.provenance.get("edits", "[]"))
    except ValueError:
        return []  # somebody else's note of that name
    return [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []


def _listed(steps: Sequence[dict[str, object]]) -> str:
    """What was done, and to which op or weight."""
    said = []
    for one in steps[:_SHOWN]:
        whose = next((one[key] for key in ("op", "parameter") if key in one), None)
        done = str(one.get("do", "an edit")).replace("_", " ")
        said.append(done if whose is None else f"{done} ({whose})")
    more = len(steps) - _SHOWN
    return "; ".join(said) + (f"; and {more:,} more" if more > 0 else "")
