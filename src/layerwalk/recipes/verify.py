"""Check a whole trace: the arithmetic of sampled values against what was recorded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layerwalk.checks import Mismatch, Report, Skipped
from layerwalk.errors import LayerwalkError
from layerwalk.recipes.book import recipe_of, why_not
from layerwalk.recipes.evaluator import work_out
from layerwalk.recipes.recipe import Recipe
from layerwalk.record import EDITED, Op, Trace

__all__ = ["TOLERANCE", "Verification", "verify"]

# Of the sum of the absolute terms, for float32; other types by their precision.
TOLERANCE = 1e-6
# Of narrower types: four roundings to the nearest.
_NARROW = 2.0
_PRECISION = {
    "float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10, "bfloat16": 2.0**-7,
    "complex128": 2.0**-52, "complex64": 2.0**-23,
}  # fmt: skip
_LARGEST = {"float16": 65504.0, "float32": 2.0**128, "bfloat16": 2.0**128}
# Differences that come of underflow, in the result or on the way to it.
_LEAST = {"float16": 2.0**-24, "float64": 2.0**-1022, "complex128": 2.0**-1022}


@dataclass(frozen=True, slots=True)
class Verification(Report):
    """A report of :func:`verify`.

    Attributes
    ----------
    checked
        How many values were recomputed.
    worst
        The largest absolute residue.
    worst_relative
        The largest residue as a share of the sum of the absolute terms.
    worst_op
        Where that was.
    without_recipe
        How many ops of each kind have no recipe.
    failures, skipped
        Ops with a residue that rounding does not explain; ops not checked, with the reason.
    """

    worst_relative: float = 0.0
    worst_op: str = ""
    without_recipe: tuple[tuple[str, int], ...] = ()


def verify(trace: Trace, samples: int = 1000, seed: int = 0) -> Verification:
    """A report on ``samples`` values of the trace, recomputed from what their ops read.

    The samples are spread evenly over the outputs of all ops, at least one each, at places
    drawn by ``seed``. A residue fails that is larger than 1e-6 of the sum of the absolute
    terms (for float32; for narrower types, than four of their roundings), or than 0 where an
    op only moves or selects numbers.

    Raises
    ------
    LayerwalkError
        ``samples`` is not positive.

    Examples
    --------
    >>> import layerwalk as lw
    >>> report = lw.trace(lw.load_model("edges"), "sample:dog").verify()
    >>> report.failures, report.worst_relative < 1e-6
    ((), True)
    """
    if samples < 1:
        raise LayerwalkError(
            f"{samples} samples check nothing", where="verify", mend="ask for 1000"
        )
    random = np.random.default_rng(seed)
    outputs = [(op, output) for op in trace for output in range(len(op.made))]
    each = -(-samples // max(len(outputs), 1))
    tally = _Tally()
    for op, output in outputs:
        tally.check(op, output, each, random)
    return tally.report()


@dataclass(slots=True)
class _Tally:
    """What was found so far."""

    checked: int = 0
    worst: float = 0.0
    share: float = 0.0
    where: str = ""
    failures: list[Mismatch] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    missing: dict[int, str] = field(default_factory=dict)  # kinds, by op

    def check(self, op: Op, output: int, samples: int, random: np.random.Generator) -> None:
        """Recompute some values of one output."""
        made, recipe = op.made[output], recipe_of(op, output)
        if EDITED in op.settings:
            self.skipped.append(Skipped(made.name, "an edit changed what it gave"))
            return
        if recipe is None:
            self.missing[op.index] = op.kind
            self.skipped.append(Skipped(made.name, why_not(op, output)))
            return
        if made.size == 0:
            self.skipped.append(Skipped(made.name, "it is empty"))
            return
        count = samples if made.shape else 1
        at = np.zeros((count, len(made.shape)), dtype=np.int64)
        for axis, length in enumerate(made.shape):
            at[:, axis] = random.integers(0, length, count)
        try:
            residue, share = _residues(op, output, recipe, at)
        except LayerwalkError as error:  # a value that was left out, or changed since
            place = f"{error.where}: " if error.where else ""
            self.skipped.append(Skipped(made.name, f"{place}{error.what}"))
            return
        self.checked += count
        self.worst = max(self.worst, residue)
        if share > self.share:
            self.share, self.where = share, made.name
        if not share <= _allowed(op, output, recipe):
            told = f"off by {residue:.3g}, {share:.2g} of the absolute terms"
            self.failures.append(Mismatch(made.name, told))

    def report(self) -> Verification:
        return Verification(
            self.checked,
            self.worst,
            tuple(self.failures),
            tuple(self.skipped),
            worst_relative=self.share,
            worst_op=self.where,
            without_recipe=tuple(Counter(self.missing.values()).most_common()),
        )


def _allowed(op: Op, output: int, recipe: Recipe) -> float:
    """The largest share of the absolute terms that rounding explains."""
    if recipe.moves:
        return 0.0
    kinds = [op.made[output].dtype, *(value.dtype for value in op.inputs)]
    precision = max((_PRECISION.get(kind, 0.0) for kind in kinds), default=0.0)
    if precision > _PRECISION["float32"]:
        return _NARROW * precision  # sums of narrow types are kept wider and rounded at the end
    return TOLERANCE * precision / _PRECISION["float32"]


def _residues(op: Op, output: int, recipe: Recipe, at: NDArray[np.int64]) -> tuple[float, float]:
    """The largest residue at some places, absolute and as a share of the absolute terms."""
    found = work_out(recipe, [value.array() for value in op.inputs], at)
    made = op.made[output].array()
    recorded = made[tuple(at.T)] if made.shape else np.repeat(made, len(at))
    kind = np.complex128 if recorded.dtype.kind == "c" else np.float64
    recorded, values = recorded.astype(kind), found.values.astype(kind)
    with np.errstate(invalid="ignore"):
        same = (recorded == values) | (np.isnan(recorded) & np.isnan(values))
        apart = np.where(same, 0.0, np.abs(recorded - values))
    apart = np.where(np.isnan(apart), np.inf, apart)
    largest = _LARGEST.get(op.made[output].dtype, np.inf)
    over = np.isinf(recorded) & (np.sign(recorded.real) * values.real > largest * (1 - 1e-3))
    apart = np.where(over, 0.0, apart)  # beyond the type's numbers
    if not recipe.moves:  # underflow: what lies below the type's numbers is 0 there
        apart = np.where(apart < _LEAST.get(op.made[output].dtype, 1e-35), 0.0, apart)
    tiny = np.finfo(np.float32).tiny
    share = np.where(apart > 0, apart / np.maximum(np.abs(found.scales), tiny), 0.0)
    return float(apart.max(initial=0.0)), float(share.max(initial=0.0))
