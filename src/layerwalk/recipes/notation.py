"""Recipes as JSON, for a file and for a page without Python.

The form is that of the dataclasses: an expression is a number, a name or a list that begins
with a function's name; numbers that JSON has no word for are ``["number", "inf"]``.
"""

from __future__ import annotations

import json
import math
from typing import Any, TypeAlias

from layerwalk.recipes.book import recipe_of
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Axis, Read, Recipe, Step
from layerwalk.record import Trace

__all__ = ["VERSION", "from_plain", "notated", "to_plain"]

Plain: TypeAlias = Any
VERSION = 1


def notated(trace: Trace) -> str:
    """All recipes of a trace as JSON: ``{"version", "recipes", "ops"}``.

    ``ops`` has for each op, for each of its outputs, the place of its recipe in
    ``recipes``, or null. What several ops share is written once.

    Examples
    --------
    >>> import json
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> json.loads(notated(trace))["ops"]
    [[0], [1], [2]]
    """
    places: dict[str, int] = {}
    ops: list[list[int | None]] = []
    for op in trace:
        row: list[int | None] = []
        for output in range(len(op.made)):
            recipe = recipe_of(op, output)
            if recipe is None:
                row.append(None)
                continue
            text = json.dumps(to_plain(recipe), separators=(",", ":"), allow_nan=False)
            row.append(places.setdefault(text, len(places)))
        ops.append(row)
    listed = json.dumps(ops, separators=(",", ":"))
    return f'{{"version":{VERSION},"recipes":[{",".join(places)}],"ops":{listed}}}'


def to_plain(recipe: Recipe) -> dict[str, Plain]:
    """The recipe as lists, tables, texts and numbers; what is empty is left out."""
    reads = []
    for read in recipe.reads:
        entry: dict[str, Plain] = {
            "operand": read.operand,
            "index": [_plain(part) for part in read.index],
        }
        if read.beyond is not None:
            entry["beyond"] = read.beyond if read.beyond == "skip" else _plain(read.beyond)
        if read.limits is not None:
            entry["limits"] = [list(pair) for pair in read.limits]
        reads.append(entry)
    steps = []
    for step in recipe.steps:
        entry = {
            "name": step.name,
            "loops": [list(axis) for axis in step.loops],
            "combine": step.combine,
            "term": _plain(step.term),
        }
        if step.each:
            entry["each"] = [list(axis) for axis in step.each]
        steps.append(entry)
    found: dict[str, Plain] = {
        "axes": [list(axis) for axis in recipe.axes],
        "reads": reads,
        "steps": steps,
        "result": _plain(recipe.result),
    }
    if recipe.tables:
        found["tables"] = [_plain(table) for table in recipe.tables]
    if recipe.forms:
        found["forms"] = [[name, _plain(form)] for name, form in recipe.forms]
    return found


def from_plain(plain: dict[str, Plain]) -> Recipe:
    """The recipe that :func:`to_plain` wrote down."""
    return Recipe(
        axes=_axes(plain["axes"]),
        reads=tuple(
            Read(
                read["operand"],
                tuple(_expression(part) for part in read["index"]),
                _beyond(read.get("beyond")),
                tuple((low, high) for low, high in read["limits"]) if "limits" in read else None,
            )
            for read in plain["reads"]
        ),
        steps=tuple(
            Step(
                step["name"],
                _axes(step["loops"]),
                step["combine"],
                _expression(step["term"]),
                _axes(step.get("each", ())),
            )
            for step in plain["steps"]
        ),
        result=_expression(plain["result"]),
        tables=tuple(_expression(table) for table in plain.get("tables", ())),
        forms=tuple((name, _expression(form)) for name, form in plain.get("forms", ())),
    )


def _axes(plain: Plain) -> tuple[Axis, ...]:
    return tuple((name, length) for name, length in plain)


def _beyond(plain: Plain) -> Any:
    return plain if plain in (None, "skip") else _expression(plain)


def _plain(expression: Expression) -> Plain:
    if isinstance(expression, tuple):
        return [_plain(part) for part in expression]
    if isinstance(expression, float) and not math.isfinite(expression):
        return ["number", str(expression)]
    return expression


def _expression(plain: Plain) -> Any:
    if not isinstance(plain, list):
        return plain
    if plain[:1] == ["number"]:
        return float(plain[1])
    return tuple(_expression(part) for part in plain)
