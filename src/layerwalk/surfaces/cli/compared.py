"""A comparison as JSON, for other programs."""

from __future__ import annotations

import json
import math
from typing import Any, TypeAlias

from layerwalk.comparison.comparison import Comparison, Prediction
from layerwalk.comparison.difference import Difference, OpDifference
from layerwalk.comparison.measure import Measure

__all__ = ["encode"]

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"


def encode(found: Comparison) -> str:
    """The comparison on one line of JSON, every op with every digit.

    NaN and the infinities, which JSON has not, are ``"nan"``, ``"inf"`` and ``"-inf"``.
    """
    first = found.first
    whole: dict[str, Plain] = {
        "reference": found.reference.name,
        "other": found.other.name,
        "equal": bool(found),
        "first": None if first is None else first.name,
        "reasons": list(found.reasons),
        "notes": list(found.notes),
        "inputs": [_value(one) for one in found.inputs],
        "outputs": [_value(one) for one in found.outputs],
        "ops": [_op(one) for one in found],
        "unmatched": [
            {"op": one.op.name, "kind": one.op.kind, "side": one.side, "reason": one.reason}
            for one in found.unmatched
        ],
        "predictions": [_prediction(one) for one in found.predictions],
    }
    return json.dumps(whole, allow_nan=False)


def _op(one: OpDifference) -> Plain:
    return {
        "op": one.name,
        "other": one.other.name,
        "kind": one.reference.kind,
        "matched_by": one.how,
        "departs": one.departs,
        "tolerance": _number(one.tolerance),
        "inherited": _number(one.inherited),
        **_measure(one.measure),
    }


def _value(one: Difference) -> Plain:
    measured = {} if one.measure is None else _measure(one.measure)
    shapes: dict[str, Plain] = {
        "shape": list(one.reference.shape), "other_shape": list(one.other.shape)
    }  # fmt: skip
    return {"value": one.reference.name, "departs": one.departs, **shapes, **measured}


def _measure(found: Measure) -> dict[str, Plain]:
    return {
        "count": found.count,
        "unequal": found.unequal,
        "max_error": _number(found.max_error),
        "mean_error": _number(found.mean_error),
        "relative_error": _number(found.relative_error),
        "cosine": _number(found.cosine),
        "snr_db": _number(found.snr),
        "worst": None if found.worst is None else list(found.worst),
        "flawed": found.flawed,
        "nan": list(found.nan),
        "infinite": list(found.infinite),
    }


def _prediction(one: Prediction) -> Plain:
    sides: Any = {
        side: [{"label": label, "probability": _number(chance)} for label, chance in top]
        for side, top in (("before", one.before), ("after", one.after))
    }
    change = _number(one.largest_change)
    return {"sample": one.sample, "changed": one.changed, "largest_change": change, **sides}


def _number(number: float) -> Plain:
    return number if math.isfinite(number) else str(number)
