"""An explanation as JSON, for other programs."""

from __future__ import annotations

import json
import math
from typing import Any, TypeAlias

from layerwalk.recipes.explanation import Explanation, Factor, Number, Term
from layerwalk.recipes.walk_back import Path, Step

__all__ = ["encode"]

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"


def encode(explanation: Explanation, path: Path | None = None) -> str:
    """The explanation on one line of JSON, with every term and every digit.

    With a walk back it has ``"path"``, the steps from the number to the input, too.

    NaN and the infinities, which JSON has not, are ``"nan"``, ``"inf"`` and ``"-inf"``;
    a complex number is ``[real, imaginary]``.
    """
    op, bias = explanation.op, explanation.bias
    made = op.made[explanation.output]
    whole: dict[str, Plain] = {
        "op": op.name,
        "kind": op.kind,
        "module": op.module,
        "value": made.name,
        "shape": list(made.shape),
        "output": explanation.output,
        "index": list(explanation.index),
        "formula": explanation.formula,
        "combine": explanation.combine,
        "terms": [_term(term) for term in explanation.terms],
        "bias": None if bias is None else _number(bias),
        "quantities": {name: _number(number) for name, number in explanation.quantities},
        "forms": [
            {"name": name, "formula": formula, "result": _number(number)}
            for name, formula, number in explanation.forms
        ],
        "total": _number(explanation.total),
        "recorded": _number(explanation.recorded),
        "residue": _number(explanation.residue),
        "scale": _number(explanation.scale),
    }
    if path is not None:
        whole["path"] = [_step(step) for step in path]
        whole["end"] = None if path.end is None else _factor(path.end)
        whole["stopped"] = path.stopped
    return json.dumps(whole, allow_nan=False)


def _step(step: Step) -> Plain:
    return {
        "op": step.op.name,
        "index": list(step.index),
        "recorded": _number(step.explanation.recorded),
        "followed": None if step.followed is None else _factor(step.followed),
        "term": _number(step.term),
        "share": _number(step.share),
        "terms": step.terms,
    }


def _term(term: Term) -> Plain:
    factors: list[Plain] = [_factor(factor) for factor in term.factors]
    weight = {} if term.weight is None else {"weight": _number(term.weight)}
    return {"factors": factors, **weight, "result": _number(term.result)}


def _factor(factor: Factor) -> Plain:
    return {
        "value": factor.value.name,
        "index": list(factor.index),
        "number": _number(factor.number),
        "padding": factor.padding,
    }


def _number(number: Number) -> Plain:
    plain: Any = number
    if isinstance(plain, complex):
        return [_number(plain.real), _number(plain.imag)]
    if isinstance(plain, float) and not math.isfinite(plain):
        return str(plain)
    return bool(plain) if isinstance(plain, bool) else plain
