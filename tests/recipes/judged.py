"""Judge a recipe by the framework: every value of an op, worked out anew from what it read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from layerwalk.capture import record
from layerwalk.recipes.book import recipe_of, why_not
from layerwalk.recipes.evaluator import work_out
from layerwalk.recipes.recipe import Recipe
from layerwalk.record import Op, Trace

__all__ = ["judged", "places_of", "recipe_for", "traced"]

# As many float32 roundings as verify allows: 1e-6 of the sum of the absolute terms.
_TOLERANCE = 1e-6
_PRECISION = {"float64": 2.0**-52, "float16": 2.0**-10, "bfloat16": 2.0**-7,
              "complex128": 2.0**-52}  # fmt: skip


class _Asked(torch.nn.Module):
    """A function as a network of its own."""

    def __init__(self, asked: Callable[..., Any]) -> None:
        super().__init__()
        self.asked = asked

    def forward(self, *given: Any) -> Any:
        return self.asked(*given)


def traced(asked: Callable[..., Any], *given: Any) -> Trace:
    """The trace of a function or a module called with ``given``."""
    module = asked if isinstance(asked, torch.nn.Module) else _Asked(asked)
    trace = record(module, given)
    assert trace.failure is None, trace.failure
    return trace


def judged(
    asked: Callable[..., Any],
    *given: Any,
    kind: str,
    outputs: Sequence[int] | None = None,
    samples: int = 400,
    moves: bool | None = None,
    tolerance: float = _TOLERANCE,
    seed: int = 0,
) -> Trace:
    """The trace of ``asked(*given)``, after every op of a kind was worked out by its recipe.

    Every output (or those named) is recomputed in float64 at all of its places, or at
    ``samples`` random ones where there are more. The residue may be ``tolerance`` of the sum
    of the absolute terms (for float32; by the precision of the type otherwise), and has to be
    0 where the recipe only moves values. ``moves`` says whether it has to be such a recipe.
    """
    trace = traced(asked, *given)
    found = [op for op in trace if op.kind == kind]
    assert found, f"no {kind} among {[op.kind for op in trace]}"
    for op in found:
        for output in range(len(op.made)) if outputs is None else outputs:
            recipe = recipe_for(op, output)
            if moves is not None:
                assert recipe.moves is moves, f"{op.target} moves: {recipe.moves}"
            _judge(op, output, recipe, samples, tolerance, seed)
    return trace


def recipe_for(op: Op, output: int = 0) -> Recipe:
    """The recipe of an op's output; a failed test where there is none."""
    recipe = recipe_of(op, output)
    assert recipe is not None, f"{op.target} {dict(op.arguments)}: {why_not(op, output)}"
    assert tuple(length for _, length in recipe.axes) == op.made[output].shape
    return recipe


def places_of(shape: tuple[int, ...], samples: int, seed: int = 0) -> NDArray[np.int64]:
    """All places of a shape, or ``samples`` random ones where there are more: (K, axes)."""
    size = int(np.prod(shape, dtype=np.int64))
    if size <= samples:
        flat = np.arange(size)
    else:
        flat = np.random.default_rng(seed).integers(0, size, samples)
    places = np.unravel_index(flat, shape) if shape else ()
    return np.stack(places, 1) if places else np.zeros((size, 0), dtype=np.int64)


def _judge(  # noqa: PLR0917 - one sentence's worth
    op: Op, output: int, recipe: Recipe, samples: int, tolerance: float, seed: int
) -> None:
    made = op.made[output]
    at = places_of(made.shape, samples, seed)
    work = work_out(recipe, [value.array() for value in op.inputs], at)
    recorded = made.array()[tuple(at.T)] if made.shape else np.repeat(made.array(), len(at))
    kind = np.complex128 if recorded.dtype.kind == "c" else np.float64
    recorded, values = recorded.astype(kind), work.values.astype(kind)
    same = (recorded == values) | (np.isnan(recorded) & np.isnan(values))
    # Beyond the ends of half precision lies infinity.
    if made.dtype == "float16":
        same |= np.isinf(recorded) & (np.sign(recorded) * values > 65504)
    with np.errstate(invalid="ignore"):
        residue = np.where(same, 0.0, np.abs(recorded - values))
    if recipe.moves or not tolerance:
        allowed: Any = np.zeros(len(at))
    else:
        types = [made.dtype, *(value.dtype for value in op.inputs)]
        wide = all(_PRECISION.get(name, 0) == 2.0**-52 for name in types if "float" in name)
        coarsest = max((_PRECISION.get(name, 0.0) for name in types), default=0.0)
        share = coarsest if wide and coarsest else max(coarsest, 2.0**-23)
        allowed = tolerance * share / 2.0**-23 * np.abs(work.scales)
        allowed = np.maximum(allowed, 2.0**-24 if made.dtype == "float16" else 1e-35)
    worst = int(np.argmax(np.where(residue <= allowed, 0, 1))) if len(at) else 0
    assert np.all(residue <= allowed), (
        f"{op.target} output {output} at {tuple(at[worst])}: recorded {recorded[worst]!r}, "
        f"worked out {values[worst]!r}, scale {work.scales[worst]!r}"
    )
