"""Which values of a trace a report keeps; the others are worked out in the page.

Convolutions and products are kept: working one out again takes many millions of multiplications.
What follows them (batch norm, activation, sum, pooling, concatenation) is made by a few steps a
number, and their recipes stand in the report: recomputed, they are as exact as if kept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from layerwalk.recipes.book import recipe_of
from layerwalk.recipes.expression import reads_in
from layerwalk.recipes.recipe import Recipe
from layerwalk.record import EDITED, Op, Trace, Value

__all__ = ["Plan", "Weights", "plan_report"]

Weights: TypeAlias = Literal["some", "all", "none"]

_FEW_STEPS = 64  # for one number: a 7 x 7 pooling has 49
_FEW_PRODUCTS = 25  # a depthwise convolution of 5 x 5
_MOST_PRODUCTS = 5_000_000  # for a whole map: a tenth of a second in a page
_ROOM = 500_000  # weights of a report that has some of them


@dataclass(frozen=True, slots=True)
class Plan:
    """What a report keeps.

    Attributes
    ----------
    kept
        The values whose numbers are in the file, by id.
    recomputed
        The results that the page works out from those.
    left_out
        The weights that are not in the file: their ops show no arithmetic.
    """

    kept: tuple[Value, ...]
    recomputed: tuple[Value, ...]
    left_out: tuple[Value, ...]


def plan_report(trace: Trace, weights: Weights = "some") -> Plan:
    """What of a trace goes into its report.

    Parameters
    ----------
    weights
        ``"all"``, ``"none"``, or ``"some"``: the smallest, as long as they are not more than
        half a million numbers together. What a recomputed value needs is kept in any case.

    Examples
    --------
    >>> import layerwalk as lw
    >>> plan = plan_report(lw.trace(lw.load_model("edges"), "sample:dog"))
    >>> [value.name for value in plan.kept], [value.name for value in plan.recomputed]
    (['conv.weight', 'input', 'conv'], ['relu', 'pool'])
    """
    kept: dict[int, Value] = {value.id: value for value in trace.inputs}
    recomputed: list[Value] = []
    for op in trace.ops:
        for output, value in enumerate(op.outputs):
            # What an edit changed in it afterwards, its recipe does not say.
            known = not op.random and EDITED not in op.settings
            recipe = recipe_of(op, output) if known else None
            if recipe is not None and _is_quick(op, value, recipe):
                recomputed.append(value)
                read = {op.inputs[read.operand] for read in recipe.reads}
                kept.update((one.id, one) for one in read if one.role != "result")
            else:
                kept[value.id] = value
    rest = {
        value.id: value
        for op in trace.ops
        for value in op.inputs
        if value.role != "result" and value.id not in kept
    }
    chosen = _chosen(list(rest.values()), weights)
    kept.update((value.id, value) for value in chosen)
    return Plan(
        kept=tuple(kept[key] for key in sorted(kept)),
        recomputed=tuple(recomputed),
        left_out=tuple(value for key, value in sorted(rest.items()) if key not in kept),
    )


def _is_quick(op: Op, value: Value, recipe: Recipe) -> bool:
    """Whether a page works the value out in no time, from numbers of the types it knows."""
    read = [op.inputs[one.operand] for one in recipe.reads]
    if any("complex" in one.dtype for one in (value, *read)):
        return False
    # Whole numbers and truth values are small and exact: keeping them is simpler.
    if not value.dtype.startswith(("float", "bfloat")) or not read:
        return False
    steps = sum(
        math.prod(length for _, length in (*step.loops, *step.each)) for step in recipe.steps
    )
    main = recipe.main
    if main is not None and main.combine == "sum" and len(reads_in(main.term)) > 1:
        # A convolution or a product: quick only where each channel is read alone.
        return steps <= _FEW_PRODUCTS and steps * value.size <= _MOST_PRODUCTS
    return steps <= _FEW_STEPS


def _chosen(values: list[Value], weights: Weights) -> list[Value]:
    if weights == "all":
        return values
    chosen: list[Value] = []
    room = 0 if weights == "none" else _ROOM
    for value in sorted(values, key=lambda one: (one.size, one.id)):
        room -= value.size
        if room < 0:
            break
        chosen.append(value)
    return chosen
