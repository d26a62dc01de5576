"""A trace's graph as plain JSON: everything but the numbers."""

from __future__ import annotations

import json

from layerwalk.errors import FileError
from layerwalk.record import Op, Photo, Trace, Value
from layerwalk.store.arguments import Json, spelled
from layerwalk.store.pieces import Coding
from layerwalk.store.plan import Plan

__all__ = ["KEY", "RECIPES", "VERSION", "described"]

KEY = "layerwalk"
"""Where the graph stands in the file's metadata."""

RECIPES = "layerwalk.recipes"
"""Where the recipes stand."""

VERSION = 1
"""Raised whenever an older reader would misread a file."""


def described(trace: Trace, plan: Plan) -> str:
    """Return the JSON of a trace whose tensors lie as ``plan`` says; the same trace, the same text.

    Raises
    ------
    FileError
        An argument cannot be stored, or two ops claim to have made the same value.
    """
    made: set[int] = set()
    for op in trace.ops:
        for value in op.made:
            if value.id in made:
                raise FileError(f"{value.name} was made twice", where=op.name)
            made.add(value.id)
    document: dict[str, Json] = {
        "version": VERSION,
        "name": trace.name,
        "labels": None if trace.labels is None else list(trace.labels),
        "provenance": {**trace.provenance, **_declared(trace, plan)},
        "failure": None
        if trace.failure is None
        else {"where": trace.failure.where, "message": trace.failure.message},
        "photo": None if trace.photo is None else _photo(trace.photo, plan),
        "modules": dict(trace.modules),
        "inputs": [value.id for value in trace.inputs],
        "outputs": [value.id for value in trace.outputs],
        "output_paths": list(trace.output_paths),
        "ops": [_op(op) for op in trace.ops],
        "values": [_value(value, plan) for value in trace.values],
        "codings": {
            piece.spec.name: _coding(piece.coding)
            for piece in plan.pieces
            if piece.coding != Coding()
        },
    }
    # Escaped to ASCII, so that a text that is no Unicode (a path, say) survives too.
    return json.dumps(document, separators=(",", ":"), allow_nan=False)


def _op(op: Op) -> Json:
    try:
        return {
            "name": op.name,
            "kind": op.kind,
            "module": op.module,
            "module_type": op.module_type,
            "module_call": op.module_call,
            "settings": {name: spelled(item) for name, item in op.settings.items()},
            "inputs": [value.id for value in op.inputs],
            "target": op.target,
            "arguments": [[name, spelled(item)] for name, item in op.arguments],
            "writes": list(op.writes),
            "random": op.random,
            "outputs": [value.id for value in op.made],
        }
    except FileError as problem:
        raise FileError(problem.what, where=op.name) from problem


def _value(value: Value, plan: Plan) -> Json:
    spot = plan.spots.get(value.id)
    return {
        "id": value.id,
        "name": value.name,
        "role": value.role,
        "shape": list(value.shape),
        "dtype": value.dtype,
        "strides": list(value.data.strides),
        "tensor": None if spot is None else spot.tensor,
        "view": None
        if spot is None or spot.view is None
        else {"offset": spot.view[0], "strides": list(spot.view[1])},
    }


def _coding(coding: Coding) -> Json:
    return {
        "kind": coding.kind,
        "detail": coding.detail,
        "max_error": coding.max_error,
        "axis": coding.axis,
        "scale": coding.scale,
        "zero": coding.zero,
    }


def _photo(photo: Photo, plan: Plan) -> Json:
    return {
        "tensor": plan.photo,
        "name": photo.name,
        "box": [spelled(float(edge)) for edge in photo.box],
        "original": list(photo.original),
    }


def _declared(trace: Trace, plan: Plan) -> dict[str, str]:
    """What a reader of ``trace.provenance`` is told about the numbers' exactness."""
    if plan.detail == "exact":
        return {}
    coded = [piece for piece in plan.pieces if piece.coding.kind in ("half", "compact")]
    counts = {
        "8 bits": sum(piece.coding.kind == "compact" for piece in coded),
        "float16": sum(piece.coding.kind == "half" for piece in coded),
    }
    parts = ", ".join(f"{count} tensors in {name}" for name, count in counts.items() if count)
    text = f"{plan.detail}: {parts or 'no tensor changed'}, the others exact"
    if coded:
        worst = max(coded, key=lambda piece: piece.coding.max_error)
        text += f"; largest error {worst.coding.max_error:.3g} ({worst.spec.name})"
    before = trace.provenance.get("detail")
    return {"detail": f"{before}; then {text}" if before else text}
