"""How much of a whole network has recipes, and whether they are true."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from layerwalk.recipes.book import has_recipe
from layerwalk.recipes.verify import verify
from layerwalk.record import Op, Trace

__all__ = ["Known", "recipes_of"]

_PRODUCTS = ("matmul", "bmm", "einsum", "baddbmm")


@dataclass(frozen=True)
class Known:
    """What the recipes know of one network.

    ``missing`` counts the ops without a recipe by kind, ``share`` is the worst residue of
    ``checked`` values as a part of the absolute terms (in ``where``), ``wrong`` says which
    ops failed. A network ``attends`` where it multiplies what it made by what it made.
    """

    known: int
    missing: tuple[tuple[str, int], ...]
    checked: int
    share: float
    where: str
    wrong: tuple[str, ...]
    attends: bool


def recipes_of(trace: Trace, samples: int = 1000) -> Known:
    """What the recipes know of a trace, with that many values recomputed."""
    missing = Counter(op.kind for op in trace if not has_recipe(op))
    report = verify(trace, samples=samples)
    return Known(
        known=len(trace) - missing.total(),
        missing=tuple(sorted(missing.items())),
        checked=report.checked,
        share=report.worst_relative,
        where=report.worst_op,
        wrong=tuple(f"{failure.op}: {failure.message}" for failure in report.failures),
        attends=any(_attends(op) for op in trace),
    )


def _attends(op: Op) -> bool:
    made = sum(value.role == "result" for value in op.inputs)
    return op.kind == "scaled_dot_product_attention" or (op.kind in _PRODUCTS and made >= 2)
