"""A recorded training: what there is of it, how it went, and what its steps hold."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, Literal

import numpy as np

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.runs import Evaluation, WeightUpdate
from layerwalk.surfaces.answer.binary import Binary, binary
from layerwalk.surfaces.answer.tensor import tensor
from layerwalk.surfaces.answer.thinning import thinned
from layerwalk.surfaces.library import Library, OpenRun
from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.wire import (
    AskEvaluation,
    AskMistakes,
    AskRun,
    AskSeries,
    AskTensor,
    AskThrough,
    AskWhy,
    EvaluationSheet,
    MistakeSheet,
    RunSheet,
    SeriesSheet,
    UpdateTerm,
    WhySheet,
)

__all__ = [
    "evaluation",
    "evaluation_sheet",
    "mistakes",
    "run",
    "series",
    "series_sheets",
    "through",
    "why",
]

_MOST_PARTS: Final = 4000
_MOST_NUMBERS: Final = 1 << 24


def run(library: Library, ask: AskRun) -> RunSheet:
    """What there is of a run by now.

    Raises
    ------
    LayerwalkError
        There is no such run, or it cannot be read.
    """
    return library.run(ask.run).sheet()


def series(library: Library, ask: AskSeries) -> tuple[SeriesSheet, ...]:
    """How everything that was measured went, in points that show in a drawing.

    Raises
    ------
    LayerwalkError
        There is no such run, or its metrics cannot be read.
    """
    if not 1 <= ask.most <= _MOST_PARTS:
        raise RequestError(f"a drawing has 1 to {_MOST_PARTS:,} parts", where="most")
    return series_sheets(library.run(ask.run), [ask.scale], ask.most)


def series_sheets(
    opened: OpenRun, scales: Iterable[Literal["log", "linear"]], most: int
) -> tuple[SeriesSheet, ...]:
    """The series of a run, thinned for drawings of these scales."""
    found = []
    for one in opened.series().values():
        kept = np.unique(np.concatenate([thinned(one, scale, most) for scale in scales]))
        values = tuple(map(_number, one.values[kept].tolist()))
        found.append(SeriesSheet(one.name, tuple(one.steps[kept].tolist()), values, len(one)))
    return tuple(found)


def evaluation(library: Library, ask: AskEvaluation) -> EvaluationSheet:
    """What the network got right and wrong after a step.

    Raises
    ------
    LayerwalkError
        There is no such run, or it was not evaluated then.
    """
    return evaluation_sheet(library.run(ask.run).run.evaluation(ask.step))


def evaluation_sheet(found: Evaluation) -> EvaluationSheet:
    """An evaluation as the page is told of it, but for the pictures."""
    worst = found.worst
    rows = zip(
        *(getattr(worst, name).tolist() for name in ("index", "label", "predicted")),
        *(getattr(worst, name).tolist() for name in ("probability", "truth")),
        strict=True,
    )
    return EvaluationSheet(
        step=found.step,
        confusion=tuple(map(tuple, found.confusion.tolist())),
        loss=_number(found.loss),
        accuracy=_number(found.accuracy),
        count=found.count,
        worst=tuple(MistakeSheet(*row) for row in rows),
    )


def mistakes(library: Library, ask: AskMistakes) -> Binary:
    """The pictures of the worst mistakes after a step.

    Raises
    ------
    LayerwalkError
        There is no such run, or it was not evaluated then.
    """
    return binary(library.run(ask.run).run.evaluation(ask.step).worst.pictures)


def through(library: Library, ask: AskThrough) -> Binary:
    """The numbers of a value, or of a part of it, at every stored step up to one.

    Raises
    ------
    LayerwalkError
        There is no such run, value or region; or that is more than a page can hold.
    """
    steps = [name for step, name in library.run(ask.run).steps().items() if step <= ask.until]
    if not steps:
        raise NotFoundError("no step is stored", where=f"up to {ask.until}")
    first = tensor(library, AskTensor(steps[0], ask.value, ask.region)).array
    if first.size * len(steps) > _MOST_NUMBERS:
        what = f"{first.size:,} numbers at {len(steps)} steps are too many at once"
        raise RequestError(what, where="region", mend="ask for a part")
    rest = [tensor(library, AskTensor(name, ask.value, ask.region)).array for name in steps[1:]]
    return binary(np.stack([first, *rest]))


def why(library: Library, ask: AskWhy) -> WhySheet:
    """How the optimiser changed one weight after a step.

    Raises
    ------
    LayerwalkError
        There is no such run or weight, or the update was not kept.
    """
    recorded = library.run(ask.run).run
    if recorded.description.optimizer is None:
        raise LayerwalkError(
            "how weights were updated was not recorded",
            where=recorded.name,
            mend="pass the optimizer to lw.watch",
        )
    return _why(recorded.why(ask.parameter, ask.index, ask.step))


def _why(found: WeightUpdate) -> WhySheet:
    terms = (UpdateTerm(one.name, one.formula, _number(one.value)) for one in found.terms)
    return WhySheet(
        parameter=found.name,
        index=found.index,
        step=found.step,
        optimizer=found.optimizer,
        before=_number(found.before),
        gradient=_number(found.gradient),
        terms=tuple(terms),
        computed=_number(found.computed),
        after=_number(found.after),
        residue=_number(found.residue),
    )


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
