"""Accuracy against size: each network of a comparison trained at several widths."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path

from layerwalk.errors import ModelError
from layerwalk.learn.contest.contender import Contender
from layerwalk.learn.contest.course import Course
from layerwalk.learn.contest.result import SweepPoint
from layerwalk.learn.contest.wider import count_parameters, widen_to
from layerwalk.recipes.multiply_adds import multiply_adds

__all__ = ["sizes", "sweep_networks"]

_SMALLEST = 5_000
_NEAR = 1.25  # a size so near to the network's own is that of the network itself


def sizes(parameters: tuple[int, int], count: int) -> list[int]:
    """How many parameters the networks of a sweep are to have, evenly on a log scale.

    >>> sizes((669_706, 61_706), 4)
    [5000, 25582, 130892, 669706]
    """
    largest = max(parameters)
    smallest = min(_SMALLEST, largest)
    if count == 1:
        return [largest]
    step = (largest / smallest) ** (1 / (count - 1))
    return [round(smallest * step**at) for at in range(count)]


def sweep_networks(course: Course, count: int, seconds: float | None) -> None:
    """Train both networks at ``count`` sizes, small ones first, taking turns.

    Their own sizes are not trained again. Only the numbers are kept of these trainings.
    """
    begun = time.monotonic()
    for side, contestant in zip(course.sides, course.found.contestants, strict=True):
        if contestant.accuracy is not None:
            point = SweepPoint(
                side.name, 1.0, contestant.parameters, contestant.multiply_adds, contestant.accuracy
            )
            course.found = replace(course.found, sweep=(*course.found.sweep, point))
    wanted = sizes((course.sides[0].parameters, course.sides[1].parameters), count)
    turns = [(side, size) for size in wanted for side in course.sides]
    for at, (side, size) in enumerate(turns):
        if seconds is not None and time.monotonic() - begun > seconds:
            course.note(
                f"the sweep stopped after {seconds:g} seconds, {at} of {len(turns)} sizes done."
            )
            break
        _one(course, side, size)
    course.keep()


def _one(course: Course, side: Contender, size: int) -> None:
    if 1 / _NEAR < size / side.parameters < _NEAR:
        return
    try:
        factor, module = widen_to(side.model.module, size, side.images(2))
    except ModelError as reason:
        course.note(f"{side.name} is in the sweep at its own size only: {reason.what}.")
        return
    count = count_parameters(module)
    if any(one.network == side.name and one.parameters == count for one in course.found.sweep):
        return
    model = side.fresh(course.plan.seed, module)
    with tempfile.TemporaryDirectory() as folder:
        what = f"training {side.name} of {count:,} parameters"
        run = course.trained(model, side.data, what, "run", Path(folder))
        accuracy = run.evaluation(run.evaluated[-1]).accuracy
    work = multiply_adds(side.walk(model, side.data.picture(0))).total
    point = SweepPoint(side.name, factor, count, work, accuracy)
    course.found = replace(course.found, sweep=(*course.found.sweep, point))
    course.keep()
